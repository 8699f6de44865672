"""What a listener with instruments hears: measurements of finished audio, independent of the
synth's.

Audio is ``(frames, 2)`` at 44.1 kHz, as a player would get it: nothing here knows that it is a
loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyloudnorm
from scipy import signal

RATE: Final = 44_100
HOP: Final = 512
TEMPO_BANDS: Final = ((20.0, 200.0), (200.0, 2000.0), (2000.0, 16_000.0))
PROFILES: Final = {
    "Krumhansl and Kessler 1982": {
        "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    },
    "Temperley 2007": {
        "major": (
            0.748,
            0.060,
            0.488,
            0.082,
            0.670,
            0.460,
            0.096,
            0.715,
            0.104,
            0.366,
            0.057,
            0.400,
        ),
        "minor": (
            0.712,
            0.084,
            0.474,
            0.618,
            0.049,
            0.460,
            0.105,
            0.747,
            0.404,
            0.067,
            0.133,
            0.330,
        ),
    },
}

Samples = npt.NDArray[np.float32]
Series = npt.NDArray[np.float64]


def loudness(audio: Samples) -> float:
    """Integrated loudness in LUFS, by pyloudnorm."""
    return float(pyloudnorm.Meter(RATE).integrated_loudness(audio.astype(np.float64)))


def true_peak(audio: Samples) -> float:
    """dBTP, oversampled four times."""
    return decibels(float(np.abs(signal.resample_poly(audio, 4, 1, axis=0)).max()) ** 2)


def decibels(power: float) -> float:
    return float(10.0 * np.log10(max(power, 1e-12)))


def band_shares(audio: Samples, bands: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """The power of each band of Hz in dB of the whole, both channels."""
    hertz, density = signal.welch(audio, RATE, nperseg=8192, axis=0)
    power = density.sum(axis=1)
    inside = {name: (hertz >= low) & (hertz < high) for name, (low, high) in bands.items()}
    total = sum(power[place].sum() for place in inside.values())
    return {name: decibels(power[place].sum() / total) for name, place in inside.items()}


def centroid(audio: Samples) -> float:
    """Hz of the spectrum's middle: the mean of frequency, weighted by amplitude."""
    hertz, density = signal.welch(audio.mean(axis=1), RATE, nperseg=8192)
    level = np.sqrt(density)
    return float((hertz * level).sum() / max(float(level.sum()), 1e-12))


def side_to_mid(audio: Samples) -> float:
    """The power of the difference of the channels beside that of their sum, in dB."""
    left, right = audio[:, 0].astype(np.float64), audio[:, 1].astype(np.float64)
    return decibels(float(np.mean((left - right) ** 2) / max(np.mean((left + right) ** 2), 1e-12)))


def below(audio: Samples, hertz: float) -> Samples:
    """Only what lies under ``hertz``."""
    sections = signal.butter(4, hertz, fs=RATE, output="sos")
    return signal.sosfilt(sections, audio, axis=0).astype(np.float32)


def longest_silence(audio: Samples, threshold_db: float = -60.0) -> float:
    """Seconds of the longest stretch in which each hundredth of a second stays under
    the threshold."""
    size = RATE // 100
    count = len(audio) // size
    power = np.square(audio[: count * size]).reshape(count, -1).mean(axis=1)
    return _longest_run(power < 10.0 ** (threshold_db / 10.0)) / 100.0


