"""The sound chip of a game console: band-limited pulses and stairs, moved sixty times a second."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from generator.synth.envelopes import adsr
from generator.synth.oscillators import frequency, harmonics
from generator.synth.signal import SAMPLE_RATE, Audio, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import Chip

TICK: Final = SAMPLE_RATE // 60
TICKS: Final = 60.0
SMOOTH: Final = 48
SIZE: Final = 4096
HIGHEST: Final = 18_000.0
STAIRS: Final = np.concatenate([np.arange(16), np.arange(15, -1, -1)]) / 7.5 - 1.0
"""The 32 steps of the NES's triangle."""
NOISE_OVERSAMPLED: Final = 16.0

Numbers = npt.NDArray[np.float64]


def play_chip(touches: Iterable[Touch], patch: Chip, stem: Stem, rng: np.random.Generator) -> None:
    """Adds every touch to ``stem``; an arpeggio gives a chord's tones in turn."""
    channel = _Channel(patch, rng)
    for take, played in gather(touches).items():
        sound = _placed(channel.render(take), patch.width, take)
        for touch in played:
            wrap_add(stem.full, touch.start, sound, touch.level)


class _Channel:
    """One channel of the chip."""

    def __init__(self, patch: Chip, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rng = rng

    def render(self, take: Take) -> Audio:
        """``(frames,)``: the course of pitch and volume, tick by tick, then the wave under it."""
        volume = self._volume(take)
        ticks = len(volume) - 1
        if self._patch.arpeggio > 0:
            turn = np.floor(np.arange(ticks) / TICKS * self._patch.arpeggio + 1e-6).astype(int)
            keys = [np.array(sorted(take.pitches), float)[turn % len(take.pitches)]]
        else:
            keys = [np.full(ticks, float(pitch)) for pitch in take.pitches]
        sound = np.zeros(ticks * TICK, np.float32)
        for pitches in keys:
            sound += self._wave(pitches + self._moves(ticks))
        return sound * _ramped(volume)

    def _volume(self, take: Take) -> Numbers:
        """The volume at each tick, in whole steps, down to 0."""
        patch = self._patch
        envelope = adsr(patch.volume, take.gate)[::TICK]
        steps = np.round(envelope * patch.levels) / patch.levels
        return np.concatenate([[0.0], steps, [0.0]]).astype(float)

    def _moves(self, ticks: int) -> Numbers:
        """Semitones of slide and vibrato on each tick."""
        patch, time = self._patch, np.arange(ticks) / TICKS
        slide = patch.slide * np.maximum(0.0, 1.0 - time / patch.slide_time)
        late = np.clip((time - patch.vibrato_delay) / 0.2, 0.0, 1.0)
        swing = np.sin(2.0 * np.pi * patch.vibrato_rate * (time - patch.vibrato_delay))
        return np.asarray(slide + patch.vibrato / 100.0 * late * swing, np.float64)

    def _wave(self, pitches: Numbers) -> Audio:
        """The wave at a pitch for each tick: the counter runs on, its speed changes on ticks."""
        speeds = 440.0 * 2.0 ** ((pitches - 69.0) / 12.0) / SAMPLE_RATE
        starts = np.concatenate([[0.0], np.cumsum(speeds[:-1] * TICK)])
        if self._patch.wave == "noise":
            count = starts[:, None] + speeds[:, None] * np.arange(TICK)
            bit = (count.ravel() * NOISE_OVERSAMPLED).astype(np.int64)
            bit += int(self._rng.integers(2**15))
            return _shift_register()[bit % len(_shift_register())]
        starts += self._rng.uniform()
        tables, rows = self._tables(pitches)
        place = ((starts % 1.0)[:, None] + speeds[:, None] * np.arange(TICK)) % 1.0
        exact = (place * SIZE).astype(np.float32)
        whole = exact.astype(np.int32)
        part = (exact - whole).ravel()
        index = (whole + np.asarray(rows * (SIZE + 2), np.int32)[:, None]).ravel()
        low = tables.take(index)
        index += 1
        wave: Audio = low + (tables.take(index) - low) * part
        return wave

    def _tables(self, pitches: Numbers) -> tuple[Audio, npt.NDArray[np.int64]]:
        """The tables needed, one row each, and the row of each tick."""
        duties = self._patch.duties
        ticks = np.minimum(np.arange(len(pitches)), len(duties) - 1)
        tops = np.ceil(pitches - 1e-6).astype(int)
        kinds = sorted(set(zip(tops.tolist(), ticks.tolist(), strict=True)))
        rows = {kind: row for row, kind in enumerate(kinds)}
        tables = np.stack([_table(self._patch.wave, top, duties[tick]) for top, tick in kinds])
        return tables, np.array([rows[kind] for kind in zip(tops, ticks, strict=True)])


@lru_cache(maxsize=256)
def _table(wave: str, pitch: int, duty: float) -> Audio:
    """One cycle ``(SIZE + 2,)`` with the partials that fit below `HIGHEST` at ``pitch``."""
    count = max(1, min(SIZE // 4, int(HIGHEST / frequency(pitch))))
    spectrum = np.zeros(SIZE // 2 + 1, complex)
    k = np.arange(1, count + 1)
    if wave == "triangle":
        stairs = np.fft.fft(STAIRS)[k % 32] / 32.0
        spectrum[k] = stairs * np.sinc(k / 32.0) * np.exp(-1j * np.pi * k / 32.0)
    else:
        turn = 1.0 if wave == "pulse" else -1j
        spectrum[k] = 0.5 * turn * harmonics(wave, count, duty)
    cycle = fft.irfft(spectrum * SIZE, n=SIZE).astype(np.float32)
    return np.concatenate([cycle, cycle[:2]])


@lru_cache(maxsize=1)
def _shift_register() -> Audio:
    """The 15-bit shift register of the NES: its last bit, over one whole period of 32767."""
    state, bits = 1, np.empty(2**15 - 1, np.float32)
    for place in range(len(bits)):
        bits[place] = 0.7 if state & 1 else -0.7
        state = state >> 1 | ((state ^ state >> 1) & 1) << 14
    return bits


def _ramped(volume: Numbers) -> Audio:
    """Each tick's volume, reached within `SMOOTH` frames: steps to hear, without clicks."""
    ramp = np.minimum(np.arange(TICK) / SMOOTH, 1.0).astype(np.float32)
    steps = volume.astype(np.float32)
    lines: Audio = steps[:-1, None] + np.diff(steps)[:, None] * ramp
    return lines.ravel()


def _placed(sound: Audio, width: float, take: Take) -> Audio:
    side = 1.0 if take.turn % 2 else -1.0
    lean = np.float32(0.7 * width * side * min(1.0, max(0.0, (max(take.pitches) - 48) / 12.0)))
    return np.stack([sound * (1 - lean), sound * (1 + lean)])
