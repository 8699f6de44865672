"""Whether a line is somebody's already: fingerprints of every twelve notes of POP909's melodies
and second melodies.

A fingerprint is 32 bits of a hash of eleven successive intervals, so neither key nor rhythm hides
a copy. Twelve notes that nobody wrote are held for a copy six times in a hundred thousand; that
costs a note moved, or one more draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from generator.learned.tables import open_table

NOTES: Final = 12
TABLE: Final = "copies.npy"
MULTIPLIER: Final = 0x9E3779B97F4A7C15
"""An odd number of 64 bits (2**64 over the golden ratio), as Knuth's multiplicative hashing asks
(*The Art of Computer Programming* 3, 6.4)."""

MOST_PITCHES, LONGEST_FIGURE = 3, 4
"""How many different notes a commonplace has at most, and how many notes its figure is long."""

HIGH_HALVES: Final = 1 << 16


def fingerprints(pitches: npt.ArrayLike) -> npt.NDArray[np.uint32]:
    """One number for every ``NOTES`` successive notes, in order; none for a shorter line. Of lines
    ``(..., notes)`` the numbers are ``(..., notes - 11)``."""
    moves = np.diff(np.asarray(pitches, dtype=np.int64)).astype(np.uint64)
    if moves.shape[-1] < NOTES - 1:
        return np.zeros((*moves.shape[:-1], 0), dtype=np.uint32)
    windows = np.lib.stride_tricks.sliding_window_view(moves, NOTES - 1, axis=-1)
    mixed = np.zeros(windows.shape[:-1], dtype=np.uint64)
    for place in range(NOTES - 1):
        mixed = (mixed ^ windows[..., place]) * np.uint64(MULTIPLIER)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def commonplace(run: Sequence[int]) -> bool:
    """Whether a run is nobody's: one note again and again, or a figure of at most four notes, at
    most three of them different, that does nothing but repeat.

    So it is where for some period p of 1 to 4 each note equals the one p before it (the intervals
    repeat with that period and add up to nothing), and there are at most three pitches. In twelve
    notes such a figure is heard three times at least. A bass in eighths, an octave bass, a drone
    and a broken triad are made of nothing else, and so are parts of hundreds of songs: nobody
    could avoid them, nobody owns them. A repeated note that moves on to another one is none."""
    if len(set(run)) > MOST_PITCHES:
        return False
    return any(
        all(run[at] == run[at - period] for at in range(period, len(run)))
        for period in range(1, LONGEST_FIGURE + 1)
    )


def copied_at(pitches: Sequence[int]) -> list[int]:
    """Where the line repeats ``NOTES`` notes or more of a song: the first note of each run of
    twelve. What is a `commonplace` is no copy."""
    return [at for _, at in _copied([pitches])]


def count_copied(lines: Sequence[Sequence[int]]) -> list[int]:
    """How many runs of each line, all of one length, are copied; many lines at once are cheap."""
    counts = [0] * len(lines)
    for line, _ in _copied(lines):
        counts[line] += 1
    return counts


def _copied(lines: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """(line, first note) of every copied run."""
    found = fingerprints(lines)
    known = _known()
    places = np.searchsorted(known, found).clip(max=len(known) - 1)
    runs = np.argwhere(known[places] == found).tolist()
    return [(line, at) for line, at in runs if not _common(tuple(lines[line][at : at + NOTES]))]


@lru_cache(maxsize=2**14)
def _common(run: tuple[int, ...]) -> bool:
    """`commonplace`, kept: a part that is mended is looked at again and again."""
    return commonplace(run)


def pack(marks: npt.NDArray[np.uint32], file: IO[bytes]) -> None:
    """Writes sorted fingerprints: how many have each upper half, then all lower halves."""
    upper = np.bincount(marks >> np.uint32(16), minlength=HIGH_HALVES)
    np.save(file, upper.astype("u1"))
    np.save(file, marks.astype("<u2"))


def unpack(file: IO[bytes]) -> npt.NDArray[np.uint32]:
    """The fingerprints that `pack` wrote."""
    upper = np.repeat(np.arange(HIGH_HALVES, dtype=np.uint32), np.load(file))
    marks: npt.NDArray[np.uint32] = (upper << np.uint32(16)) | np.load(file)
    return marks


@cache
def _known() -> npt.NDArray[np.uint32]:
    """Every fingerprint of the corpus, sorted."""
    with open_table(TABLE) as file:
        return unpack(file)
