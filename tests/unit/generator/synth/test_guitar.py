"""The electric guitar: drive without folding, power chords, palm, two takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.score import Note
from generator.synth import guitar
from generator.synth.oscillators import frequency
from generator.synth.signal import SAMPLE_RATE, Audio
from generator.synth.timbres import ElectricGuitar
from tests.unit.generator.synth.listening import centre, level, note, out_of_tune, played, power

CLEAN = ElectricGuitar(drive=0.0)
METAL = ElectricGuitar(drive=40.0)


@pytest.mark.parametrize("drive", [12.0, 28.0, 46.0])
@pytest.mark.parametrize("pitch", [52, 64, 76])
def test_drive_does_not_fold_over(
    drive: float, pitch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ideal strings, whose partials are whole multiples, nothing lies between them."""
    strings = guitar._strings
    monkeypatch.setattr(
        guitar, "_strings", lambda patch, mute: replace(strings(patch, mute), stiffness=0.0)
    )
    voice = ElectricGuitar(drive=drive, brightness=0.9, pick=0.0)
    heard = note(voice, pitch, velocity=127)[8820 : 8820 + 2**15]
    assert out_of_tune(heard, frequency(pitch)) < -50.0


def test_drive_sustains_and_brightens() -> None:
    clean, metal = note(CLEAN, 45), note(METAL, 45)
    assert centre(metal) > 1.3 * centre(clean)
    falls = [level(x, 0.05, 0.1) - level(x, 1.6, 0.2) for x in (clean, metal)]
    assert falls[1] < 0.4 * falls[0]


def test_the_cabinet_closes_at_its_tone() -> None:
    for tone in (2000.0, 5000.0):
        hertz, energy = power(note(replace(METAL, tone=tone), 45))
        above = energy[hertz > 2.0 * tone].sum() / energy.sum()
        assert 10.0 * np.log10(above) < -35.0


def test_power_adds_the_fifth_to_a_lone_note() -> None:
    plain, chord = (note(replace(CLEAN, power=power), 45) for power in (0, 1))
    shares = []
    for heard in (plain, chord):
        hertz, energy = power(heard[:44100])
        shares.append(energy[np.abs(hertz - frequency(52)) < 3.0].max() / energy.max())
    assert shares[1] > 100.0 * shares[0]


def test_driven_chords_growl_as_one_sound() -> None:
    """Driven together, two strings make their difference tone; that of a fifth is an octave under
    the lower one."""
    chord = [Note(0.0, 4.0, pitch, 110) for pitch in (57, 64)]
    shares = []
    for voice in (CLEAN, METAL):
        hertz, energy = power(played(voice, chord).mean(axis=0)[4410:66150])
        shares.append(energy[np.abs(hertz - 110.0) < 4.0].max() / energy.max())
    assert shares[1] > 30.0 * shares[0]


def test_short_notes_are_palm_muted() -> None:
    voice = replace(CLEAN, palm=1.0, palm_below=0.2)
    short, free = note(voice, 40, beats=0.25), note(replace(voice, palm=0.0), 40, beats=0.25)
    assert level(short, 0.08, 0.04) < level(free, 0.08, 0.04) - 4.0


def test_two_takes_stand_left_and_right() -> None:
    one, two = (played(replace(METAL, double=w), [Note(0.0, 2.0, 45, 96)]) for w in (0.0, 1.0))
    assert np.array_equal(one[0], one[1])
    assert np.abs(two[0] - two[1]).max() > 0.1 * np.abs(two).max()
    side, middle = (np.abs(np.fft.rfft(s * two[0] + two[1])) ** 2 for s in (-1.0, 1.0))
    lows = slice(0, round(100.0 * two.shape[1] / SAMPLE_RATE))
    assert side[lows].sum() < 0.02 * middle[lows].sum()


def course(samples: Audio) -> np.ndarray:
    """Cents against A4 of each cycle."""
    crossings = np.flatnonzero((samples[:-1] < 0) & (samples[1:] >= 0))
    exact = crossings - samples[crossings] / (samples[crossings + 1] - samples[crossings])
    return 1200.0 * np.log2(SAMPLE_RATE / np.diff(exact) / 440.0)


def test_long_notes_are_bent_up_and_then_sway() -> None:
    voice = replace(CLEAN, brightness=0.0, pickup=0.5, pick=0.0, vibrato=30.0, scoop=150.0)
    heard = note(voice, 69)
    begun, swaying = course(heard[441:1764]), course(heard[44100:79380])
    assert begun.min() < -90.0
    assert swaying.max() == pytest.approx(30.0, abs=8.0)
    assert swaying.min() == pytest.approx(-30.0, abs=8.0)
