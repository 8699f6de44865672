"""`python -m benchmarks.tables`: writes the benchmarks' results into the pages that show them.

Each table stands between ``<!-- table: name -->`` and ``<!-- end -->``, and holds nothing that is
not in `benchmarks/results`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = (
    ROOT / "docs" / "generator.md",
    ROOT / "docs" / "recommender.md",
    ROOT / "README.md",
)
RESULTS: Final = ROOT / "benchmarks" / "results"
SLOT: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
STAGES: Final = ("compose", "synth", "master", "mp3", "pictures", "midi", "total", "worst")
BANDS: Final = ("sub", "bass", "low_mid", "mid", "high", "air")


def written(page: str) -> str:
    """The page with every table as the results have it."""
    return SLOT.sub(lambda slot: slot[1] + TABLES[slot[2]]() + slot[3], page)


def _results(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return document["results"]


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (header, rule, *rows))


def _styles() -> str:
    rows = []
    for slug, row in _results("styles")["styles"].items():
        low, high = row["tempo"]
        rows.append(
            [slug, f"{low}-{high}", f"{row['lufs_furthest']:.2f}", f"{row['dbtp']:.1f}"]
            + [f"{row[band]:.1f}" for band in BANDS]
            + [f"{row['off_target']:.1f}", f"{row['side_mid']:.1f}"]
            + [f"{row['tempo_right']:.0%}", f"{row['keys_right']:.0%}"]
        )
    names = [band.replace("_", "-") for band in BANDS]
    header = ["style", "bpm", "LUFS", "dBTP", *names, "off", "side/mid", "tempo", "key"]
    return _markdown(header, rows)


def _listener() -> str:
    results = _results("styles")
    rows = [
        [sense, f"{share:.0%}", f"{results['guessing']:.0%}"]
        for sense, share in results["told_apart"].items()
    ]
    return _markdown(["told apart by", "right", "guessing"], rows)


def _generator() -> str:
    rows = [
        [slug, f"{row['audio_seconds']:.0f}", str(row["parts"])]
        + [f"{row['cpu_seconds'][stage]:.2f}" for stage in STAGES]
        + [f"{row['five_parts_to_mp3']['median']:.2f}"]
        + [f"{row['cpu_per_audio_second']:.3f}", f"{row['peak_megabytes']:.0f}"]
        + [f"{row['general_midi_ratio']:.1f}" if "general_midi_ratio" in row else "not measured"]
        for slug, row in _results("generator")["styles"].items()
    ]
    stages = [*STAGES[:-2], "all", "worst seed"]
    return _markdown(
        ["style", "audio s", "parts", *stages, "five to MP3", "s per s", "peak MB", "GM ratio"],
        rows,
    )


def _learned() -> str:
    rows = []
    for model, row in _results("learned")["bits_per_token"].items():
        orders = [f"{row[order]:.2f}" if order in row else "" for order in "0123"]
        shipped = row["shipped_order"]
        if shipped is not None:
            orders[shipped] = f"**{orders[shipped]}**"
        rows.append([model, f"{row['untrained']:.2f}", *orders])
    return _markdown(["bits a token; bold ships", "untrained", "order 0", "1", "2", "3"], rows)


def _copying() -> str:
    shares = _results("learned")["copied_share"]
    runs = list(next(iter(shares.values())))
    rows = [[line, *(f"{row[run]:.4f}" for run in runs)] for line, row in shares.items()]
    return _markdown(["share of runs found in the corpus", *(f"{run} notes" for run in runs)], rows)


def _recommender() -> str:
    header = ["model", "Recall@20", "NDCG@10", "NDCG@20", "coverage", "novelty", "diversity"]
    rows = []
    for protocol, outcome in _results("recommender")["protocols"].items():
        asked = f"**{protocol}** ({outcome['cases']:,} asked)"
        rows.append([asked, *[""] * (len(header) + 1)])
        for model, row in outcome["models"].items():
            means = [_mean(row[name]) for name in ("recall@20", "ndcg@10", "ndcg@20")]
            rest = [f"{row['coverage@20']:.3f}", f"{row['novelty_bits']:.1f}"]
            rest += [f"{row['diversity']:.3f}", f"{row['fit_cpu_seconds']:.1f}"]
            rows.append([model, *means, *rest, f"{row['score_ms']:.2f}"])
    return _markdown([*header, "fit CPU s", "score ms"], rows)


def _mean(mean: dict[str, float]) -> str:
    return f"{mean['mean']:.3f} ± {mean['error']:.3f}"


def _over_peers() -> str:
    rows = []
    for protocol, outcome in _results("recommender")["protocols"].items():
        found, mine = outcome["over_best_peer"], outcome["models"]["Nightjar"]
        gain = f"{found['gain']['mean']:+.4f} ± {found['gain']['error']:.4f}"
        measure = found["measure"].replace("ndcg", "NDCG").replace("recall", "Recall")
        covered = f"{mine['coverage@20']:.3f}"
        rows.append([protocol, measure, found["peer"], f"{found['ratio']:.3f}", gain, covered])
    return _markdown(["protocol", "measure", "best peer", "ratio", "paired gain", "coverage"], rows)


def _recommender_short() -> str:
    protocols = _results("recommender")["protocols"]
    shown = {name: "recall@20" if "artists" in name else "ndcg@20" for name in protocols}
    rows = []
    for model in protocols["warm"]["models"]:
        cells = [
            f"{outcome['models'][model][shown[name]]['mean']:.3f}"
            if model in outcome["models"]
            else ""
            for name, outcome in protocols.items()
        ]
        rows.append([model, *cells])
    rows[-1] = [f"**{cell}**" for cell in rows[-1]]
    measures = {"recall@20": "Recall@20", "ndcg@20": "NDCG@20"}
    return _markdown(["", *(f"{name}, {measures[of]}" for name, of in shown.items())], rows)


def _recommender_speed() -> str:
    rows = [
        [length, f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}"]
        for length, row in _results("serving")["starter"]["lengths"].items()
    ]
    return _markdown(["artists in the list", "p50 ms", "p95 ms"], rows)


def _serving() -> str:
    rows = [
        [f"{int(size):,}"]
        + [f"{row[name]:.1f}" for name in ("p50_ms", "p95_ms", "plain_p50_ms", "plain_p95_ms")]
        + [f"{row['load_seconds']:.2f}", f"{row['rss_megabytes']:.0f}"]
        for size, row in _results("serving")["serving"].items()
    ]
    return _markdown(
        ["artists", "p50 ms", "p95 ms", "NumPy p50 ms", "NumPy p95 ms", "load s", "MB"], rows
    )


def _training() -> str:
    rows = [
        [f"{int(pairs):,}", f"{seconds:.2f}", f"{1e6 * seconds / int(pairs):.0f}"]
        for pairs, seconds in _results("serving")["training_cpu_seconds"].items()
    ]
    return _markdown(["(listener, artist) pairs", "CPU s", "µs a pair"], rows)


TABLES: Final[dict[str, Callable[[], str]]] = {
    "styles": _styles,
    "listener": _listener,
    "generator": _generator,
    "learned": _learned,
    "copying": _copying,
    "recommender": _recommender,
    "recommender_over_peers": _over_peers,
    "recommender_short": _recommender_short,
    "recommender_speed": _recommender_speed,
    "serving": _serving,
    "training": _training,
}


def main() -> int:
    for page in PAGES:
        page.write_text(written(page.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
