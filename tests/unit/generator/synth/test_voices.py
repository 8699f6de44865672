"""What every pitched instrument owes, whatever it is made of."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from generator.score import Note
from generator.synth.instruments import PLAYERS
from generator.synth.patches import VOICES, Analog, Filter, Oscillator, Voice
from generator.synth.shapes import Envelope
from generator.synth.signal import SAMPLE_RATE
from generator.synth.timbres import (
    Chip,
    ElectricGuitar,
    Ensemble,
    Fm,
    Operator,
    Organ,
    Plucked,
)
from tests.unit.generator.synth.listening import centre, cents_off, level, note, played

AMP = Envelope(attack=0.002, decay=1.0, sustain=0.5, release=0.1)
PIANO = Fm((Operator(sustain=1.0), Operator(level=1.2, to=1, decay=0.6)), AMP)
ACID = Analog((Oscillator(),), Filter(300.0, 3.0, 0.6), AMP, unison=1, drive=4.0)
BENDING: dict[str, Voice] = {
    "fm": PIANO,
    "plucked": Plucked(),
    "brass": Ensemble("brass", attack=0.03, release=0.1),
    "guitar": ElectricGuitar(drive=24.0),
    "acid": ACID,
}
"""Instruments that a harder touch makes brighter."""
PITCHED: dict[str, Voice] = {
    **BENDING,
    "organ": Organ(drawbars="008000000"),
    "strings": Ensemble("strings", attack=0.05, release=0.1),
    "choir": Ensemble("choir", attack=0.05, release=0.1),
    "pulse": Chip(AMP),
    "triangle": Chip(AMP, wave="triangle"),
}


def voices(some: dict[str, Voice]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("voice", some.values(), ids=some.keys())


def test_every_voice_of_a_style_file_has_its_player() -> None:
    assert set(VOICES.values()) == set(PLAYERS)


@voices(PITCHED)
@pytest.mark.parametrize("pitch", [40, 57, 69, 84])
def test_notes_are_in_tune(voice: Voice, pitch: int) -> None:
    heard = note(voice, pitch)[: 2 * SAMPLE_RATE]
    assert abs(cents_off(heard, pitch)) < 3.0


@voices(BENDING)
def test_a_harder_touch_is_brighter(voice: Voice) -> None:
    soft, hard = note(voice, 57, velocity=45), note(voice, 57, velocity=120)
    assert centre(hard) > 1.08 * centre(soft)


@voices(PITCHED)
def test_a_released_note_falls_silent(voice: Voice) -> None:
    heard = note(voice, 60, beats=2.0)
    assert level(heard, 0.1, 0.8) > -50.0
    assert level(heard, 2.0, 1.9) == pytest.approx(-200.0, abs=1.0)


@voices(PITCHED)
def test_release_does_not_click(voice: Voice) -> None:
    """No step after the key is up is steeper than those the note itself is made of."""
    heard = note(voice, 60, beats=2.0)
    steps = np.abs(np.diff(heard))
    assert steps[SAMPLE_RATE:].max() <= 1.05 * steps[: SAMPLE_RATE - 400].max()


@voices(PITCHED)
def test_a_note_past_the_end_goes_on_at_the_start(voice: Voice) -> None:
    heard = played(voice, [Note(7.0, 2.0, 57, 100)])
    assert level(heard, 0.05, 0.4) > -50.0
    assert level(heard, 1.5, 1.5) < -120.0


@voices(PITCHED)
@pytest.mark.parametrize("pitch", [24, 100, 108])
def test_the_ends_of_the_keyboard_sound_and_stay_finite(voice: Voice, pitch: int) -> None:
    heard = note(voice, pitch, velocity=127, beats=1.0)
    assert np.isfinite(heard).all()
    assert 0.01 < np.abs(heard).max() < 20.0


@voices(PITCHED)
def test_the_same_seed_gives_the_same_samples(voice: Voice) -> None:
    notes = [Note(float(beat), 0.5, pitch, 90) for beat in range(4) for pitch in (52, 64)]
    once, again, other = (played(voice, notes, seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@voices({name: voice for name, voice in PITCHED.items() if name != "triangle"})
def test_a_repeated_note_is_not_the_same_sample_twice(voice: Voice) -> None:
    heard = played(voice, [Note(0.0, 0.5, 64, 90), Note(2.0, 0.5, 64, 90)])
    first, second = heard[:, : SAMPLE_RATE // 4], heard[:, SAMPLE_RATE : SAMPLE_RATE * 5 // 4]
    assert np.abs(first - second).max() > 1e-3 * np.abs(first).max()


@voices(PITCHED)
def test_low_notes_stand_in_the_middle(voice: Voice) -> None:
    if isinstance(voice, Ensemble):
        voice = dataclasses.replace(voice, breath=0.0)
    left, right = played(voice, [Note(0.0, 2.0, 33, 100)])
    low = np.abs(np.fft.rfft((left - right) / 2.0)) ** 2
    middle = np.abs(np.fft.rfft((left + right) / 2.0)) ** 2
    bins = round(120.0 * len(left) / SAMPLE_RATE)
    assert low[:bins].sum() < 0.02 * middle[:bins].sum()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Fm, {"operators": (), "amp": AMP}),
        (Fm, {"operators": (Operator(),) * 7, "amp": AMP}),
        (Fm, {"operators": (Operator(), Operator(to=2)), "amp": AMP}),
        (Fm, {"operators": (Operator(level=0.0),), "amp": AMP}),
        (Operator, {"ratio": 40.0}),
        (Operator, {"to": 7}),
        (Plucked, {"decay": 0.0}),
        (Plucked, {"body": "tin"}),
        (Organ, {"drawbars": "88800"}),
        (Organ, {"drawbars": "999000000"}),
        (Organ, {"drawbars": "000000000"}),
        (Organ, {"percussion_harmonic": 4}),
        (Ensemble, {"kind": "kazoos"}),
        (Ensemble, {"kind": "choir", "vowel": "x"}),
        (Ensemble, {"players": 17}),
        (Chip, {"volume": AMP, "duties": ()}),
        (Chip, {"volume": AMP, "duties": (0.6,)}),
        (Chip, {"volume": AMP, "arpeggio": 61.0}),
        (ElectricGuitar, {"drive": 60.0}),
        (ElectricGuitar, {"power": 3}),
        (Analog, {"oscillators": (Oscillator(),), "filter": Filter(500.0), "amp": AMP,
                  "wobble_beats": ()}),
        (Analog, {"oscillators": (Oscillator(),), "filter": Filter(500.0), "amp": AMP,
                  "wobble_beats": (0.0,)}),
    ],
)  # fmt: skip
def test_values_out_of_reason_are_refused(kind: type, values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        kind(**values)
