"""A clip in numbers, for listeners that do not know its name: from its audio, and from its notes.

Nothing here contains the tempo: times are counted in beats, the audio's beat as it is heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import signal

from generator import score as gm
from generator.clip import Clip
from generator.score import Note, Score
from generator.theory import Key
from tests import hearing

Features = npt.NDArray[np.float64]
EDGES = np.geomspace(30.0, 16_000.0, 25)
REGIONS = ((20.0, 200.0), (200.0, 2000.0), (2000.0, 16_000.0))
LAGS = (0.25, 1 / 3, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
DRUMS = (
    (gm.KICK,), (gm.SNARE, gm.CLAP, gm.OTHER_SNARE), (gm.CLOSED_HAT, gm.PEDAL_HAT, gm.SHAKER),
    (gm.OPEN_HAT, gm.RIDE), (gm.SIDE_STICK, gm.CLAVES, gm.COWBELL),
)  # fmt: skip
PITCHED = ("bass", "pad", "keys", "arp", "lead")


def of_sound(audio: npt.NDArray[np.float32]) -> Features:
    """Spectrum and how it moves, onsets in three regions and how they repeat, width, crest."""
    mono = audio.mean(axis=1)
    _, _, spectrum = signal.stft(mono, hearing.RATE, nperseg=4096, noverlap=2048)
    power = np.square(np.abs(spectrum))
    hertz = np.linspace(0, hearing.RATE / 2, len(power))
    bands = np.array([power[(hertz >= a) & (hertz < b)].sum(axis=0) for a, b in pairwise(EDGES)])
    level = 10.0 * np.log10(bands / bands.sum(axis=0).mean() + 1e-7)
    mean = 10.0 * np.log10(bands.mean(axis=1) / bands.mean(axis=1).sum() + 1e-7)
    rhythm = [_repetition(hearing.onset_strength(audio, *region)) for region in REGIONS]
    wide = [hearing.side_to_mid(_within(audio, *region)) for region in REGIONS]
    return np.concatenate(
        [mean, level.std(axis=1), *rhythm, np.maximum(wide, -40.0), [hearing.crest(audio)]]
    )


def _repetition(strength: hearing.Series) -> Features:
    """How peaked the onsets are, and their autocorrelation at lags in heard beats."""
    centred = strength - strength.mean()
    same = np.fft.irfft(np.abs(np.fft.rfft(centred, 2 * len(centred))) ** 2)[: len(centred)]
    same /= max(same[0], 1e-12)
    beat = _beat(same)
    at = np.interp(np.array(LAGS) * beat, np.arange(len(same)), same)
    peaked = float(strength.std() / max(strength.mean(), 1e-9))
    return np.concatenate([10.0 * at, [5.0 * peaked]])


def _beat(same: Features) -> float:
    """Hops of the strongest repetition between a third of a second and one second."""
    first, last = (round(seconds * hearing.RATE / hearing.HOP) for seconds in (1 / 3, 1.0))
    return float(first + int(np.argmax(same[first:last])))


def _within(audio: npt.NDArray[np.float32], low: float, high: float) -> npt.NDArray[np.float32]:
    sections = signal.butter(2, (low, high), "bandpass", fs=hearing.RATE, output="sos")
    return np.asarray(signal.sosfilt(sections, audio, axis=0), np.float32)


def of_notes(score: Score) -> Features:
    """Where the drums strike in the bar, how each part moves, lies and sounds, the harmony."""
    drums = [part.notes for part in score.parts if part.name == "drums"]
    hits = drums[0] if drums else ()
    features: list[float] = []
    for pitches in DRUMS:
        features += _places([note for note in hits if note.pitch in pitches], score.bars)
    for name in PITCHED:
        notes = [note for part in score.parts if part.name == name for note in part.notes]
        features += _playing(notes, score.bars)
    return np.array(features + _harmony(score))


def _places(notes: Sequence[Note], bars: int) -> list[float]:
    """Strokes a bar on each eighth, on the sixteenths between, and off the grid of sixteenths."""
    steps = [note.start * 4 for note in notes]
    eighths = [sum(round(s) % 16 == place for s in steps) / bars for place in range(0, 16, 2)]
    between = sum(round(s) % 2 for s in steps) / bars / 8
    swung = float(np.mean([abs(s - round(s)) for s in steps])) if steps else 0.0
    return [*eighths, between, 4.0 * swung]


def _playing(notes: Sequence[Note], bars: int) -> list[float]:
    """Notes a bar, their register, length, simultaneity, place in the beat; zeros when silent."""
    if not notes:
        return [0.0] * 7
    starts = {round(note.start * 4) for note in notes}
    pitches = [note.pitch for note in notes]
    return [
        1.0,
        np.log2(1.0 + len(notes) / bars),
        float(np.mean(pitches)) / 12.0,
        float(np.std(pitches)) / 6.0,
        float(np.log2(np.mean([note.length for note in notes]) + 0.05)),
        len(notes) / len(starts),
        3.0 * float(np.mean([start % 4 != 0 for start in starts])),
    ]


def _harmony(score: Score) -> list[float]:
    chords = score.chords
    return [
        len({chord.symbol for chord in chords}) / 3.0,
        2.0 * float(np.mean([len(chord.tones) for chord in chords])),
        float(np.mean([chord.length for chord in chords])) / 2.0,
        len(score.sections) / 2.0,
        4.0 * float(np.std([section.energy for section in score.sections])),
    ]


def keys_right(clip: Clip) -> float:
    """The share of profiles that hear the key asked for in the audio."""
    key = Key.parse(clip.spec.key)
    heard = hearing.keys(clip.audio).values()
    return float(np.mean([found == (key.tonic, key.mode) for found in heard]))
