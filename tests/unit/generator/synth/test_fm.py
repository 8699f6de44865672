"""Frequency modulation: sidebands where theory puts them, nothing that folds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import jv

from generator.score import Note
from generator.synth.oscillators import frequency
from generator.synth.shapes import Envelope
from generator.synth.signal import SAMPLE_RATE
from generator.synth.timbres import Fm, Operator
from tests.unit.generator.synth.listening import centre, level, note, out_of_tune, played, power

HELD = Envelope(attack=0.0, decay=1.0, sustain=1.0, release=0.05)


def steady(**values: float) -> Operator:
    return Operator(sustain=1.0, velocity=0.0, follow=0.0, **values)  # type: ignore[arg-type]


def test_sidebands_are_bessel_functions_of_the_index() -> None:
    """Chowning 1973: partial n of carrier f and modulator 3 f at index I has amplitude J_n(I)."""
    heard = note(Fm((steady(), steady(ratio=3.0, level=1.5, to=1)), HELD), 60)
    hertz, energy = power(heard[4410:66150])
    expected = {1: jv(0, 1.5), 4: jv(1, 1.5), 2: jv(1, 1.5), 7: jv(2, 1.5)}
    found = {
        partial: np.sqrt(energy[np.abs(hertz - partial * frequency(60)) < 8.0].max())
        for partial in expected
    }
    for partial, amplitude in expected.items():
        assert found[partial] / found[1] == pytest.approx(amplitude / expected[1], rel=0.06)


def test_feedback_adds_partials_one_by_one() -> None:
    plain, fed = (note(Fm((steady(feedback=share),), HELD), 57) for share in (0.0, 1.0))
    assert centre(fed) > 1.15 * centre(plain)


@pytest.mark.parametrize("pitch", [88, 100, 108])
def test_high_notes_do_not_fold_over(pitch: int) -> None:
    """A bright patch loses sidebands on the highest keys instead of mirroring them."""
    bright = Fm((steady(), steady(ratio=1.0, level=12.0, to=1)), HELD)
    heard = note(bright, pitch, velocity=127)[4410 : 4410 + 2**16]
    assert out_of_tune(heard, frequency(pitch)) < -55.0


def test_a_modulator_that_dies_leaves_a_pure_tone() -> None:
    voice = Fm((steady(), Operator(level=2.5, to=1, decay=0.1)), HELD)
    heard = note(voice, 60)
    assert centre(heard[:4410]) > 1.5 * centre(heard[44100:66150])


def test_high_keys_die_away_sooner() -> None:
    voice = Fm((Operator(decay=1.0),), HELD, key_decay=1.0)
    low, high = (level(note(voice, pitch), 1.0, 0.2) for pitch in (48, 84))
    assert high < low - 20.0


def test_width_is_gone_in_mono() -> None:
    wide = Fm((steady(),), HELD, spread=8.0)
    plain = Fm((steady(),), HELD)
    apart, together = (played(v, [Note(0.0, 4.0, 72, 96)]) for v in (wide, plain))
    assert np.abs(apart[0] - apart[1]).max() > 0.5
    middle = apart.mean(axis=0)
    assert np.allclose(middle, together.mean(axis=0), atol=1e-4)


def test_vibrato_bends_the_pitch_by_its_cents() -> None:
    voice = Fm((steady(),), HELD, vibrato=50.0, vibrato_rate=5.0, vibrato_delay=0.0)
    heard = note(voice, 69)[22050:66150]
    crossings = np.flatnonzero((heard[:-1] < 0) & (heard[1:] >= 0))
    exact = crossings - heard[crossings] / (heard[crossings + 1] - heard[crossings])
    cents = 1200.0 * np.log2(SAMPLE_RATE / np.diff(exact) / 440.0)
    assert cents.max() == pytest.approx(50.0, abs=8.0)
    assert cents.min() == pytest.approx(-50.0, abs=8.0)
