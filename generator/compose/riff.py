"""Riffs and calls: what players agree on beforehand, so that it belongs to no part's own take."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator.choose import chance
from generator.compose.form import Stretch
from generator.compose.rhythm import STEPS, bent, closeness, in_bars, steps
from generator.players import BassTable, LeadTable
from generator.seed import Seed

PHRASE: Final = 4
WIDTH: Final = 0.8


def riff(table: BassTable | None, section: Stretch, seed: Seed, take: int = 0) -> list[str]:
    """The riff of a section's material bar by bar, its fourth bar with a turned end; empty where
    the section has none.

    Take 0 is the one that everybody knows; the bass, written anew, plays others of its own."""
    rng = seed.stream(f"riff {section.material}")
    if table is None or not chance(rng, table.riff):
        return []
    fits = closeness(table.riffs, section.usual("bass"), WIDTH)
    order = rng.choice(len(fits), len(fits), replace=False, p=np.array(fits) / sum(fits))
    cell = steps(table.riffs[int(order[take % len(order)])])
    rng = seed.stream(f"riff end {section.material} {take}")
    bars = (in_bars(bent(cell, rng, 1)) * PHRASE)[:PHRASE]
    end = in_bars(steps(table.riffs[int(rng.choice(order))]))[-1]
    bars[-1] = bars[-1][: STEPS // 2] + _begun(end[STEPS // 2 :], bars[-1])
    return bars


def _begun(half: str, before: str) -> str:
    """Half a bar that begins with an attack of its own or goes on with what sounds before it."""
    return half if half[0] != "-" or before[STEPS // 2 - 1] != "." else "." + half[1:]


def answers(table: LeadTable | None, section: Stretch, seed: Seed) -> frozenset[int]:
    """The section's bars, counted from its start, that the lead leaves to whoever answers it;
    never its last, where the lead ends its phrase."""
    rng = seed.stream(f"call {section.material}")
    if table is None or not chance(rng, table.call):
        return frozenset()
    every_other = chance(rng, 0.6)
    places = range(section.bars - 1)
    return frozenset(at for at in places if (at % 2 if every_other else at % PHRASE >= 2))
