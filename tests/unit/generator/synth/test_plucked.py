"""Plucked strings: how they ring, where they are plucked, how chords are strummed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.score import Note
from generator.synth.oscillators import frequency
from generator.synth.signal import SAMPLE_RATE
from generator.synth.timbres import Plucked
from tests.unit.generator.synth.listening import centre, level, note, played, power

PLAIN = Plucked(body="none", pick=0.0, stiffness=0.0, decay=2.0, release=0.05)


def partial_level(voice: Plucked, pitch: int, partial: float) -> float:
    """dB of one partial of a note."""
    hertz, energy = power(note(voice, pitch)[: SAMPLE_RATE // 2])
    near = np.abs(hertz - partial * frequency(pitch)) < 6.0
    return float(10.0 * np.log10(energy[near].max()))


def test_a3_falls_by_sixty_decibels_in_its_decay() -> None:
    heard = note(PLAIN, 57, beats=7.9)
    fall = level(heard, 0.02, 0.1) - level(heard, 2.02, 0.1)
    assert fall == pytest.approx(60.0, abs=7.0)


def test_low_strings_ring_longer() -> None:
    low, high = (note(PLAIN, pitch) for pitch in (45, 81))
    fall_low, fall_high = (level(x, 0.05, 0.1) - level(x, 0.85, 0.1) for x in (low, high))
    assert fall_high > fall_low + 8.0


def test_high_partials_die_first() -> None:
    heard = note(replace(PLAIN, brightness=0.9, damping=0.7), 48)
    assert centre(heard[:4410]) > 1.5 * centre(heard[22050:35280])


def test_plucked_in_the_middle_even_partials_are_missing() -> None:
    middle = replace(PLAIN, position=0.5, brightness=0.9)
    assert partial_level(middle, 57, 2) < partial_level(middle, 57, 3) - 12.0
    assert partial_level(replace(middle, position=0.12), 57, 2) > partial_level(middle, 57, 2) + 12


def test_stiffness_sharpens_the_upper_partials() -> None:
    """Fletcher 1964: partial k lies at ``k f sqrt((1 + B k^2) / (1 + B))``."""
    voice = replace(PLAIN, stiffness=4.0, brightness=0.9)
    hertz, energy = power(note(voice, 57)[: SAMPLE_RATE // 2])
    near = np.flatnonzero(np.abs(hertz / (10 * 220.0) - 1.04) < 0.05)
    found = hertz[near[np.argmax(energy[near])]] / 2200.0
    stiff = 4.0 * 3.5e-4
    assert found == pytest.approx(np.sqrt((1 + 100 * stiff) / (1 + stiff)), rel=2e-3)


def test_a_muted_string_is_short_and_dark() -> None:
    free, muted = note(PLAIN, 57), note(replace(PLAIN, mute=1.0), 57)
    assert level(muted, 0.4, 0.2) < level(free, 0.4, 0.2) - 20.0


def test_a_chord_is_strummed_from_the_lowest_string() -> None:
    slow = replace(PLAIN, strum=0.05)
    heard = played(slow, [Note(0.0, 2.0, pitch, 96) for pitch in (64, 52, 57)]).mean(axis=0)
    only = note(slow, 52, beats=2.0)
    assert level(heard[: round(0.045 * SAMPLE_RATE)], 0.0, 0.045) == pytest.approx(
        level(only, 0.0, 0.045), abs=0.7
    )
    assert level(heard, 0.12, 0.1) > level(only, 0.12, 0.1) + 2.0


def test_two_strings_of_a_course_beat() -> None:
    pair = replace(PLAIN, double=12.0, decay=8.0, brightness=0.1)
    heard = note(pair, 69, beats=7.9)
    hertz, energy = power(heard[: 3 * SAMPLE_RATE])
    apart = 440.0 * (2.0 ** (12.0 / 1200.0) - 1.0)
    for place in (440.0, 440.0 + apart):
        near = np.abs(hertz - place) < 0.7
        between = np.abs(hertz - 440.0 - apart / 2.0) < 0.3
        assert energy[near].max() > 4.0 * energy[between].max()


def test_the_body_brings_its_own_resonances() -> None:
    bare = replace(PLAIN, brightness=0.6)
    lute = replace(bare, body="lute", resonance=1.0)
    gains = [partial_level(lute, 52, k) - partial_level(bare, 52, k) for k in (1, 2, 3)]
    assert max(gains) > min(gains) + 3.0
