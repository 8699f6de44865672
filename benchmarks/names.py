"""Names as people type them, among a hundred thousand: autocomplete, lookup and "did you mean".

The names are the starter catalogue's and others put together from its words, some with a letter
changed, so that there are many near misses. *Typed* are beginnings, *slips* whole names with a
letter dropped, changed or swapped, *strangers* names that nobody has. Peers, in the same run: a
plain RapidFuzz `process.extract` over all names, with the same scorer as Nightjar's and with
RapidFuzz' default one; neither folds case or accents or knows the beginnings of words. Times are of
the thread, on one core.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from recommender.catalogue import load_starter
from recommender.names import NameIndex

COUNT = 100_000
QUESTIONS = 300
SLOW_QUESTIONS = 30
SEED = 2026
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Search = Callable[[str], object]


def run() -> dict[str, Any]:
    """Runs everything, in about a minute: milliseconds by search and kind of text."""
    draw = random.Random(SEED)
    names = _names(draw)
    index, results = _prepared(names)
    asked = draw.sample(names, QUESTIONS)
    slips = [_slip(name, draw) for name in asked]
    beginnings = [name[: draw.randint(1, len(name))] for name in asked]
    strangers = ["zq" + name[::-1] for name in asked]
    results["found"] = _found(index, asked, slips)
    searches: dict[str, tuple[Search, list[str]]] = {
        "autocomplete, typed": (index.suggest, beginnings),
        "autocomplete, slips": (index.suggest, slips),
        "find, slips": (index.find, slips),
        "find, strangers": (index.find, strangers),
        "did you mean, slips": (index.nearest, slips),
        "did you mean, strangers": (index.nearest, strangers),
        "extract, same scorer": (lambda text: _extract(text, names, fuzz.ratio), slips),
        "extract, default scorer": (
            lambda text: _extract(text, names, fuzz.WRatio),
            slips[:SLOW_QUESTIONS],
        ),
    }
    times = {name: _times(search, texts) for name, (search, texts) in searches.items()}
    peers = {name: row["p95_ms"] for name, row in times.items() if name.startswith("extract")}
    for row in times.values():
        row |= {f"times {name}": round(row["p95_ms"] / p95, 3) for name, p95 in peers.items()}
    results["milliseconds"] = times
    _show(results)
    return results


def _prepared(names: list[str]) -> tuple[NameIndex, dict[str, Any]]:
    """The index with everything a search needs, and what that took."""
    before = _peak_megabytes()
    start = time.process_time()
    index = NameIndex(names)
    built = time.process_time()
    index.prepare()
    return index, {
        "names": len(names),
        "build_cpu_seconds": round(built - start, 2),
        "prepare_cpu_seconds": round(time.process_time() - built, 2),
        "index_megabytes": round(_peak_megabytes() - before, 1),
    }


def _names(draw: random.Random) -> list[str]:
    known = [artist.name for artist in load_starter().catalogue]
    words = sorted({word for name in known for word in name.split()})
    names = dict.fromkeys(known)
    while len(names) < COUNT:
        chosen = [draw.choice(words) for _ in range(draw.choice((1, 2, 2, 2, 3, 3, 4)))]
        if draw.random() < 0.5:
            chosen[0] = _slip(chosen[0], draw)
        names[" ".join(chosen)] = None
    return list(names)


def _slip(name: str, draw: random.Random) -> str:
    """``name`` with one letter dropped, changed, or in the place of its neighbour."""
    at = draw.randrange(len(name))
    kind = draw.choice(("dropped", "changed", "swapped"))
    if kind == "dropped" and len(name) > 3:
        return name[:at] + name[at + 1 :]
    if kind == "swapped" and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + draw.choice(LETTERS) + name[at + 1 :]


def _found(index: NameIndex, asked: list[str], slips: list[str]) -> dict[str, float]:
    """The share of slips whose artist is offered, and is offered first."""
    offered = [[index.names[at] for at in index.suggest(slip)] for slip in slips]
    pairs = list(zip(asked, offered, strict=True))
    anywhere = sum(name in shown for name, shown in pairs)
    first = sum([name] == shown[:1] for name, shown in pairs)
    return {
        "slips_offered": round(anywhere / len(pairs), 3),
        "slips_offered_first": round(first / len(pairs), 3),
    }


def _extract(text: str, names: list[str], scorer: Callable[..., float]) -> object:
    return process.extract(text, names, scorer=scorer, limit=25)


def _times(search: Search, texts: list[str]) -> dict[str, float]:
    spent = []
    for text in texts:
        start = time.thread_time()
        search(text)
        spent.append(1000.0 * (time.thread_time() - start))
    half, most = (round(float(np.percentile(spent, share)), 2) for share in (50, 95))
    return {"p50_ms": half, "p95_ms": most}


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _show(results: dict[str, Any]) -> None:
    title = f"{results['names']:,} names, milliseconds on one core"
    table = Table(
        "search", "p50", "p95", "of the same scorer", "of the default scorer", title=title
    )
    for name, row in results["milliseconds"].items():
        ratios = [
            f"{row[f'times extract, {peer}']:.2f}×" for peer in ("same scorer", "default scorer")
        ]
        table.add_row(name, f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}", *ratios)
    console = Console()
    console.print(table)
    console.print(
        f"The index is built in {results['build_cpu_seconds']} and prepared in"
        f" {results['prepare_cpu_seconds']} CPU seconds and takes {results['index_megabytes']} MB;"
        f" of names with a slip, {results['found']['slips_offered']:.0%} are offered,"
        f" {results['found']['slips_offered_first']:.0%} first."
    )
