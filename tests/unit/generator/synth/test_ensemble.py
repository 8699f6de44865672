"""Sections: attack by touch, formants, brass that opens, width."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.score import Note
from generator.synth.signal import SAMPLE_RATE
from generator.synth.timbres import Ensemble
from tests.unit.generator.synth.listening import centre, level, note, played, power

STRINGS = Ensemble("strings", attack=0.3, release=0.1)


def test_a_hard_touch_starts_sooner() -> None:
    soft, hard = (note(STRINGS, 60, velocity=velocity) for velocity in (40, 120))
    late_soft, late_hard = (level(x, 0.8, 0.8) - level(x, 0.02, 0.08) for x in (soft, hard))
    assert late_soft > late_hard + 6.0


def test_brass_opens_with_its_loudness() -> None:
    heard = note(Ensemble("brass", attack=0.6, release=0.1), 57)
    assert centre(heard[8820:13230]) < 0.8 * centre(heard[35280:52920])


def test_a_swell_grows_to_the_end_of_the_note() -> None:
    heard = note(replace(STRINGS, swell=1.0, attack=0.05), 60)
    assert level(heard, 1.6, 0.35) > level(heard, 0.2, 0.35) + 4.0


@pytest.mark.parametrize(("vowel", "low", "high"), [("a", 600, 850), ("i", 250, 400)])
def test_a_choir_sings_its_vowel(vowel: str, low: int, high: int) -> None:
    hertz, energy = power(note(Ensemble("choir", vowel=vowel, breath=0.0, attack=0.05), 45))
    inside = energy[(hertz > low) & (hertz < high)].sum()
    other = energy[(hertz > 420) & (hertz < 580)].sum()
    assert inside > 2.0 * other


def test_players_sit_apart_and_survive_mono() -> None:
    left, right = played(replace(STRINGS, width=1.0), [Note(0.0, 4.0, 67, 96)])
    side, middle = (left - right) / 2.0, (left + right) / 2.0
    ratio = 10.0 * np.log10(np.mean(side**2) / np.mean(middle**2))
    assert -18.0 < ratio < -2.0


def test_the_level_does_not_flutter() -> None:
    """Eight players are a section, not noise: tenths of a second keep within a few dB."""
    heard = note(Ensemble("brass", attack=0.05, sustain=1.0, vibrato=4.0), 57, beats=7.0)
    tenths = [level(heard, 0.3 + 0.1 * step, 0.1) for step in range(28)]
    assert max(tenths) - min(tenths) < 9.0


def test_breath_is_heard_between_the_partials() -> None:
    airy, clean = (
        note(Ensemble("choir", breath=share, attack=0.05), 72)[8820 : 8820 + SAMPLE_RATE]
        for share in (1.0, 0.0)
    )
    hertz, loud = power(airy)
    _, quiet = power(clean)
    between = np.abs(hertz / 523.25 - 4.5) < 0.15
    assert loud[between].sum() > 20.0 * quiet[between].sum()
