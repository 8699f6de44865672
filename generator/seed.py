"""Seeds a person can see and give back, and the random streams they open.

A seed is one whole number below 2**52 (it survives JSON and Discord's integers). Its low 20 bits
are the *base*, which every random choice of the clip starts from; above them each part has four
bits, its *take*. Writing one part anew raises that part's take and leaves the other streams, and so
the other parts, alone.
"""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from generator.errors import SpecError

PARTS: Final = ("drums", "bass", "pad", "arp", "lead", "keys", "fx", "vocal")
BASE_BITS: Final = 20
TAKE_BITS: Final = 4
MAX_SEED: Final = 2 ** (BASE_BITS + TAKE_BITS * len(PARTS)) - 1


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole number in 0..MAX_SEED; raises SpecError outside."""

    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.value <= MAX_SEED:
            raise SpecError(f"A seed is a whole number from 0 to {MAX_SEED}; {self.value} is not.")

    @classmethod
    def fresh(cls) -> Seed:
        """A seed nobody chose: a base of at most seven digits, every part at its first take."""
        return cls(secrets.randbelow(2**BASE_BITS))

    @property
    def base(self) -> int:
        return self.value & (2**BASE_BITS - 1)

    def take(self, part: str) -> int:
        """How many times ``part`` was written anew, 0..15."""
        return (self.value >> _shift(part)) & (2**TAKE_BITS - 1)

    def with_next_take(self, part: str) -> Seed:
        """The same clip with ``part`` written anew; after take 15 comes take 0 again."""
        old = self.take(part)
        new = (old + 1) % 2**TAKE_BITS
        return Seed(self.value + ((new - old) << _shift(part)))

    def stream(self, purpose: str, part: str | None = None) -> np.random.Generator:
        """The generator for one purpose; with ``part`` it also depends on that part's take."""
        take = 0 if part is None else self.take(part)
        words = (self.base, zlib.crc32(purpose.encode()), zlib.crc32((part or "").encode()), take)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def _shift(part: str) -> int:
    return BASE_BITS + TAKE_BITS * PARTS.index(part)
