"""The sound chip: duties, arpeggios, steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.score import Note
from generator.synth.oscillators import frequency
from generator.synth.shapes import Envelope
from generator.synth.signal import SAMPLE_RATE
from generator.synth.timbres import Chip
from tests.unit.generator.synth.listening import level, note, out_of_tune, played, power

ON = Envelope(attack=0.0, decay=1.0, sustain=1.0, release=0.02)
PULSE = Chip(ON, duties=(0.25,))


def test_an_arpeggio_cycles_the_tones_of_the_chord() -> None:
    chord = [Note(0.0, 4.0, pitch, 96) for pitch in (60, 64, 67)]
    heard = played(replace(PULSE, arpeggio=15.0), chord).mean(axis=0)
    found = []
    for step in range(6):
        start = round((step / 15.0 + 1 / 60.0 + 0.008) * SAMPLE_RATE)
        piece = heard[start : start + 1700]
        hertz, energy = power(piece)
        near = [energy[np.abs(hertz - frequency(p)) < 8.0].max() for p in (60, 64, 67)]
        found.append((60, 64, 67)[int(np.argmax(near))])
    assert found == [60, 64, 67, 60, 64, 67]


def test_without_an_arpeggio_a_chord_sounds_together() -> None:
    heard = played(PULSE, [Note(0.0, 4.0, pitch, 96) for pitch in (60, 67)]).mean(axis=0)
    hertz, energy = power(heard[4410:66150])
    levels = [energy[np.abs(hertz - frequency(p)) < 4.0].max() for p in (60, 67)]
    assert max(levels) < 2.0 * min(levels)


@pytest.mark.parametrize(("duty", "missing"), [(0.5, 2), (0.25, 4), (0.125, 8)])
def test_a_duty_silences_its_harmonics(duty: float, missing: int) -> None:
    hertz, energy = power(note(replace(PULSE, duties=(duty,)), 57)[4410:66150])
    gone = energy[np.abs(hertz - missing * 220.0) < 4.0].max()
    there = energy[np.abs(hertz - (missing + 1) * 220.0) < 4.0].max()
    assert gone < 1e-3 * there


def test_the_triangle_has_thirty_two_steps() -> None:
    """A staircase mirrors its partials around the 32nd: 31 and 33 are there, 29 is far weaker."""
    hertz, energy = power(note(Chip(ON, wave="triangle"), 45)[4410:66150])
    at = {k: energy[np.abs(hertz - k * 110.0) < 3.0].max() for k in (1, 29, 31)}
    assert 10 * np.log10(at[31] / at[1]) == pytest.approx(-29.8, abs=1.5)
    assert at[31] > 5.0 * at[29]


def test_volume_moves_in_steps() -> None:
    fading = Chip(Envelope(0.0, 0.4, 0.0, 0.02), levels=4, duties=(0.5,))
    heard = note(fading, 69)
    ticks = heard[: 60 * 735].reshape(60, 735)[:, 100:]
    heights = {round(4.0 * float(np.sqrt(np.mean(tick**2))), 1) for tick in ticks}
    assert len(heights) <= 5


def test_a_slide_starts_where_it_says() -> None:
    heard = note(replace(PULSE, slide=12.0, slide_time=0.5), 57)
    hertz, energy = power(heard[735:1470])
    assert hertz[np.argmax(energy)] == pytest.approx(425.0, rel=0.08)


def test_noise_has_no_pitch_and_follows_the_key() -> None:
    low, high = (note(Chip(ON, wave="noise"), pitch)[:44100] for pitch in (36, 84))
    zero = [int(np.sum(np.diff(np.signbit(x)))) for x in (low, high)]
    assert zero[1] > 5 * zero[0]


@pytest.mark.parametrize("pitch", [69, 88, 100])
def test_pulses_do_not_fold_over(pitch: int) -> None:
    heard = note(PULSE, pitch)[4410 : 4410 + 2**16]
    assert out_of_tune(heard, frequency(pitch)) < -55.0


def test_stops_within_a_tick_of_its_release() -> None:
    assert level(note(PULSE, 60, beats=2.0), 1.1, 0.8) < -190.0
