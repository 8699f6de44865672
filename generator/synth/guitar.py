"""The electric guitar: steel strings, an amplifier driven as hard as wanted, a cabinet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
from scipy import fft, signal

from generator.synth.banded import KNOT, knot_times
from generator.synth.filters import run_round
from generator.synth.halfband import HALF_RATE
from generator.synth.plucked import Lute
from generator.synth.shaping import saturated
from generator.synth.signal import SAMPLE_RATE, Audio, gain, stretched, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import ElectricGuitar, Plucked

GENTLE: Final = 14.0
"""dB of drive up to which the common rate is fine enough; beyond, the amplifier runs at twice
that."""
TAIL: Final = 0.03
LONG: Final = 0.3
"""Seconds from which a note is long enough to be bent."""
VIBRATO_DELAY: Final = 0.28
VIBRATO_RATE: Final = 5.4
SCOOP_SECONDS: Final = 0.12
SOLID_BELOW: Final = 180.0
TAKES: Final = 2
"""How many takes of a chord there are; a second guitar plays the one the first does not."""


def play_guitar(
    touches: Iterable[Touch], patch: ElectricGuitar, stem: Stem, rng: np.random.Generator
) -> None:
    """Adds the part to ``stem`` at half the rate: no cabinet says more."""
    rig = _Rig(patch, rng)
    left, right = _sides(patch.double)
    for take, played in gather([_powered(t, patch.power) for t in touches], TAKES).items():
        near = rig.play(take)
        far = rig.play(take._replace(turn=(take.turn + 1) % TAKES)) if patch.double > 0 else near
        sound = np.zeros((2, max(len(near), len(far))), np.float32)
        sound[:, : len(near)] += left[:, None] * near
        sound[:, : len(far)] += right[:, None] * far
        for touch in played:
            wrap_add(stem.half, touch.start // 2, sound, touch.level)
    if patch.double > 0:
        _centre_lows(stem.half)


def _centre_lows(half: Audio) -> None:
    """Takes away what differs between the channels below `SOLID_BELOW` Hz, in place."""
    side = 0.5 * (half[:1] - half[1:])
    middle = half[0] - side[0]
    run_round(side, signal.butter(2, SOLID_BELOW, "highpass", fs=HALF_RATE, output="sos"), 4096)
    half[0], half[1] = middle + side[0], middle - side[0]


def _sides(width: float) -> tuple[Audio, Audio]:
    """Gains of the two takes on both channels."""
    angle = (1.0 - width) * np.pi / 4.0
    near = np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(np.sqrt(0.5))
    return near, near[::-1].copy()


def _powered(touch: Touch, power: int) -> Touch:
    """A lone note as a power chord."""
    if power == 0 or len(touch.pitches) > 1:
        return touch
    root = touch.pitches[0]
    return replace(touch, pitches=(root, root + 7, root + 12)[: power + 1])


class _Rig:
    """Guitar, amplifier and cabinet of one part; takes already played are kept."""

    def __init__(self, patch: ElectricGuitar, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rng = rng
        self._rate = SAMPLE_RATE if patch.drive <= GENTLE else 2 * SAMPLE_RATE
        self._open = Lute(_strings(patch, 0.0), self._rate, rng)
        self._muted = Lute(_strings(patch, patch.palm), self._rate, rng)
        self._known: dict[Take, Audio] = {}

    def play(self, take: Take) -> Audio:
        """``(frames,)`` at half the rate: all strings of a chord through one amplifier."""
        if take not in self._known:
            self._known[take] = self._played(take)
        return self._known[take]

    def _played(self, take: Take) -> Audio:
        patch = self._patch
        short = take.gate < patch.palm_below * SAMPLE_RATE
        lute = self._muted if short and patch.palm > 0 else self._open
        step = round(patch.strum * self._rate)
        tones = [lute.pluck(take._replace(pitches=(p,)))[0] for p in sorted(take.pitches)]
        if take.gate > LONG * SAMPLE_RATE and (patch.vibrato > 0 or patch.scoop > 0):
            tones = [self._bent(tone) for tone in tones]
        frames = max(len(tone) for tone in tones) + step * (len(tones) - 1)
        dry = np.zeros(frames, np.float32)
        for place, tone in enumerate(tones):
            dry[place * step : place * step + len(tone)] += tone
        push = gain(patch.drive) * (0.5 + take.hardness)
        return _cabinet(saturated(dry, push), patch.tone, self._rate)

    def _bent(self, tone: Audio) -> Audio:
        """The string as the left hand moves it: up into the pitch, and to and fro later on."""
        patch = self._patch
        time = knot_times(len(tone), self._rate)
        late = np.clip((time - VIBRATO_DELAY) / 0.3, 0.0, 1.0)
        turn = 2.0 * np.pi * VIBRATO_RATE * (time - VIBRATO_DELAY)
        cents = patch.vibrato * late * np.sin(turn)
        cents -= patch.scoop * np.clip(1.0 - time / SCOOP_SECONDS, 0.0, 1.0) ** 2
        lead = np.cumsum(2.0 ** (cents / 1200.0) - 1.0) * KNOT
        place = stretched((lead - lead[0]).astype(np.float32), KNOT, len(tone))
        whole = np.floor(place)
        index = np.arange(len(tone), dtype=np.int32) + whole.astype(np.int32)
        near = tone.take(index, mode="clip")
        far = tone.take(index + 1, mode="clip")
        result: Audio = near + (far - near) * (place - whole)
        return result


def _strings(patch: ElectricGuitar, mute: float) -> Plucked:
    """The strings as a pickup hears them."""
    return Plucked(
        decay=patch.decay, key_decay=0.35, brightness=patch.brightness, damping=0.35,
        position=patch.pickup, stiffness=0.12, double=0.0, mute=mute, body="none", resonance=0.0,
        pick=patch.pick, release=patch.release, width=0.0,
    )  # fmt: skip


def _cabinet(driven: Audio, tone: float, rate: int) -> Audio:
    """``driven`` at ``rate`` through a speaker in a closed box, at half the sample rate.

    The box booms at 110 Hz, the cone barks between two and four kHz and gives up above ``tone``,
    36 dB an octave; what is above half the new rate is left out of the spectrum, so nothing folds.
    """
    slower = rate // HALF_RATE
    frames = len(driven) + round(TAIL * rate)
    size = 2 * slower * fft.next_fast_len(-(-frames // (2 * slower)), real=True)
    spectrum = fft.rfft(driven, n=size)[: size // slower // 2 + 1]
    hertz = np.arange(len(spectrum)) * (rate / size) + 1e-3
    shape = 1.0 / np.sqrt((1.0 + (75.0 / hertz) ** 4) * (1.0 + (hertz / tone) ** 12))
    for centre, boost, width in ((110.0, 0.5, 0.5), (2600.0, 1.0, 0.7), (420.0, -0.35, 0.7)):
        shape *= 1.0 + boost * np.exp(-((np.log2(hertz / centre) / width) ** 2))
    spectrum *= (shape / slower).astype(np.float32)
    samples: Audio = fft.irfft(spectrum, n=size // slower)[: frames // slower]
    edge = min(len(samples), 64)
    samples[-edge:] *= np.linspace(1.0, 0.0, edge, dtype=np.float32)
    return samples
