"""Groove templates by family from the Groove MIDI Dataset.

``python -m generator.learned.make.grooves`` writes ``tables/grooves.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from generator.learned import FAMILIES
from generator.learned.grooves import CLASSES, STEPS, TABLE
from generator.learned.make.corpora import Report, write_table
from generator.learned.make.drumming import Hit, Performance, read_performances

Floats = npt.NDArray[np.float64]
TRUST: Final = 20.0
"""With so many strokes, a sixteenth's own mean counts as much as its class's."""
USUAL_SPREAD: Final = 25.0
KICK: Final = CLASSES.index("kick")


def template(performances: Sequence[Performance]) -> dict[str, Any]:
    """The habits in some performances, as `generator.learned.grooves.Groove` has them."""
    bars = sum(performance.bars for performance in performances)
    swung = sum(each.bars for each in performances if each.swing > 0.5)
    hits = [hit for performance in performances for hit in performance.hits]
    kicks = [hit.late_ms for hit in hits if hit.drum == KICK]
    grid = float(np.mean(kicks)) if kicks else 0.0
    rows = [_class([hit for hit in hits if hit.drum == drum], grid) for drum in range(len(CLASSES))]
    return {
        "bars": bars,
        "swung": round(swung / bars, 3),
        "hit": [_rounded(row["count"] / bars, 3) for row in rows],
        "late_ms": [_rounded(row["late"], 1) for row in rows],
        "spread_ms": [_rounded(row["spread"], 1) for row in rows],
        "accent": [_rounded(row["accent"], 3) for row in rows],
    }


def _class(hits: Sequence[Hit], grid: float) -> dict[str, Floats]:
    """Counts, timing and accents of one drum class on each sixteenth; means lean to the class's
    own where few strokes were heard."""
    place = np.array([hit.at % STEPS for hit in hits], dtype=np.int64)
    late = np.array([hit.late_ms for hit in hits]) - grid
    velocity = np.array([float(hit.velocity) for hit in hits])
    count = np.bincount(place, minlength=STEPS).astype(np.float64)
    usual_late = float(late.mean()) if len(hits) else 0.0
    usual_velocity = float(velocity.mean()) if len(hits) else 1.0
    means = _leaning(place, late, count, usual_late)
    squares = _leaning(place, (late - means[place]) ** 2, count, USUAL_SPREAD**2)
    return {
        "count": count,
        "late": means,
        "spread": np.sqrt(squares),
        "accent": _leaning(place, velocity, count, usual_velocity) / usual_velocity,
    }


def _leaning(place: npt.NDArray[np.int64], values: Floats, count: Floats, usual: float) -> Floats:
    """The mean on each sixteenth, pulled to ``usual`` as by ``TRUST`` strokes."""
    sums = np.bincount(place, weights=values, minlength=STEPS)
    leaning: Floats = (sums + TRUST * usual) / (count + TRUST)
    return leaning


def _rounded(values: Iterable[float], digits: int) -> list[float]:
    # Adding zero turns -0.0 into 0.0.
    return [round(float(value), digits) + 0.0 for value in values]


def make() -> None:
    """Reads the corpus, writes the table, says what it did."""
    report = Report("Groove")
    performances = read_performances(report)
    families = {
        name: template([each for each in performances if name in each.families])
        for name in FAMILIES
    }
    document = json.dumps({"families": families}, separators=(",", ":"), sort_keys=True)
    report.show(
        ", ".join(f"{name} {row['bars']} bars" for name, row in families.items()),
        write_table(TABLE, document + "\n"),
    )


if __name__ == "__main__":
    make()
