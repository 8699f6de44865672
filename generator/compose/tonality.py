"""How clearly some tones say their key: correlation with key profiles (Krumhansl's and Schmuckler's
method).

Profiles: Krumhansl & Kessler (1982), doi:10.1037/0033-295X.89.4.334, listeners' judgements;
Temperley, *Music and Probability* (2007), the Kostka-Payne corpus; Aarden, *Dynamic Melodic
Expectancy* (2003), the Essen folk songs.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.theory import Key, Mode, all_keys

Floats = npt.NDArray[np.float64]

PROFILES: Final[tuple[dict[Mode, tuple[float, ...]], ...]] = (
    {
        "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    },
    {
        "major": (0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4),
        "minor": (0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33),
    },
    {
        "major": (17.77, 0.15, 14.93, 0.16, 19.8, 11.36, 0.29, 22.06, 0.15, 8.15, 0.23, 4.95),
        "minor": (18.26, 0.74, 14.05, 16.86, 0.7, 14.44, 0.7, 18.62, 4.57, 1.93, 7.38, 1.76),
    },
)


def clarity(weights: Floats, key: Key, profiles: int = len(PROFILES)) -> float:
    """By how much the 12 pitch-class ``weights`` correlate better with ``key`` than with any
    other key.

    The least margin over the first ``profiles``, -2..2; above 0 every one of them hears the key.
    """
    centred = weights - weights.mean()
    heard = centred / max(float(np.linalg.norm(centred)), 1e-12)
    own = all_keys().index(key)
    margins = []
    for shapes in _shapes()[:profiles]:
        matches = shapes @ heard
        margins.append(matches[own] - np.delete(matches, own).max())
    return float(min(margins))


@cache
def _shapes() -> tuple[Floats, ...]:
    """For each profile its 24 keys as centred unit vectors, in the order of `all_keys`."""
    pages = []
    for profile in PROFILES:
        rows = np.array([np.roll(profile[key.mode], key.tonic) for key in all_keys()])
        rows -= rows.mean(axis=1, keepdims=True)
        pages.append(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    return tuple(pages)
