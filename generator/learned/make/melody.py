"""Melodic habits and fingerprints from POP909.

``python -m generator.learned.make.melody`` writes ``tables/melody.json`` and ``tables/copies.npy``.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.learned.copies import TABLE as COPIES
from generator.learned.copies import fingerprints, pack
from generator.learned.make.corpora import Report, write_table
from generator.learned.make.melodies import Melody, Sung, read_melodies
from generator.learned.melody import (
    GAPS,
    MOVES,
    PLACES,
    REACH,
    SIZES,
    TABLE,
    Habits,
    gap_token,
    move_token,
    place_class,
    size_class,
)
from generator.learned.model import Chain

MOVE_ORDER: Final = 1
GAP_ORDER: Final = 2
"""What predicts held-out songs best, or as well as a table three times as large
(`benchmarks/learned.py`)."""


def moves_of(melody: Melody) -> tuple[list[int], list[int]]:
    """The tokens of its moves, and the class of the place each leads to."""
    steps = [note.step for note in melody.notes]
    tokens = [move_token(after - step) for step, after in pairwise(steps)]
    return tokens, [place_class(note.place) for note in melody.notes[1:]]


def gaps_of(melody: Melody) -> tuple[list[int], list[int]]:
    """The tokens of the times between its attacks, and the sixteenth each begins on."""
    return [gap_token(note.gap) for note in melody.notes], [note.place for note in melody.notes]


def tones_around(before: Sung, note: Sung) -> npt.NDArray[np.bool_]:
    """Which moves, from the widest down to the widest up, would have led from ``before`` to a
    tone of ``note``'s chord, shape (15,)."""
    scale = note.key.scale
    steps = range(before.step - REACH, before.step + REACH + 1)
    return np.array([scale[step % len(scale)] in note.tones for step in steps])


def learn(melodies: Sequence[Melody], move_order: int, gap_order: int) -> Habits:
    """The habits of these melodies; moves only of those whose key is sure."""
    moves = Chain(MOVES, move_order, placed=True)
    gaps = Chain(GAPS, gap_order, placed=True)
    tones: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for melody in melodies:
        gaps.learn(*gaps_of(melody))
        if melody.sure:
            moves.learn(*moves_of(melody))
            for before, note in pairwise(melody.notes):
                if note.tones:
                    count = tones[place_class(note.place), size_class(note.step - before.step)]
                    count[0] += note.tone
                    count[1] += 1
    shares = [
        [round((tones[p, s][0] + 1) / (tones[p, s][1] + 2), 4) for s in range(SIZES)]
        for p in range(PLACES)
    ]
    return Habits(moves, gaps, tuple(map(tuple, shares)))


def make() -> None:
    """Reads the corpus, writes both tables, says what it did."""
    report = Report("POP909")
    melodies = read_melodies(report)
    habits = learn(melodies, MOVE_ORDER, GAP_ORDER)
    marks = [fingerprints(line) for melody in melodies for line in melody.lines]
    file = io.BytesIO()
    pack(np.unique(np.concatenate(marks)), file)
    report.show(
        f"{sum(len(melody.notes) for melody in melodies):,} notes; the key of "
        f"{sum(not melody.sure for melody in melodies)} songs was not believed",
        write_table(TABLE, json.dumps(habits.as_json(), separators=(",", ":")) + "\n"),
        write_table(COPIES, file.getvalue()),
    )


if __name__ == "__main__":
    make()
