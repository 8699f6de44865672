"""What an ear would make of some notes: how strongly each pitch class is heard in them.

A tone is its overtones, and each of these speaks for every pitch that it may be an overtone of
(Gomez, *Tonal Description of Music Audio Signals*, 2006): so a bass of 45 Hz is heard an octave
higher, and a fifth in a loud bass is no chord.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.score import Note
from generator.synth.sound import Sound

HEARD: Final = (50.0, 1500.0)
"""Hz between which tones are heard as pitches."""

OVERTONES: Final = 8
SPEAKS: Final = 0.5
"""A partial speaks for the pitch whose n-th overtone it is with this to the power of n - 1."""

FALL: Final = 0.7
"""The k-th overtone is heard as strongly as ``k^-FALL``."""

PRESENCE: Final = {"bass": 0.8, "pad": 0.9, "lead": 1.3, "arp": 1.3}
"""How much a part says about the key beside one of chords."""

LOUD: Final = 0.2
FORCE: Final = 0.6
LONGEST: Final = 4.0
CROWD: Final = 0.3
"""Exponents of a part's level and of a note's velocity; the beats after which a held note is heard
no more; and how much less a tone is noticed where many sound."""

Floats = npt.NDArray[np.float64]


def audition(written: Mapping[str, Sequence[Note]], sound: Sound, bars: int) -> Floats:
    """The weight of each of the 12 pitch classes in what the parts play."""
    heard = np.zeros((bars, 12))
    for part, notes in written.items():
        if not notes or part not in sound.parts:
            continue
        start, length, pitch, velocity = np.array(
            [(note.start, note.length, note.pitch, note.velocity) for note in notes]
        ).T
        force = PRESENCE.get(part, 1.0) * 10.0 ** (LOUD * sound.parts[part].strip.level / 20.0)
        weight = force * np.minimum(length, LONGEST) * (velocity / 96.0) ** FORCE
        places = (start // 4).astype(int) % bars * 128 + pitch.astype(int)
        struck = np.bincount(places, weight, 128 * bars).reshape(bars, 128)
        heard += struck @ _tones()
    crowd = np.maximum(heard.sum(axis=1, keepdims=True), 1e-9)
    weights: Floats = (heard / crowd**CROWD).sum(axis=0)
    return weights


@cache
def _tones() -> Floats:
    """The pitch classes that a note of each MIDI pitch is heard as, ``(128, 12)``."""
    table = np.zeros((128, 12))
    for pitch in range(128):
        hertz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
        for overtone in range(1, OVERTONES + 1):
            if not HEARD[0] < overtone * hertz < HEARD[1]:
                continue
            for number in range(1, 5):
                spoken = round(pitch + 12.0 * np.log2(overtone / number)) % 12
                table[pitch, spoken] += overtone**-FALL * SPEAKS ** (number - 1)
    return table
