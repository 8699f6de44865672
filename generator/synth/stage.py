"""Where a score meets the clock: beats become frames, the form's energy becomes level and
brightness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.score import KICK, Note, Score
from generator.synth.signal import SAMPLE_RATE, gain
from generator.synth.sound import Desk

NEUTRAL_ENERGY: Final = 0.6
NEUTRAL_VELOCITY: Final = 96.0
VELOCITY_EXPONENT: Final = 1.4
TOUCH_STEPS: Final = 12
CHORD_SPREAD: Final = 0.05


@dataclass(frozen=True, slots=True)
class Touch:
    """Keys struck together: their ``pitches`` sound from frame ``start`` and are held for ``gate``
    frames.

    ``hardness`` is the velocity as a share 0..1 in `TOUCH_STEPS` steps, ``octaves`` the shift of
    every filter that the form and the mood ask for, ``before`` the pitch a legato line comes from,
    if any.
    """

    start: int
    gate: int
    pitches: tuple[int, ...]
    hardness: float
    octaves: float
    level: float
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The time of one clip. ``frames`` is even: some effects run at half the rate, in the same
    circle."""

    frames: int
    frames_per_beat: float
    energies: tuple[float, ...]
    frames_per_bar: float
    energy_octaves: float
    energy_db: float
    brightness: float

    @classmethod
    def of(cls, score: Score, desk: Desk, brightness: float) -> Stage:
        """The stage for ``score``; ``brightness`` octaves are added to every filter."""
        beat = 60.0 / score.bpm * SAMPLE_RATE
        energies = [NEUTRAL_ENERGY] * score.bars
        for section in score.sections:
            for bar in range(section.start_bar, min(section.start_bar + section.bars, score.bars)):
                energies[bar] = section.energy
        return cls(
            frames=2 * round(score.beats * beat / 2.0),
            frames_per_beat=beat,
            energies=tuple(energies),
            frames_per_bar=beat * score.beats_per_bar,
            energy_octaves=desk.energy_octaves,
            energy_db=desk.energy_db,
            brightness=brightness,
        )

    def frame(self, beat: float) -> int:
        """The frame of a beat, inside the clip."""
        return round(beat * self.frames_per_beat) % self.frames

    def energy(self, frame: int) -> float:
        """How far the form's energy lies above neutral there: about -.6 to .4."""
        bar = min(int(frame / self.frames_per_bar), len(self.energies) - 1)
        return self.energies[bar] - NEUTRAL_ENERGY

    def touches(self, notes: tuple[Note, ...], *, chords: bool) -> Iterator[Touch]:
        """What is struck, in order; with ``chords`` notes struck together are one touch."""
        before: Note | None = None
        for together in _struck_together(notes) if chords else ([note] for note in notes):
            yield self._touch(together, before)
            before = together[-1]

    def _touch(self, keys: list[Note], before: Note | None) -> Touch:
        start, length = keys[0].start, keys[0].length
        frame = self.frame(start)
        energy = self.energy(frame)
        velocity = sum(note.velocity for note in keys) / len(keys)
        grid = self.frames_per_beat / 16.0
        legato = before is not None and -0.05 < start - before.start - before.length < 0.06
        return Touch(
            start=frame,
            gate=max(1, round(max(1.0, round(length * 16.0)) * grid)),
            pitches=tuple(note.pitch for note in keys),
            hardness=round(velocity / 127.0 * TOUCH_STEPS) / TOUCH_STEPS,
            octaves=self.brightness + self.energy_octaves * energy,
            level=loudness(velocity) * gain(self.energy_db * energy),
            before=before.pitch if legato and before is not None else None,
        )

    def kicks(self, score: Score) -> list[int]:
        """The frame of every kick, for the side chain."""
        drums = [part for part in score.parts if part.name == "drums"]
        return [self.frame(n.start) for part in drums for n in part.notes if n.pitch == KICK]


def _struck_together(notes: tuple[Note, ...]) -> Iterator[list[Note]]:
    """Notes of one length whose starts lie within `CHORD_SPREAD` beats of the first."""
    chord: list[Note] = []
    for note in notes:
        near = chord and note.start - chord[0].start <= CHORD_SPREAD
        if chord and not (near and abs(note.length - chord[0].length) < 2 * CHORD_SPREAD):
            yield chord
            chord = []
        chord.append(note)
    if chord:
        yield chord


def loudness(velocity: float) -> float:
    """The amplitude of a velocity: 1 at `NEUTRAL_VELOCITY`, half the velocity is about
    8 dB softer."""
    return float((velocity / NEUTRAL_VELOCITY) ** VELOCITY_EXPONENT)
