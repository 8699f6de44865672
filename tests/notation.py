"""Reading scores as a musician would: bars, chords, the top line, the key that the notes say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from generator.score import Chord, Note, Score
from generator.theory import Key, all_keys
from tests.hearing import PROFILES

STEPS = 16
Bar = frozenset[tuple[int, int]]
"""(sixteenth within the bar, pitch) of everything a part plays in a bar, whatever its swing."""


def step_of(note: Note) -> int:
    """The sixteenth of the clip that a note is meant for."""
    return round(note.start * 4)


def bars(score: Score, part: str) -> list[Bar]:
    """What the part plays, bar by bar."""
    filled: list[set[tuple[int, int]]] = [set() for _ in range(score.bars)]
    for note in score.part(part).notes:
        bar, step = divmod(step_of(note) % (STEPS * score.bars), STEPS)
        filled[bar].add((step, note.pitch))
    return [frozenset(bar) for bar in filled]


def shared(one: list[Bar], other: list[Bar]) -> float:
    """Of the bars in which either plays, the share in which both play the same, at the same place
    or anywhere."""
    pairs = [(mine, theirs) for mine, theirs in zip(one, other, strict=True) if mine or theirs]
    same_place = sum(mine == theirs for mine, theirs in pairs)
    anywhere = max(_found(one, other), _found(other, one))
    return max(same_place, anywhere) / max(1, len(pairs))


def _found(one: list[Bar], other: list[Bar]) -> int:
    return sum(bar in other for bar in one if bar)


def chord_at(score: Score, beat: float) -> Chord:
    return next(chord for chord in reversed(score.chords) if chord.start <= beat + 1e-6)


def top_line(score: Score, part: str) -> list[Note]:
    """The highest note of every moment, in order."""
    highest: dict[int, Note] = {}
    for note in score.part(part).notes:
        step = step_of(note)
        if step not in highest or highest[step].pitch < note.pitch:
            highest[step] = note
    return [highest[step] for step in sorted(highest)]


def strikes(score: Score, part: str) -> list[tuple[int, ...]]:
    """The pitches struck together, chord after chord."""
    chords: dict[int, set[int]] = {}
    for note in score.part(part).notes:
        chords.setdefault(step_of(note), set()).add(note.pitch)
    return [tuple(sorted(chords[step])) for step in sorted(chords)]


def motion(score: Score, part: str) -> list[float]:
    """Semitones a voice moves on average, for every change between chords of as many voices."""
    return [
        float(np.mean(np.abs(np.subtract(after, before))))
        for before, after in pairwise(strikes(score, part))
        if len(before) == len(after) >= 3
    ]


def keys_heard(score: Score) -> list[Key]:
    """The key that each profile finds in the pitched notes, weighted by how long they sound."""
    weights = np.zeros(12)
    for part in score.parts:
        for note in part.notes if part.name not in ("drums", "fx") else ():
            weights[note.pitch % 12] += note.length
    return [_best_key(weights, profile) for profile in PROFILES.values()]


def _best_key(weights: np.ndarray, profile: Mapping[str, tuple[float, ...]]) -> Key:
    def likeness(key: Key) -> float:
        return float(np.corrcoef(weights, np.roll(profile[key.mode], key.tonic))[0, 1])

    return max(all_keys(), key=likeness)


def is_one_sentence(text: str) -> bool:
    """One capital at the start, one full stop at the end, none that ends a sentence between."""
    return bool(re.fullmatch(r"[A-Za-z].*\.", text)) and not re.search(r"[.!?]\s+[A-Z]", text)
