"""Clips written by hand, so that the files made of them can be checked note by note."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from generator import score as gm
from generator.clip import Clip
from generator.score import Chord, Note, Part, Score, Section
from generator.spec import ClipSpec

PARTS = ("drums", "bass", "pad", "arp", "lead")


def score(bars: int = 4, bpm: int = 120, parts: tuple[str, ...] = PARTS) -> Score:
    """Dm and Bb in turn, a bar each; the last note of the pad crosses the end."""
    chords = tuple(
        Chord(4.0 * bar, 4.0, *((2, (2, 5, 9), "Dm") if bar % 2 == 0 else (10, (10, 2, 5), "Bb")))
        for bar in range(bars)
    )
    half = bars // 2
    sections = (Section("A", 0, half, 0.4), Section("B", half, bars - half, 0.9))
    written = tuple(Part(name, _notes(name, chords)) for name in parts)
    return Score(bpm, "D minor", bars, sections, chords, written)


def _notes(name: str, chords: tuple[Chord, ...]) -> tuple[Note, ...]:
    notes = []
    for chord in chords:
        beats = [chord.start + beat for beat in range(4)]
        if name == "drums":
            notes += [Note(beat, 0.1, gm.KICK, 112) for beat in beats]
            notes += [Note(beat, 0.1, gm.SNARE, 107) for beat in beats[1::2]]
            notes += [Note(beat + 0.5, 0.1, gm.CLOSED_HAT, 70) for beat in beats]
        elif name == "bass":
            notes += [Note(beat, 0.9, 36 + chord.root, 100) for beat in beats]
        elif name == "pad":
            notes += [Note(chord.start, 4.5, 60 + tone, 64) for tone in chord.tones]
        else:
            octave = 72 if name == "lead" else 60
            notes += [
                Note(beat, 0.5, octave + tone, 90)
                for beat, tone in zip(beats, chord.tones, strict=False)
            ]
    return tuple(sorted(notes))


def tone(seconds: float) -> npt.NDArray[np.float32]:
    """A quiet chord of sines, left and right not alike."""
    time = np.arange(round(seconds * 44100)) / 44100
    left = np.sin(2 * np.pi * 220 * time) * np.exp(-(time % 0.5) * 4)
    right = np.sin(2 * np.pi * 330 * time)
    return (0.4 * np.stack([left, right], axis=1)).astype(np.float32)


def clip(
    bars: int = 4, bpm: int = 120, parts: tuple[str, ...] = PARTS, file_format: str = "mp3"
) -> Clip:
    written = score(bars, bpm, parts)
    spec = ClipSpec("synthwave", 7, bpm, "D minor", "night", bars, parts, file_format)
    return Clip(spec, "Synthwave", written, tone(written.seconds), -14.02, -1.234)
