"""The materials of drums: falling sines, shaped noise, metal, and how they strike. Mono
``(frames,)``."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import fft
from scipy.ndimage import uniform_filter1d

from generator.synth.signal import SAMPLE_RATE, Audio

CYMBAL_HERTZ = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)
"""Six oscillators of no common key: the metal of the drum machines of 1980."""

BASS_WINDOW = 200
"""Frames whose mean the walls swallow: of 60 Hz a tenth comes back, of 220 Hz all."""

WALLS = ((0.0053, 0.0117, 0.0191, 0.0307), (0.0067, 0.0101, 0.0223, 0.0281))
"""When the walls of a small room answer, in seconds, left and right."""


def seconds(frames: int) -> Audio:
    """The time of each frame; shared, so nobody writes into it."""
    return _clock(1 << max(16, (frames - 1).bit_length()))[:frames]


@lru_cache(maxsize=4)
def _clock(frames: int) -> Audio:
    time = np.arange(frames, dtype=np.float32) / np.float32(SAMPLE_RATE)
    time.flags.writeable = False
    return time


def fade(frames: int, tau: float, hold: float = 0.0) -> Audio:
    """Full for ``hold`` seconds, then ``exp(-t / tau)``; the last eighth falls to zero."""
    late = np.maximum(seconds(frames) - np.float32(hold), 0)
    level: Audio = np.exp(late * np.float32(-1.0 / tau))
    return ended(level)


def ended(sound: Audio) -> Audio:
    """``sound`` with a last eighth that falls to zero, in place."""
    edge = sound.shape[-1] // 8
    sound[..., sound.shape[-1] - edge :] *= np.linspace(1.0, 0.0, edge, dtype=np.float32)
    return sound


def falling(frames: int, base: float, *drops: tuple[float, float]) -> Audio:
    """A sine whose pitch falls to ``base`` Hz: each drop adds ``hertz * exp(-t / tau)``.

    The phase is the integral ``2 pi (base t + sum hertz tau (1 - exp(-t / tau)))``.
    """
    time = seconds(frames)
    cycles = np.float32(base) * time
    for hertz, tau in drops:
        cycles -= np.float32(hertz * tau) * np.expm1(time * np.float32(-1.0 / tau))
    return _sine(cycles)


def noise(frames: int, low: float, high: float, rng: np.random.Generator) -> Audio:
    """Noise between two soft edges (12 dB/octave below ``low``, above ``high``), of RMS one.

    Drawn as a spectrum: the many random bins that meet in each sample make it Gaussian.
    """
    size = fft.next_fast_len(frames, real=True)
    bins = rng.random((size // 2 + 1, 2), dtype=np.float32)
    bins -= np.float32(0.5)
    spectrum = bins.view(np.complex64)[:, 0]
    spectrum *= _noise_shape(size, low, high)
    samples: Audio = fft.irfft(spectrum, n=size)[:frames]
    return samples


def grain(frames: int, band: tuple[float, float], tau: float, rng: np.random.Generator) -> Audio:
    """Noise in ``band`` that dies with ``tau``, in ``frames`` of which only the first are not
    silent."""
    heard = min(frames, round(8.0 * tau * SAMPLE_RATE))
    samples = np.zeros(frames, np.float32)
    samples[:heard] = noise(heard, *band, rng) * fade(heard, tau)
    return samples


@lru_cache(maxsize=256)
def _noise_shape(size: int, low: float, high: float) -> Audio:
    """What makes bins evenly random within -1/2..1/2, real and imaginary, into noise of RMS one."""
    hertz = np.arange(size // 2 + 1, dtype=np.float32) * np.float32(SAMPLE_RATE / size)
    above, below = np.square(hertz / np.float32(low)), np.square(hertz / np.float32(high))
    shape = above / np.sqrt((1.0 + above * above) * (1.0 + below * below))
    power = float(np.sum(np.square(shape))) / 3.0 / size**2
    gains: Audio = shape / np.float32(np.sqrt(max(1e-12, power)))
    return gains


def metal(frames: int, low: float, high: float, tune: float, rng: np.random.Generator) -> Audio:
    """The square waves of the cymbal cluster between two edges (24 dB/octave), of RMS one; ``tune``
    is a ratio."""
    return squares(frames, tuple(tune * hertz for hertz in CYMBAL_HERTZ), low, high, rng)


def squares(
    frames: int, voices: tuple[float, ...], low: float, high: float, rng: np.random.Generator
) -> Audio:
    """Square waves of these Hz between two edges (24 dB/octave), of RMS one.

    Written as a spectrum, so that no partial folds over.
    """
    size = fft.next_fast_len(frames, real=True)
    spectrum = np.zeros(size // 2 + 1, np.complex64)
    for hertz in voices:
        k = np.arange(1, int(18_000.0 / hertz), 2)
        bins = np.round(k * hertz * size / SAMPLE_RATE).astype(int)
        spectrum[bins] += (np.exp(1j * rng.uniform(0, 2 * np.pi, len(k))) / k).astype(np.complex64)
    spectrum *= np.square(_noise_shape(size, low, high))
    tone: Audio = fft.irfft(spectrum, n=size)[:frames]
    tone /= max(1e-12, float(np.sqrt(np.mean(np.square(tone)))))
    return tone


def modes(
    frames: int,
    base: float,
    partials: tuple[tuple[float, float, float], ...],
    *drops: tuple[float, float],
) -> Audio:
    """A skin, a bar, a bell: sines at ``ratio * base`` Hz, each of its own ``level`` and ``tau``
    (the three of ``partials``), all bent by the same ``drops`` (as in `falling`, times the
    ratio); the last eighth falls to zero."""
    time = seconds(frames)
    cycles = np.float32(base) * time
    for hertz, tau in drops:
        cycles -= np.float32(hertz * tau) * np.expm1(time * np.float32(-1.0 / tau))
    sound = np.zeros(frames, np.float32)
    for ratio, level, tau in partials:
        heard = min(frames, round(7.0 * tau * SAMPLE_RATE))
        tone = _sine(cycles[:heard] * np.float32(ratio))
        tone *= np.exp(time[:heard] * np.float32(-1.0 / tau))
        tone *= np.float32(level)
        sound[:heard] += tone
    return ended(sound)


def _sine(cycles: Audio) -> Audio:
    """The sine of so many whole turns, which are taken off first: the rest is exact, and taking off
    the nearest whole number is far cheaper than a remainder."""
    cycles -= np.rint(cycles)
    cycles *= np.float32(2.0 * np.pi)
    return np.sin(cycles, out=cycles)


def crunch(hit: Audio, bits: float, rate: float) -> Audio:
    """``hit`` as an early sampler kept it: ``2^bits`` steps from -1 to 1, each held as long as a
    sample lasts at ``rate`` Hz."""
    held = np.arange(hit.shape[-1]) * (rate / SAMPLE_RATE)
    first = np.ceil(np.floor(held) * (SAMPLE_RATE / rate)).astype(np.int64)
    steps = np.float32(2.0 ** (bits - 1.0))
    kept: Audio = np.rint(hit.take(first, axis=-1) * steps) / steps
    return kept


def near_walls(hit: Audio, share: float) -> Audio:
    """``hit`` ``(2, frames)`` and its echoes off the walls of a small room, each channel its
    own; the walls give no bass back, so that a kick stays in the middle."""
    result, middle = hit.copy(), hit.mean(axis=0)
    middle -= uniform_filter1d(middle, BASS_WINDOW, mode="constant")
    for channel, gaps in zip(result, WALLS, strict=True):
        for order, gap in enumerate(gaps):
            late = round(gap * SAMPLE_RATE)
            if late < len(middle):
                channel[late:] += np.float32(share * 0.8**order) * middle[:-late]
    return result


def full(hit: Audio) -> Audio:
    """``hit`` at peak one, in place."""
    hit *= np.float32(1.0 / max(1e-9, float(hit.max()), -float(hit.min())))
    return hit


def lines(
    frames: int, partials: tuple[tuple[float, float], ...], rng: np.random.Generator
) -> Audio:
    """Steady sines of these Hz and levels, each at a phase of its own; as good as free of cost,
    whatever their number."""
    size = fft.next_fast_len(frames, real=True)
    spectrum = np.zeros(size // 2 + 1, np.complex64)
    for hertz, level in partials:
        turned = np.exp(1j * rng.uniform(0.0, 2.0 * np.pi))
        spectrum[min(round(hertz * size / SAMPLE_RATE), size // 2)] += 0.5 * size * level * turned
    tone: Audio = fft.irfft(spectrum, n=size)[:frames]
    return tone


def burst(frames: int, tau: float, gaps: tuple[float, ...]) -> Audio:
    """The envelope of hands: short bursts at ``gaps`` seconds, the last one ringing
    with ``tau``."""
    time = seconds(frames)
    level = np.zeros(frames, np.float32)
    for gap in gaps[:-1]:
        level += np.where(time >= gap, np.exp((gap - time) * np.float32(1 / 0.005)), 0)
    return level + np.where(time >= gaps[-1], np.exp((gaps[-1] - time) * np.float32(1 / tau)), 0)


def gated(frames: int, start: float, stop: float, tau: float, rng: np.random.Generator) -> Audio:
    """The tail of a room cut short: stereo noise ``(2, frames)``, a slow decay, shut in 18 ms."""
    heard = min(frames, round((stop + 0.018) * SAMPLE_RATE))
    time = seconds(heard)
    level = np.exp(-np.maximum(time - start, 0) * np.float32(1.0 / tau))
    level *= np.clip((time - start) / np.float32(0.004), 0, 1)
    level *= np.clip((stop - time) / np.float32(0.018) + 1, 0, 1)
    room = np.zeros((2, frames), np.float32)
    for channel in room:
        channel[:heard] = noise(heard, 280.0, 6800.0, rng) * level
    return room


def wide(centre: Audio, side: Audio | None = None, pan: float = 0.0) -> Audio:
    """Stereo from a mono strike, at equal power, with ``side`` added left and taken away right."""
    angle = (1.0 + pan) * np.pi / 4.0
    both = np.stack([centre * np.float32(np.cos(angle)), centre * np.float32(np.sin(angle))])
    both *= np.float32(np.sqrt(2.0))
    if side is not None:
        both[0] += side
        both[1] -= side
    return both.astype(np.float32)
