"""How long a vote keeps its weight. It halves with every half-life, as a forgetting curve does; the
clock is the caller's, who tells the age in days.
"""

from __future__ import annotations

import math
from typing import Final

LIKE_HALF_LIFE: Final = 365.0
"""Days. As long as a listen's, so that a thumb up and the plays beside it age alike."""

DISLIKE_HALF_LIFE: Final = 45.0
"""Days. "Not for me" may be a mood; what resembles it comes back within weeks."""

FAINTEST: Final = 0.1


def left_of_like(days: float) -> float:
    """The share 0..1 of its weight that a like, or "know it", has after ``days``; a tenth stays."""
    return max(FAINTEST, _left(days, LIKE_HALF_LIFE))


def left_of_dislike(days: float) -> float:
    """The share 0..1 of a dislike's pull on its neighbours after ``days``; it fades to nothing."""
    return _left(days, DISLIKE_HALF_LIFE)


def _left(days: float, half_life: float) -> float:
    return math.exp2(-max(0.0, days) / half_life)
