"""Whether a line is somebody's already: fingerprints of every twelve notes of POP909's melodies.

A fingerprint is 32 bits of a hash of eleven successive intervals, so neither key nor rhythm hides
a copy. Twelve notes that nobody wrote are held for a copy three times in a hundred thousand; that
costs one more draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.learned.tables import open_table

NOTES: Final = 12
TABLE: Final = "copies.npy"
MULTIPLIER: Final = 0x9E3779B97F4A7C15
"""An odd number of 64 bits (2**64 over the golden ratio), as Knuth's multiplicative hashing asks
(*The Art of Computer Programming* 3, 6.4)."""


def fingerprints(pitches: Sequence[int]) -> npt.NDArray[np.uint32]:
    """One number for every ``NOTES`` successive notes, in order; none for a shorter line."""
    moves = np.diff(np.asarray(pitches, dtype=np.int64)).astype(np.uint64)
    if len(moves) < NOTES - 1:
        return np.zeros(0, dtype=np.uint32)
    windows = np.lib.stride_tricks.sliding_window_view(moves, NOTES - 1)
    mixed = np.zeros(len(windows), dtype=np.uint64)
    for column in windows.T:
        mixed = (mixed ^ column) * np.uint64(MULTIPLIER)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def copied_at(pitches: Sequence[int]) -> list[int]:
    """Where the line repeats ``NOTES`` notes or more of a song: the first note of each run of
    twelve."""
    found = fingerprints(pitches)
    known = _known()
    places = np.searchsorted(known, found).clip(max=len(known) - 1)
    return [int(at) for at in np.flatnonzero(known[places] == found)]


@cache
def _known() -> npt.NDArray[np.uint32]:
    """Every fingerprint of the corpus, sorted."""
    with open_table(TABLE) as file:
        return np.asarray(np.load(file), dtype=np.uint32)
