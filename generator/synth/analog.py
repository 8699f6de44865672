"""The subtractive voice: unison oscillators, one moving filter, one amplitude envelope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from generator.synth.envelopes import adsr, filter_octaves, release_frames
from generator.synth.filters import CONTROL, sweep, whisper
from generator.synth.oscillators import Loop, unison_loop
from generator.synth.patches import Analog
from generator.synth.percussion import noise
from generator.synth.shaping import saturated
from generator.synth.signal import SAMPLE_RATE, Audio, stretched, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem

ROUND_ROBIN: Final = 2
SHIFT_STEP: Final = 0.35
BATCH_FRAMES: Final = 2**20
DARK: Final = 12_000.0
"""Hz: above 9 kHz a filter of 24 dB per octave that opens this far leaves less than -45 dB."""
WIND: Final = 2**16
WIND_LEVEL: Final = 0.4
MIDDLE_C: Final = 60
NEUTRAL_HARDNESS: Final = 0.75


class _Sound(NamedTuple):
    """What decides the samples of a touch; touches that agree in it share one rendering."""

    shift: float
    gate: int
    pitches: tuple[int, ...]
    before: int | None
    wobble: float
    turn: int


def play_analog(
    touches: Iterator[Touch],
    patch: Analog,
    stem: Stem,
    rng: np.random.Generator,
    frames_per_beat: float = SAMPLE_RATE / 2,
) -> None:
    """Adds every touch to ``stem``; notes past the end go on at its start.

    Where no filter of the part ever opens beyond `DARK` Hz, it is played at half the rate. A beat
    of ``frames_per_beat`` is what the patch's wobble counts in.
    """
    uses = _shared(touches, patch)
    widest = max((sound.shift for sound in uses), default=0.0) + max(0.0, patch.filter.octaves)
    dark = patch.filter.cutoff * 2.0 ** (widest + patch.wobble) < DARK and patch.drive <= 0
    slower = 2 if dark else 1
    bank = _Bank(patch, SAMPLE_RATE // slower, rng, frames_per_beat / SAMPLE_RATE)
    target = stem.at(slower)
    for batch in _batches(list(uses), release_frames(patch.amp)):
        for sound, row in zip(batch, bank.render(batch), strict=True):
            for touch in uses[sound]:
                wrap_add(target, touch.start // slower, row, touch.level)


def _shared(touches: Iterator[Touch], patch: Analog) -> dict[_Sound, list[Touch]]:
    """The touches of each sound; the wobble's speeds take turns note by note."""
    uses: dict[_Sound, list[Touch]] = {}
    counts: dict[tuple[float, int, tuple[int, ...], int | None, float], int] = {}
    for place, touch in enumerate(touches):
        before = touch.before if patch.glide > 0 else None
        beats = patch.wobble_beats[place % len(patch.wobble_beats)] if patch.wobble > 0 else 0.0
        same = (_shift(touch, patch), touch.gate, touch.pitches, before, beats)
        counts[same] = turn = counts.get(same, -1) + 1
        uses.setdefault(_Sound(*same, turn % ROUND_ROBIN), []).append(touch)
    return uses


def _shift(touch: Touch, patch: Analog) -> float:
    """Octaves the filter lies above its table, in steps that let touches share a rendering."""
    mean = sum(touch.pitches) / len(touch.pitches)
    octaves = touch.octaves
    octaves += patch.filter.velocity * (touch.hardness - NEUTRAL_HARDNESS)
    octaves += patch.filter.follow * (mean - MIDDLE_C) / 12.0
    return round(octaves / SHIFT_STEP) * SHIFT_STEP


def _batches(sounds: list[_Sound], release: int) -> Iterator[list[_Sound]]:
    """Sounds of one filter shift and similar length, which one call can filter together."""
    batch: list[_Sound] = []
    for sound in sorted(sounds, key=lambda s: (s.shift, s.wobble, s.gate)):
        length = sound.gate + release
        if batch and (
            (sound.shift, sound.wobble) != (batch[0].shift, batch[0].wobble)
            or length > 1.3 * (batch[0].gate + release)
            or length * len(batch) > BATCH_FRAMES
        ):
            yield batch
            batch = []
        batch.append(sound)
    if batch:
        yield batch


