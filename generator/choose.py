"""Choosing: the few ways a composer draws from many possibilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from generator.seed import Seed

T = TypeVar("T")


def weighted(rng: np.random.Generator, options: Sequence[T], weights: Sequence[float]) -> T:
    """One of ``options``, as likely as its weight (any scale; not all zero)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    at = int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))
    return options[min(at, len(options) - 1)]


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in ``share`` of the cases."""
    return bool(rng.random() < share)


def turn(seed: Seed, purpose: str, part: str, options: Sequence[T], weights: Sequence[float]) -> T:
    """One of ``options`` such that every next take of ``part`` brings another one.

    The takes walk through one weighted order (Efraimidis & Spirakis 2006,
    doi:10.1016/j.ipl.2005.11.003) drawn from the base of the seed, so writing a part anew never
    lands on the cell it had just before."""
    draws = seed.stream(purpose).random(len(options))
    ranks = np.log(draws) / np.maximum(np.asarray(weights, dtype=np.float64), 1e-9)
    order = np.argsort(-ranks, kind="stable")
    return options[int(order[seed.take(part) % len(options)])]