def _longest_run(flags: npt.NDArray[np.bool_]) -> int:
    """How many neighbours are true at most."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return int((edges[1::2] - edges[0::2]).max(initial=0))


def first_sound(audio: Samples, threshold_db: float = -50.0) -> float:
    """Seconds until the first sample above the threshold."""
    loud = np.abs(audio).max(axis=1) > 10.0 ** (threshold_db / 20.0)
    return float(np.argmax(loud)) / RATE if loud.any() else float("inf")


def longest_clipped_run(audio: Samples) -> int:
    """The most neighbouring samples of a channel at full scale."""
    return max(_longest_run(channel) for channel in (np.abs(audio) >= 0.9999).T)


def crest(audio: Samples) -> float:
    """The highest sample over the root mean square, in dB."""
    return decibels(float(np.abs(audio).max()) ** 2 / max(float(np.mean(np.square(audio))), 1e-12))


def attacks(audio: Samples, seconds: Sequence[float], band: tuple[float, float]) -> list[bool]:
    """For each time, whether the level between two frequencies jumps by half or more around it: the
    highest sample from 10 ms before to 25 ms after beside that of the 20 ms before."""
    sections = signal.butter(2, band, "bandpass", fs=RATE, output="sos")
    level = np.abs(signal.sosfilt(sections, audio.mean(axis=1)))
    found = []
    for place in (round(time * RATE) for time in seconds):
        start = max(0, place - RATE // 100)
        before = level[max(0, start - RATE // 50) : start + 1].max()
        found.append(bool(level[start : place + RATE // 40].max() > 1.5 * before))
    return found


def seam_step(audio: Samples) -> tuple[float, float]:
    """The step from the last sample to the first, and the steepest step inside, any channel."""
    seam = float(np.abs(audio[0] - audio[-1]).max())
    return seam, float(np.abs(np.diff(audio, axis=0)).max())


def onset_strength(audio: Samples, low: float = 0.0, high: float = 20_000.0) -> Series:
    """How much the log spectrum between ``low`` and ``high`` Hz rises into each hop of `HOP` frames
    (spectral flux, Bello et al. 2005)."""
    size = 1024
    hertz, _, spectrum = signal.stft(audio.mean(axis=1), RATE, nperseg=size, noverlap=size - HOP)
    level = np.log1p(1000.0 * np.abs(spectrum[(hertz >= low) & (hertz < high)]))
    rise = np.maximum(np.diff(level, axis=1, prepend=level[:, :1]), 0.0)
    return np.asarray(rise.mean(axis=0), np.float64)


def tempo(audio: Samples, middle: float) -> float:
    """Beats a minute within half an octave of ``middle``: the period whose multiples the onsets of
    the bass, of the middle and of the treble agree on best, by autocorrelation."""
    same = sum(_autocorrelation(onset_strength(audio, *band)) for band in TEMPO_BANDS)
    candidates = middle * 2.0 ** np.linspace(-0.5, 0.5, 4001)
    lags = 60.0 / candidates * RATE / HOP
    places = np.arange(len(same))
    score = sum(np.interp(lags * many, places, same) for many in (1, 2, 3, 4))
    return float(candidates[int(np.argmax(score))])


def _autocorrelation(strength: Series) -> Series:
    """At each lag, 1 at lag 0; as long as the input."""
    centred = strength - strength.mean()
    power = np.abs(np.fft.rfft(centred, 2 * len(centred))) ** 2
    same = np.fft.irfft(power)[: len(centred)]
    return np.asarray(same / max(same[0], 1e-12), np.float64)


def keys(audio: Samples) -> dict[str, tuple[int, str]]:
    """The key each profile hears: the pitch class of its tonic (C = 0) and "major" or "minor"."""
    chroma = _chroma(audio)
    return {name: _best_key(chroma, table) for name, table in PROFILES.items()}


def _best_key(chroma: Series, table: Mapping[str, tuple[float, ...]]) -> tuple[int, str]:
    scores = {
        (tonic, mode): float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
        for mode, profile in table.items()
        for tonic in range(12)
    }
    return max(scores, key=lambda key: scores[key])


def _chroma(audio: Samples) -> Series:
    """The weight of each pitch class over the clip, 50 Hz to 1.5 kHz.

    Drums are thinned out by taking what lasts (a median along time); each spectral peak speaks for
    the pitches it may be a harmonic of, the n-th with weight ``.5^(n-1)`` (Gomez 2006), so that the
    fifths and thirds among the overtones of a bass are not heard as chords.
    """
    size = 16_384
    _, _, spectrum = signal.stft(audio.mean(axis=1), RATE, nperseg=size, noverlap=size * 3 // 4)
    level = np.abs(spectrum[: 1500 * size // RATE])
    lasting = np.minimum(level, signal.medfilt2d(level, (1, 5))).astype(np.float64) ** 0.7
    lasting /= np.sqrt(np.maximum(lasting.sum(axis=0), 1e-9))
    hertz = np.arange(level.shape[0]) * RATE / size
    peaks = lasting[1:-1] * ((lasting[1:-1] > lasting[:-2]) & (lasting[1:-1] > lasting[2:]))
    weights, places = peaks.sum(axis=1), hertz[1:-1]
    inside = places > 50.0
    chroma = np.zeros(12)
    for harmonic in range(1, 5):
        pitch = 69.0 + 12.0 * np.log2(places[inside] / harmonic / 440.0)
        nearness = np.cos(np.pi * np.clip(pitch - np.round(pitch), -0.5, 0.5)) ** 2
        share = weights[inside] * nearness * 0.5 ** (harmonic - 1)
        np.add.at(chroma, np.round(pitch).astype(int) % 12, share)
    return chroma