class _Bank:
    """The loops of one part, made when first needed, and what turns them into notes at one rate."""

    def __init__(self, patch: Analog, rate: int, rng: np.random.Generator, beat: float) -> None:
        self._patch = patch
        self._rate = rate
        self._rng = rng
        self._beat = beat
        self._wind: Audio | None = None
        self._bends = patch.vibrato > 0 or patch.glide > 0
        self._loops: dict[int, Loop] = {}

    def render(self, batch: list[_Sound]) -> Iterator[Audio]:
        """Each sound of the batch as ``(2, its frames)``."""
        patch, rate = self._patch, self._rate
        gates = [sound.gate * rate // SAMPLE_RATE for sound in batch]
        envelopes = {gate: adsr(patch.amp, gate, rate) for gate in sorted(set(gates))}
        longest = max(len(envelope) for envelope in envelopes.values())
        rows = np.empty((len(batch), 2, longest), np.float32)
        rows[:] = whisper(longest)
        for row, sound, gate in zip(rows, batch, gates, strict=True):
            length = len(envelopes[gate])
            for pitch in sound.pitches:
                row[:, :length] += self._tone(pitch, sound.before, length)
            if patch.noise > 0:
                row[:, :length] += self._blown(length)
        time = np.arange(0, longest, CONTROL) / rate
        octaves = filter_octaves(patch.filter, time) + batch[0].shift
        if patch.wobble > 0:
            turn = 2.0 * np.pi * time / (self._beat * batch[0].wobble)
            octaves += patch.wobble * (0.5 - 0.5 * np.cos(turn))
        sweep(rows, octaves, patch.filter.cutoff, patch.filter.resonance, rate)
        if patch.drive > 0:
            rows = saturated(rows, patch.drive)
        for row, gate in zip(rows, gates, strict=True):
            envelope = envelopes[gate]
            row[:, : len(envelope)] *= envelope
            yield row[:, : len(envelope)]

    def _tone(self, pitch: int, before: int | None, frames: int) -> Audio:
        loop = self._loop(pitch)
        start = round(int(self._rng.integers(loop.cycles)) * loop.cycle)
        if self._bends:
            return loop.read_bent(start, self._bend(pitch, before, frames))
        return loop.read(start, frames)

    def _blown(self, frames: int) -> Audio:
        """Noise ``(2, frames)``, the same wind for all notes, caught at another moment by each."""
        if self._wind is None:
            level = np.float32(WIND_LEVEL * self._patch.noise)
            sides = [noise(WIND, 150.0, 20_000.0, self._rng) for _ in range(2)]
            self._wind = np.stack(sides) * level
        place = np.arange(frames) + int(self._rng.integers(WIND))
        blown: Audio = self._wind.take(place, axis=1, mode="wrap")
        return blown

    def _loop(self, pitch: int) -> Loop:
        if pitch not in self._loops:
            oversampled = 2 if self._bends else 1
            self._loops[pitch] = unison_loop(self._patch, pitch, self._rng, self._rate, oversampled)
        return self._loops[pitch]

    def _bend(self, pitch: int, before: int | None, frames: int) -> Audio:
        """Frames by which glide and vibrato lead: the integral of ``2^(cents / 1200) - 1``."""
        patch = self._patch
        time = np.arange(0, frames + CONTROL, CONTROL) / self._rate
        late = np.clip((time - patch.vibrato_delay) / 0.3, 0.0, 1.0)
        turn = 2.0 * np.pi * (patch.vibrato_rate * time + self._rng.uniform())
        cents = patch.vibrato * late * np.sin(turn)
        if before is not None:
            cents += 100.0 * (before - pitch) * np.exp(-time / max(patch.glide, 1e-3))
        lead = np.cumsum(2.0 ** (cents / 1200.0) - 1.0) * CONTROL
        return stretched(lead.astype(np.float32), CONTROL, frames)
