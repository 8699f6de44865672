"""One part while it is played, at the rate that its sound needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from generator.synth.halfband import double
from generator.synth.signal import Audio


@dataclass(slots=True)
class Stem:
    """A silent part of ``frames`` (even) that players add to: to `full`, or, if they have nothing
    to say above 9 kHz, to `half` at half the rate, which costs half. Both run round in a circle."""

    frames: int
    _full: Audio | None = field(default=None, init=False)
    _half: Audio | None = field(default=None, init=False)

    @property
    def full(self) -> Audio:
        """``(2, frames)``."""
        if self._full is None:
            self._full = np.zeros((2, self.frames), np.float32)
        return self._full

    @property
    def half(self) -> Audio:
        """``(2, frames / 2)``."""
        if self._half is None:
            self._half = np.zeros((2, self.frames // 2), np.float32)
        return self._half

    def at(self, slower: int) -> Audio:
        """`full` for 1, `half` for 2."""
        return self.half if slower == 2 else self.full

    @property
    def dark(self) -> bool:
        """Whether everything in it was played at half the rate."""
        return self._full is None

    def brought_up(self) -> Audio:
        """All of it at the full rate, ``(2, frames)``."""
        if self._half is not None:
            double(self._half, self.full)
            self._half = None
        return self.full
