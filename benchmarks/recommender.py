"""Recommendations on real listening: Nightjar and its peers, the same listeners, the same hidden
artists.

Data: `listening/` under NIGHTJAR_DATA (part of HetRec 2011 Last.fm-2k; non-commercial, never
shipped). The protocols are those of `nightjar evaluate` (recommender/evaluation/splits.py), with
ALS and BPR of `implicit` beside its peers. The three splits run side by side in processes of their
own, one thread each.

The tags of this data do not say who gave them, so tags that a listener gave to their own hidden
artists cannot be closed off: figures of every model that reads tags (tag cosine, EASE + tags,
LightFM hybrid, ours) are somewhat higher than they would be without. Settings, the peers' too, were
chosen on another split (seed 7; benchmarks/tuning.py for the peers), none on the one reported.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.implicit_peers import implicit_peers
from bot.commands.evaluate import print_report
from recommender.evaluation.document import document
from recommender.evaluation.listening import Listening
from recommender.evaluation.run import SEED, SPLITS, Report, evaluate
from recommender.plays import read_plays, read_tags

TUNING_SEED = 7


def run() -> dict[str, Any]:
    """Runs the comparison (some twelve minutes of CPU)."""
    console = Console()
    folder = listening_folder()
    if not folder.exists():
        console.print(f"No comparison: there is no listening data in {folder}; set NIGHTJAR_DATA.")
        return {}
    report = compare(folder)
    print_report(report, console)
    caveat = "tags cannot be closed against leaks in this data"
    console.print(f"All figures: {caveat} (see the module's docstring).")
    return document(report) | {"tuned_on_seed": TUNING_SEED, "caveat": caveat}


def listening_folder() -> Path:
    return Path(os.environ.get("NIGHTJAR_DATA", "../shared/data")) / "listening"


def read_listening(folder: Path) -> Listening:
    plays, tags = read_plays(folder / "plays.csv.gz"), read_tags(folder / "tags.csv.gz")
    return Listening.of(plays.rows, tags.rows)


def compare(folder: Path) -> Report:
    """One report over all splits."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(SPLITS), mp_context=context) as pool:
        parts = list(pool.map(_compare_one, [folder] * len(SPLITS), SPLITS))
    outcomes = tuple(outcome for part in parts for outcome in part.outcomes)
    return replace(parts[0], outcomes=outcomes)


def _compare_one(folder: Path, split: str) -> Report:
    return evaluate(read_listening(folder), seed=SEED, others=implicit_peers(), only=split)
