"""The analog voice's wobble, drive and wind."""

from __future__ import annotations

import numpy as np
import pytest

from generator.score import Note
from generator.synth.oscillators import frequency
from generator.synth.patches import Analog, Filter, Oscillator
from generator.synth.shapes import Envelope
from generator.synth.signal import SAMPLE_RATE, Audio
from tests.unit.generator.synth.listening import centre, note, out_of_tune, played

HELD = Envelope(attack=0.002, decay=0.5, sustain=1.0, release=0.03)


def bass(**values: object) -> Analog:
    table = Filter(200.0, 0.0, 0.3, sustain=1.0)
    return Analog((Oscillator(),), table, HELD, unison=1, **values)  # type: ignore[arg-type]


def wobbles(samples: Audio) -> float:
    """Hz at which the loudness above 800 Hz swings."""
    spectrum = np.fft.rfft(samples)
    spectrum[: round(800.0 * len(samples) / SAMPLE_RATE)] = 0.0
    steps = np.abs(np.fft.irfft(spectrum, len(samples)))[: len(samples) // 441 * 441]
    steps = steps.reshape(-1, 441).mean(axis=1)
    swing = np.abs(np.fft.rfft(steps - steps.mean(), 2**14))
    return float(np.argmax(swing) * (SAMPLE_RATE / 441) / 2**14)


@pytest.mark.parametrize(("bpm", "beats"), [(140, 0.5), (140, 0.25), (70, 0.5)])
def test_the_wobble_is_in_time_with_the_beat(bpm: int, beats: float) -> None:
    voice = bass(wobble=4.0, wobble_beats=(beats,))
    heard = played(voice, [Note(0.0, 4.0, 33, 100)], bpm=bpm, bars=1).mean(axis=0)
    assert wobbles(heard[: round(3.9 * 60 / bpm * SAMPLE_RATE)]) == pytest.approx(
        bpm / 60.0 / beats, rel=0.08
    )


def test_wobbles_take_turns_note_by_note() -> None:
    voice = bass(wobble=4.0, wobble_beats=(1.0, 0.25))
    heard = played(voice, [Note(0.0, 4.0, 33, 100), Note(4.0, 4.0, 33, 100)]).mean(axis=0)
    first, second = heard[: round(1.9 * SAMPLE_RATE)], heard[2 * SAMPLE_RATE :]
    assert wobbles(first) == pytest.approx(2.0, rel=0.15)
    assert wobbles(second) == pytest.approx(8.0, rel=0.1)


def test_drive_adds_partials_and_folds_none() -> None:
    plain, driven = (note(bass(drive=drive), 45)[8820 : 8820 + 2**15] for drive in (0.0, 16.0))
    assert centre(driven) > 1.2 * centre(plain)
    assert out_of_tune(driven, frequency(45)) < -50.0


def test_noise_lies_between_the_partials() -> None:
    breathy, plain = (note(bass(noise=share), 69)[8820 : 8820 + 2**15] for share in (0.5, 0.0))
    assert out_of_tune(breathy, 440.0) > out_of_tune(plain, 440.0) + 20.0
