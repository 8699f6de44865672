"""A Markov chain of small order, smoothed by interpolated Witten-Bell.

``p_k(x | c) = (count(c, x) + u(c) p_{k-1}(x | c')) / (n(c) + u(c))``, where ``n(c)`` counts what
followed the context ``c``, ``u(c)`` how many different things did, and ``c'`` is ``c`` without its
farthest token; below order 0 every token is equally likely. (Bell, Cleary & Witten, *Text
Compression*, 1990; interpolation after Chen & Goodman 1999, doi:10.1006/csla.1999.0128.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any, Final

import numpy as np
import numpy.typing as npt

MAX_ORDER: Final = 3
"""Longer memories do not predict unseen songs better; they copy."""

Context = tuple[int, ...]
Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Chain:
    """Counts of which of ``size`` tokens followed which.

    A context is up to ``order`` (0..3) earlier tokens, oldest first; in a ``placed`` chain the
    place where the token stands follows them, and is the last to be forgotten. Raises ValueError
    for another order."""

    size: int
    order: int
    placed: bool = False
    counts: dict[Context, dict[int, int]] = field(default_factory=dict)
    _known: dict[Context, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.order <= MAX_ORDER:
            raise ValueError(f"order {self.order} is not one of 0..{MAX_ORDER}.")

    def context(self, before: Sequence[int], place: int = 0) -> Context:
        """What this chain looks at after the tokens ``before``, at ``place``."""
        history = tuple(before[-self.order :]) if self.order else ()
        return (*history, place) if self.placed else history

    def learn(self, line: Sequence[int], places: Sequence[int] | None = None) -> None:
        """Counts a line of tokens, each at its place (needed if the chain is placed)."""
        for at, token in enumerate(line):
            context = self.context(line[:at], places[at] if places else 0)
            for start in range(len(context) + 1):
                followers = self.counts.setdefault(context[start:], {})
                followers[token] = followers.get(token, 0) + 1
        self._known.clear()

    def probabilities(self, context: Context) -> Floats:
        """The chance of each token, shape (size,), adding to 1; do not write to it."""
        known = self._known.get(context)
        if known is None:
            lower = (
                self.probabilities(context[1:]) if context else np.full(self.size, 1.0 / self.size)
            )
            followers = self.counts.get(context)
            known = _interpolated(followers, lower) if followers else lower
            self._known[context] = known
        return known

    def bits(self, line: Sequence[int], places: Sequence[int] | None = None) -> list[float]:
        """The cost of each token of a line, -log2 of its chance."""
        return [
            -log2(self.probabilities(self.context(line[:at], places[at] if places else 0))[token])
            for at, token in enumerate(line)
        ]

    def pruned(self, least: int, above: int = 1) -> Chain:
        """The chain without what was seen fewer than ``least`` times in contexts of more than
        ``above`` tokens."""
        kept = {
            context: {
                token: count
                for token, count in followers.items()
                if count >= least or len(context) <= above
            }
            for context, followers in self.counts.items()
        }
        return Chain(self.size, self.order, self.placed, {c: f for c, f in kept.items() if f})

    def as_json(self) -> dict[str, Any]:
        """Plain lists and words, contexts and tokens sorted; `from_json` reads it."""
        rows = (
            [list(context), [number for pair in sorted(followers.items()) for number in pair]]
            for context, followers in sorted(self.counts.items())
        )
        return {
            "size": self.size,
            "order": self.order,
            "placed": self.placed,
            "counts": list(rows),
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Chain:
        """The chain that `as_json` wrote."""
        counts = {
            tuple(context): dict(zip(flat[::2], flat[1::2], strict=True))
            for context, flat in document["counts"]
        }
        return cls(document["size"], document["order"], document["placed"], counts)


def _interpolated(followers: dict[int, int], lower: Floats) -> Floats:
    different = len(followers)
    mixed = different * lower
    for token, count in followers.items():
        mixed[token] += count
    return mixed / (sum(followers.values()) + different)


def mean_bits(costs: Iterable[Sequence[float]]) -> float:
    """Bits per token over many lines."""
    flat = [cost for line in costs for cost in line]
    return sum(flat) / len(flat)
