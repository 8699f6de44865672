"""The organ: drawbars, percussion, click and the turning speaker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.score import Note
from generator.synth.oscillators import frequency
from generator.synth.signal import SAMPLE_RATE
from generator.synth.timbres import Organ
from tests.unit.generator.synth.listening import level, note, played, power

STILL = Organ("008000000", click=0.0, rotary=0.0, drive=0.0, leakage=0.0)


def partials(voice: Organ, *multiples: float) -> list[float]:
    """dB of multiples of C4 in a held note."""
    hertz, energy = power(note(voice, 60)[8820:66150])
    return [
        float(10 * np.log10(energy[np.abs(hertz - m * frequency(60)) < 6.0].max() + 1e-12))
        for m in multiples
    ]


def test_each_drawbar_is_its_own_harmonic() -> None:
    sub, unison, twelfth, top = partials(replace(STILL, drawbars="800000008"), 0.5, 1.0, 3.0, 8.0)
    assert sub == pytest.approx(top, abs=1.0)
    assert max(unison, twelfth) < sub - 50.0


def test_a_step_of_a_drawbar_is_three_decibels() -> None:
    full, pulled = partials(replace(STILL, drawbars="008500000"), 1.0, 2.0)
    assert full - pulled == pytest.approx(9.0, abs=0.5)


def test_percussion_is_a_ping_on_its_harmonic() -> None:
    voice = replace(STILL, percussion=1.0, percussion_harmonic=3, percussion_decay=0.15)
    heard = note(voice, 60)
    hertz, energy = power(heard[:8820])
    _, later = power(heard[44100:52920])
    third = np.abs(hertz - 3.0 * frequency(60)) < 12.0
    assert energy[third].max() > 100.0 * later[third].max()


def test_the_click_comes_with_the_key() -> None:
    clicked, plain = note(replace(STILL, click=1.0), 48), note(STILL, 48)
    click = clicked - plain
    assert level(click, 0.0, 0.006) > level(click, 0.05, 0.5) + 15.0


def test_the_horn_turns_at_its_rate() -> None:
    voice = replace(STILL, drawbars="000080000", rotary=1.0, rotary_rate=6.0)
    left, right = played(voice, [Note(0.0, 7.9, 72, 96)])
    steps = np.sqrt(np.mean(left[8820:158760].reshape(-1, 441) ** 2, axis=1))
    swing = np.abs(np.fft.rfft(steps - steps.mean()))
    strongest = np.argmax(swing) * (SAMPLE_RATE / 441) / len(steps)
    assert strongest == pytest.approx(6.0, abs=0.35)
    assert np.abs(left - right).max() > 0.1 * np.abs(left).max()


def test_high_wheels_fold_back_an_octave() -> None:
    heard = note(replace(STILL, drawbars="000000008"), 96)[8820:66150]
    hertz, energy = power(heard)
    assert hertz[np.argmax(energy)] < 6000.0
