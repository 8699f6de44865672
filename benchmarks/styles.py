"""Whether an automatic listener tells the styles apart, and what their clips measure.

Two listeners, trained on some seeds and asked about others: one hears finished audio, one reads the
notes. Neither is told the tempo. Each describes a clip by features, whitens them by what varies
within a style (linear discriminant analysis, Fisher 1936, with shrinkage) and names the style whose
mean is nearest. Beside them stands what guessing would score.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import traits
from generator.clip import Clip, make_clip
from generator.request import resolve
from generator.style import Style, list_styles
from generator.synth.sound import BANDS
from tests import hearing

TAUGHT = (11, 12, 13, 14, 15)
ASKED = (21, 22, 23)
BARS = 16
SHRINKAGE = 0.2
WIDTH = 150

Features = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """One clip as measured: its features for both listeners, and its figures."""

    style: str
    sound: Features
    notes: Features
    figures: dict[str, float]


def run() -> dict[str, Any]:
    """Makes the clips, prints both tables, returns the figures."""
    jobs = [(style, seed) for style in list_styles() for seed in (*TAUGHT, *ASKED)]
    heard = [
        (seed, _hear(style, seed))
        for style, seed in track(jobs, "Clips", console=Console(stderr=True))
    ]
    taught = [each for seed, each in heard if seed in TAUGHT]
    asked = [each for seed, each in heard if seed in ASKED]
    scores = {name: _listener(taught, asked, name) for name in ("sound", "notes")}
    rows = {style.slug: _figures(style, [e for _, e in heard]) for style in list_styles()}
    console = Console(width=WIDTH)
    console.print(_table(rows))
    for name, (accuracy, mistakes) in scores.items():
        console.print(
            f"Told apart by {name}: {accuracy:.0%} of {len(asked)} unheard clips "
            f"(guessing: {1 / len(rows):.0%}). {_confused(mistakes)}"
        )
    return {
        "bars": BARS,
        "clips": len(heard),
        "told_apart": {name: accuracy for name, (accuracy, _) in scores.items()},
        "guessing": 1 / len(rows),
        "mistakes": {name: dict(mistakes) for name, (_, mistakes) in scores.items()},
        "styles": rows,
    }


def _hear(style: Style, seed: int) -> Heard:
    clip = make_clip(resolve(style.slug, seed=seed, bars=BARS))
    return Heard(
        style.slug, traits.of_sound(clip.audio), traits.of_notes(clip.score), _measured(clip, style)
    )


def _measured(clip: Clip, style: Style) -> dict[str, float]:
    audio, targets = clip.audio, style.sound.targets
    shares = hearing.band_shares(audio, BANDS)
    middle = float(np.sqrt(style.tempo_low * style.tempo_high))
    return {
        "lufs": hearing.loudness(audio),
        "dbtp": hearing.true_peak(audio),
        "side_mid": hearing.side_to_mid(audio),
        "tempo_error": abs(hearing.tempo(audio, middle) / clip.spec.bpm - 1.0),
        "keys_right": traits.keys_right(clip),
        "off_target": max(abs(shares[band] - targets.bands[band]) for band in BANDS),
        **shares,
    }


def _figures(style: Style, heard: list[Heard]) -> dict[str, Any]:
    """A style's figures over its clips: means, or the worst where a bound matters."""
    mine = [each.figures for each in heard if each.style == style.slug]
    mean = {name: float(np.mean([figures[name] for figures in mine])) for name in mine[0]}
    return {
        **mean,
        "tempo": [style.tempo_low, style.tempo_high],
        "lufs_furthest": max((f["lufs"] for f in mine), key=lambda lufs: abs(lufs + 14.0)),
        "dbtp": max(f["dbtp"] for f in mine),
        "off_target": max(f["off_target"] for f in mine),
        "tempo_right": float(np.mean([f["tempo_error"] < 0.02 for f in mine])),
    }


def _listener(taught: list[Heard], asked: list[Heard], sense: str) -> tuple[float, Counter[str]]:
    """The share of ``asked`` clips named right, and the mistakes as "style as style"."""
    whiten = discriminant(
        np.array([getattr(each, sense) for each in taught]), [each.style for each in taught]
    )
    names = sorted({each.style for each in taught})
    means = np.array(
        [
            np.mean([whiten @ getattr(e, sense) for e in taught if e.style == name], axis=0)
            for name in names
        ]
    )
    mistakes: Counter[str] = Counter()
    for each in asked:
        apart = np.linalg.norm(means - whiten @ getattr(each, sense), axis=1)
        if (said := names[int(np.argmin(apart))]) != each.style:
            mistakes[f"{each.style} as {said}"] += 1
    return 1.0 - mistakes.total() / len(asked), mistakes


def discriminant(features: Features, labels: list[str]) -> Features:
    """The matrix that makes the spread within the labels' classes round: the inverse square root of
    their pooled covariance, shrunk towards its diagonal."""
    rows = features.copy()
    for label in set(labels):
        mine = [at for at, each in enumerate(labels) if each == label]
        rows[mine] -= rows[mine].mean(axis=0)
    covariance = rows.T @ rows / max(1, len(rows) - len(set(labels)))
    diagonal = np.diag(np.diag(covariance) + 1e-6)
    values, vectors = np.linalg.eigh((1.0 - SHRINKAGE) * covariance + SHRINKAGE * diagonal)
    whitened: Features = (vectors / np.sqrt(np.maximum(values, 1e-9))) @ vectors.T
    return whitened


def _confused(mistakes: Counter[str]) -> str:
    worst = [f"{name} ({count})" for name, count in mistakes.most_common(4)]
    return f"Most confused: {', '.join(worst)}." if worst else "No mistakes."


def _table(rows: dict[str, dict[str, Any]]) -> Table:
    table = Table(title=f"What {BARS} bars measure, {len(TAUGHT) + len(ASKED)} seeds a style")
    table.caption = (
        "LUFS: the clip furthest from -14; dBTP: the highest; off: the largest distance of a band "
        "from its target in dB"
    )
    columns = ["style", "bpm", "LUFS", "dBTP", *BANDS, "off", "side/mid", "tempo", "key"]
    for name in columns:
        table.add_column(name, justify="left" if name == "style" else "right")
    for slug, row in rows.items():
        low, high = row["tempo"]
        cells = [slug, f"{low}-{high}", f"{row['lufs_furthest']:.2f}", f"{row['dbtp']:.2f}"]
        cells += [f"{row[band]:.1f}" for band in BANDS]
        cells += [f"{row['off_target']:.1f}", f"{row['side_mid']:.1f}"]
        cells += [f"{row['tempo_right']:.0%}", f"{row['keys_right']:.0%}"]
        table.add_row(*cells)
    return table
