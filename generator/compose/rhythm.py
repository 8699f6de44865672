"""Cells on the sixteenth grid: reading them, choosing among them, bending them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from generator.choose import turn, weighted
from generator.seed import Seed

STEPS: Final = 16
REST: Final = "."
HOLD: Final = "-"
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


def density(cell: str) -> float:
    """Attacks a step, 0..1."""
    return len(attacks(cell)) / len(cell)


def closeness(cells: Sequence[str], level: float, width: float = WIDTH) -> list[float]:
    """How well each cell suits ``level`` 0..1: the sparsest suits 0, the densest 1."""
    dense = [density(steps(cell)) for cell in cells]
    low, high = min(dense), max(dense)
    places = [(each - low) / (high - low) if high > low else level for each in dense]
    return [float(np.exp(-(((place - level) / width) ** 2))) + 1e-2 for place in places]


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


def rotate(cell: str, by: int) -> str:
    """The cell begun ``by`` steps later."""
    by %= len(cell)
    return cell[by:] + cell[:by]
