"""Cells on the sixteenth grid: reading them, choosing among them, bending them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from generator.choose import turn, weighted
from generator.seed import Seed

STEPS: Final = 16
BEAT: Final = 4
REST: Final = "."
HOLD: Final = "-"
FEWEST: Final = 3
"""Attacks a bar that a cell must have before it can spare one."""

WIDTH: Final = 0.4
"""How far a cell's density may be from what is wanted before it becomes unlikely."""


def steps(cell: str) -> str:
    """The cell without the spacing that is there for the eye."""
    return cell.replace(" ", "").replace("|", "")


def in_bars(cell: str) -> list[str]:
    """The cell cut into bars."""
    return [cell[at : at + STEPS] for at in range(0, len(cell), STEPS)]


def attacks(cell: str) -> list[int]:
    """The steps on which something begins."""
    return [at for at, letter in enumerate(cell) if letter not in (REST, HOLD)]


def lengths(cell: str) -> list[tuple[int, int, str]]:
    """(step, length in steps, letter) of every note: an attack and the holds after it."""
    notes: list[tuple[int, int, str]] = []
    for at in attacks(cell):
        end = at + 1
        while end < len(cell) and cell[end] == HOLD:
            end += 1
        notes.append((at, end - at, cell[at]))
    return notes


@lru_cache(maxsize=4096)
def density(cell: str) -> float:
    """Attacks a step, 0..1."""
    return len(attacks(cell)) / len(cell)


def closeness(cells: Sequence[str], level: float, width: float = WIDTH) -> list[float]:
    """How well each cell suits ``level`` 0..1: the sparsest suits 0, the densest 1."""
    dense = [_written_density(cell) for cell in cells]
    low, high = min(dense), max(dense)
    places = [(each - low) / (high - low) if high > low else level for each in dense]
    return [float(np.exp(-(((place - level) / width) ** 2))) + 1e-2 for place in places]


@lru_cache(maxsize=4096)
def _written_density(cell: str) -> float:
    """The density of a cell as a style file writes it."""
    return density(steps(cell))


def by_density(
    rng: np.random.Generator, cells: Sequence[str], level: float, width: float = WIDTH
) -> str:
    """One of the cells, likelier the better it suits ``level``."""
    return steps(weighted(rng, cells, closeness(cells, level, width)))


def turn_by_density(
    seed: Seed, purpose: str, part: str, cells: Sequence[str], level: float, width: float = WIDTH
) -> str:
    """As `by_density`, but every next take of the part brings another cell."""
    return steps(turn(seed, purpose, part, cells, closeness(cells, level, width)))


def agreement(cell: str, kick: str) -> float:
    """-1..1: the share of the kick's first bar that the cell also plays."""
    mine, theirs = {at for at in attacks(cell) if at < len(kick)}, set(attacks(kick))
    return 2 * len(mine & theirs) / len(theirs) - 1 if mine and theirs else 0.0


def rotate(cell: str, by: int) -> str:
    """The cell begun ``by`` steps later."""
    by %= len(cell)
    return cell[by:] + cell[:by]


def bent(cell: str, rng: np.random.Generator, times: int) -> str:
    """The cell after so many small changes that leave its strong notes alone: a weak attack a
    sixteenth sooner or later, or left out; a long note struck once more."""
    for _ in range(times):
        ways = [way for way in (_sooner, _later, _left_out, _again) if _places(cell, way)]
        if not ways:
            return cell
        way = ways[int(rng.integers(len(ways)))]
        at, changed = _choose(rng, _places(cell, way))
        cell = cell[:at] + changed + cell[at + len(changed) :]
    return cell


Change = tuple[int, str]
"""A step, and the letters that stand there from now on."""


def _choose(rng: np.random.Generator, changes: list[Change]) -> Change:
    return changes[int(rng.integers(len(changes)))]


def _places(cell: str, way: Callable[[str, int, int], list[Change]]) -> list[Change]:
    return [change for at, length, _ in lengths(cell) for change in way(cell, at, length)]


def _sooner(cell: str, at: int, _: int) -> list[Change]:
    free = at % BEAT and cell[at - 1] in (REST, HOLD) and (at - 1) % BEAT
    return [(at - 1, cell[at] + HOLD)] if free else []


def _later(cell: str, at: int, length: int) -> list[Change]:
    if at % BEAT == 0 or length < 2 or (at + 1) % BEAT == 0:
        return []
    return [(at, (REST if cell[at - 1] == REST else HOLD) + cell[at])]


def _left_out(cell: str, at: int, length: int) -> list[Change]:
    """Of a cell that can spare it; the note before goes on instead."""
    if at % (2 * BEAT) == 0 or len(attacks(cell)) * STEPS < FEWEST * len(cell):
        return []
    return [(at, (REST if cell[at - 1] == REST else HOLD) * length)]


def _again(cell: str, at: int, length: int) -> list[Change]:
    """The second stroke falls on an even sixteenth of the long note's second half."""
    if length < BEAT:
        return []
    return [
        (place, cell[at]) for place in range(at + length // 2, at + length - 1) if place % 2 == 0
    ]
