"""Scores and sounds small enough to know by heart."""

from __future__ import annotations

from collections.abc import Sequence

from generator.score import Note, Part, Score, Section
from generator.style import load_style
from generator.synth.sound import Sound


def score(
    *, bpm: int = 120, bars: int = 4, energies: Sequence[float] = (0.6,), **parts: Sequence[Note]
) -> Score:
    """A score of these parts; each energy rules an equal share of the bars."""
    share = bars // len(energies)
    sections = tuple(
        Section(f"S{number}", number * share, share, energy)
        for number, energy in enumerate(energies)
    )
    played = tuple(Part(name, tuple(sorted(notes))) for name, notes in parts.items())
    return Score(bpm, "A minor", bars, sections, (), played)


def every_beat(
    pitch: int, *, beats: int = 16, length: float = 0.5, velocity: int = 100
) -> list[Note]:
    return [Note(float(beat), length, pitch, velocity) for beat in range(beats)]


def synthwave() -> Sound:
    return load_style("synthwave").sound
