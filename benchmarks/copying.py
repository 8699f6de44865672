"""How much of a line is somebody's: runs of notes, as intervals, that also occur in POP909.

Measured for chains alone, for finished leads of every style that has one, and for held-out human
songs against the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from generator.choose import weighted
from generator.compose import compose
from generator.compose.originality import melody
from generator.learned.copies import NOTES, copied_at
from generator.learned.make.melodies import Melody
from generator.learned.model import MAX_ORDER, Chain
from generator.request import resolve
from generator.style import list_styles

SEED = 2026
OCTAVE = 12
INTERVALS = 2 * OCTAVE + 1
RUNS = (6, 8, 12)
LINES, LINE = 150, 64
CLIPS = 8


def measure(known: Sequence[Melody], unseen: Sequence[Melody]) -> dict[str, Any]:
    """Shares of copied runs by who made the lines; for finished leads also how many clips have a
    run of twelve."""
    songs = [*known, *unseen]
    rows: dict[str, Any] = {}
    others = _runs_of([_pitches(song) for song in known])
    rows["human, held out"] = _shares([_pitches(song) for song in unseen], others)
    everything = _runs_of([_pitches(song) for song in songs])
    for order in range(MAX_ORDER + 1):
        chain = Chain(INTERVALS, order)
        for song in songs:
            chain.learn(intervals(song))
        rows[f"chain alone, order {order}"] = _shares(_generated(chain), everything)
    leads = _leads()
    rows["finished leads"] = _shares(leads, everything)
    rows["finished leads"]["clips"] = len(leads)
    rows["finished leads"]["clips_with_a_copy"] = sum(bool(copied_at(line)) for line in leads)
    return rows


def _leads() -> list[list[int]]:
    styles = [style for style in list_styles() if style.writing.lead]
    lines = []
    for style in track(styles, "Leads", console=Console(stderr=True)):
        for seed in range(CLIPS):
            score = compose(resolve(style.slug, seed=seed, parts=["lead"]), style)
            line = [note.pitch for note in melody(score.part("lead").notes)]
            lines.append(line + line[: NOTES - 1])
    return lines


def _generated(chain: Chain) -> list[list[int]]:
    rng = np.random.default_rng(SEED)
    lines = []
    for _ in range(LINES):
        tokens: list[int] = []
        for _ in range(LINE):
            chances = chain.probabilities(chain.context(tokens)).tolist()
            tokens.append(weighted(rng, range(chain.size), chances))
        lines.append(np.cumsum([60, *(token - OCTAVE for token in tokens)]).tolist())
    return lines


def intervals(song: Melody) -> list[int]:
    """Tokens of the semitones between notes, an octave at most."""
    steps = pairwise(note.pitch for note in song.notes)
    return [min(max(after - before, -OCTAVE), OCTAVE) + OCTAVE for before, after in steps]


def _pitches(song: Melody) -> list[int]:
    return [note.pitch for note in song.notes]


def _runs(pitches: Sequence[int], notes: int) -> list[bytes]:
    moves = np.diff(np.asarray(pitches)).clip(-127, 127).astype(np.int8)
    return [moves[at : at + notes - 1].tobytes() for at in range(len(moves) - notes + 2)]


def _runs_of(lines: Sequence[Sequence[int]]) -> dict[int, set[bytes]]:
    return {notes: {run for line in lines for run in _runs(line, notes)} for notes in RUNS}


def _shares(lines: Sequence[Sequence[int]], known: dict[int, set[bytes]]) -> dict[str, Any]:
    shares: dict[str, Any] = {}
    for notes in RUNS:
        runs = [run for line in lines for run in _runs(line, notes)]
        shares[str(notes)] = sum(run in known[notes] for run in runs) / len(runs)
    return shares


def show(copies: dict[str, dict[str, Any]]) -> Table:
    table = Table(title="Share of runs of so many notes that occur in POP909")
    for name in ("line", *(f"{notes} notes" for notes in RUNS)):
        table.add_column(name, justify="left" if name == "line" else "right")
    for name, row in copies.items():
        table.add_row(name, *(f"{row[str(notes)]:.4f}" for notes in RUNS))
    return table
