"""Rate-limit buckets as Discord announces and enforces them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """``limit`` requests in every ``seconds``; further ones are told how long to wait."""

    limit: int
    seconds: float
    used: int = 0
    opened: float = field(default_factory=time.monotonic)

    def take(self) -> float | None:
        """None when the request may pass, else the seconds until the next one may."""
        if self.remaining_seconds <= 0:
            self.opened, self.used = time.monotonic(), 0
        self.used += 1
        return None if self.used <= self.limit else self.remaining_seconds

    @property
    def remaining_seconds(self) -> float:
        return self.opened + self.seconds - time.monotonic()

    def headers(self, name: str) -> dict[str, str]:
        """The headers every answer from this bucket carries."""
        wait = max(0.0, self.remaining_seconds)
        return {
            "X-RateLimit-Bucket": name,
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
        }
