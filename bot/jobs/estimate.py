"""How much longer work of known shares will take."""

from __future__ import annotations

import time
from collections.abc import Callable


class Estimate:
    """Reckons the time left from the time that the share done so far has taken."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the work began."""
        return self._clock() - self._began

    def left(self, share: float) -> float | None:
        """Seconds left when ``share``, 0..1, is done; None while nothing is."""
        return None if share <= 0.0 else self.elapsed * max(0.0, 1.0 - share) / share

    def text(self, share: float) -> str:
        """Such as "40 %, about 3 minutes left"."""
        left = self.left(share)
        return f"{share:.0%}" if left is None else f"{share:.0%}, about {duration(left)} left"


def duration(seconds: float) -> str:
    """A duration as people say it: "20 seconds", "3 minutes", "2 hours"."""
    for unit, size in (("hour", 3600.0), ("minute", 60.0)):
        if seconds >= 1.5 * size:
            return f"{round(seconds / size)} {unit}s"
    return f"{max(1, round(seconds))} seconds" if seconds >= 1.5 else "1 second"
