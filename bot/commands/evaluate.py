"""`nightjar evaluate`."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.progress import bar
from bot.commands.session import begin, print_json, stdout
from bot.commands.skips import as_lists, say_skips
from bot.errors import UserError
from bot.refusals import refusals_shown
from recommender.evaluation.document import document
from recommender.evaluation.listening import Listening
from recommender.evaluation.metrics import Mean
from recommender.evaluation.run import SEED, Figures, Outcome, Report
from recommender.evaluation.run import evaluate as run_evaluation
from recommender.plays import PlayTable, TagTable, read_plays, read_tags

WIDTH = 136


def evaluate(
    *, plays: Path | None, tags: Path | None, seed: int | None, quick: bool, as_json: bool
) -> None:
    """Compares Nightjar with its peers on the listening in ``plays``, and prints one table."""
    begin(quiet=True)
    if plays is None:
        raise UserError("There is nothing to evaluate on; give the listening, --plays plays.csv.")
    if seed is not None and seed < 0:
        raise UserError("A seed is a whole number from 0 up.")
    with refusals_shown():
        listened = read_plays(plays)
        tagged = read_tags(tags) if tags else None
        tables: dict[str, PlayTable | TagTable] = {plays.name: listened}
        if tags and tagged:
            tables[tags.name] = tagged
        listening = Listening.of(listened.rows, tagged.rows if tagged else {})
        with bar("Evaluating") as progress:
            report = run_evaluation(
                listening, seed=SEED if seed is None else seed, quick=quick, progress=progress
            )
    if as_json:
        print_json(document(report) | {"skipped": as_lists(tables)})
        return
    print_report(report, stdout())
    say_skips(tables)


def print_report(report: Report, console: Console) -> None:
    """The table, and below it what every protocol says of Nightjar and its best peer."""
    console.width = max(WIDTH, console.width)
    console.print(_table(report), soft_wrap=False)
    for outcome in report.outcomes:
        console.print(_compared(outcome))
    console.print(
        f"{report.listeners:,} listeners, {report.artists:,} artists ({report.tagged:,} tagged),"
        f" {report.pairs:,} pairs; seed {report.seed}."
        " In brackets the listeners asked; ± is one standard error over them."
    )


def _table(report: Report) -> Table:
    tagged = report.tagged > 0
    names = ["Recall@20", "NDCG@10", "NDCG@20", "coverage", "novelty"]
    names += ["diversity"] if tagged else []
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("model", no_wrap=True)
    for name in [*names, "fit CPU s", "score ms"]:
        table.add_column(name, justify="right", no_wrap=True)
    for outcome in report.outcomes:
        table.add_section()
        table.add_row(Text(f"{outcome.protocol} ({outcome.cases:,})", style="bold"))
        for row in outcome.rows:
            table.add_row(f"  {row.model}", *_cells(row, tagged=tagged))
    return table


def _cells(row: Figures, *, tagged: bool) -> list[str]:
    cells = [_mean(row.recall), _mean(row.short_ndcg), _mean(row.ndcg)]
    cells += [f"{row.shown.coverage:.3f}", f"{row.shown.novelty:.1f}"]
    if tagged:
        cells.append("" if row.shown.diversity is None else f"{row.shown.diversity:.3f}")
    return [*cells, f"{row.fit_seconds:.1f}", f"{row.score_ms:.2f}"]


def _mean(mean: Mean) -> str:
    return f"{mean.value:.3f} ± {mean.error:.3f}"


def _compared(outcome: Outcome) -> str:
    found = outcome.comparison
    measure = found.measure.replace("ndcg", "NDCG").replace("recall", "Recall")
    return (
        f"{outcome.protocol}: {measure} {found.ratio:.3f} times {found.peer}, the best peer;"
        f" paired gain {found.gain.value:+.4f} ± {found.gain.error:.4f}"
    )
