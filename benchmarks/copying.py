"""How much of a line is somebody's: runs of notes, as intervals, that also occur in POP909.

Measured for chains alone, for every pitched part of finished clips of every style, and for held-out
human songs against the others. What only repeats (`generator.learned.copies.commonplace`) is
nobody's and not counted.
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
from generator.compose.heard import lines
from generator.compose.originality import copied
from generator.learned.copies import NOTES, commonplace
from generator.learned.make.melodies import Melody
from generator.learned.model import MAX_ORDER, Chain
from generator.request import resolve
from generator.score import Note
from generator.style import list_styles

SEED = 2026
OCTAVE = 12
INTERVALS = 2 * OCTAVE + 1
RUNS = (6, 8, 12)
LINES, LINE = 150, 64
CLIPS = 8


def measure(known: Sequence[Melody], unseen: Sequence[Melody]) -> dict[str, Any]:
    """Shares of copied runs by who made the lines; for finished parts also how many clips have a
    run of twelve in any reading of their chords."""
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
    sung = _runs_of([line for song in songs for line in song.lines])
    for part, played in _finished().items():
        rows[f"finished: {part}"] = _shares([_outer(notes) for notes in played], sung)
        rows[f"finished: {part}"]["clips"] = len(played)
        rows[f"finished: {part}"]["clips_with_a_copy"] = sum(map(copied, played))
    return rows


def _finished() -> dict[str, list[tuple[Note, ...]]]:
    """What each pitched part plays in some clips of every style."""
    played: dict[str, list[tuple[Note, ...]]] = {}
    for style in track(list_styles(), "Clips", console=Console(stderr=True)):
        for seed in range(CLIPS):
            for part in compose(resolve(style.slug, seed=seed), style).parts:
                if part.name != "drums" and part.notes:
                    played.setdefault(part.name, []).append(part.notes)
    return dict(sorted(played.items()))


def _outer(notes: tuple[Note, ...]) -> list[int]:
    """The highest note of each attack, in a loop."""
    pitches = [note.pitch for note in notes]
    attacks = lines(notes)[0].attacks
    line = [max(pitches[note] for note in attack) for attack in attacks]
    return line + line[: NOTES - 1]


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
    return [
        moves[at : at + notes - 1].tobytes()
        for at in range(len(moves) - notes + 2)
        if not commonplace(pitches[at : at + notes])
    ]


def _runs_of(lines: Sequence[Sequence[int]]) -> dict[int, set[bytes]]:
    return {notes: {run for line in lines for run in _runs(line, notes)} for notes in RUNS}


def _shares(lines: Sequence[Sequence[int]], known: dict[int, set[bytes]]) -> dict[str, Any]:
    shares: dict[str, Any] = {}
    for notes in RUNS:
        runs = [run for line in lines for run in _runs(line, notes)]
        shares[str(notes)] = sum(run in known[notes] for run in runs) / max(1, len(runs))
    return shares


def show(copies: dict[str, dict[str, Any]]) -> Table:
    table = Table(title="Share of runs of so many notes that occur in POP909")
    for name in ("line", *(f"{notes} notes" for notes in RUNS)):
        table.add_column(name, justify="left" if name == "line" else "right")
    for name, row in copies.items():
        table.add_row(name, *(f"{row[str(notes)]:.4f}" for notes in RUNS))
    return table
