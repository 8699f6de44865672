from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.synth.envelopes import adsr, filter_octaves, release_frames
from generator.synth.patches import Envelope, Filter
from generator.synth.signal import SAMPLE_RATE

envelopes = st.builds(
    Envelope,
    attack=st.floats(0, 10),
    decay=st.floats(0.001, 20),
    sustain=st.floats(0, 1),
    release=st.floats(0.005, 5),
)


@settings(deadline=None, max_examples=60)
@given(envelope=envelopes, gate=st.integers(0, 200_000))
def test_any_envelope_stays_within_bounds_and_ends_at_nothing(
    envelope: Envelope, gate: int
) -> None:
    level = adsr(envelope, gate)
    assert len(level) == gate + release_frames(envelope)
    assert np.isfinite(level).all()
    assert level.min() >= -1e-6
    assert level.max() <= 1.0 + 1e-6
    assert level[-1] < 2e-3
    assert level.dtype == np.float32


def test_attack_decay_sustain_and_release_take_their_times() -> None:
    level = adsr(Envelope(attack=0.1, decay=0.2, sustain=0.5, release=0.4), 2 * SAMPLE_RATE)
    at = lambda seconds: float(level[round(seconds * SAMPLE_RATE)])  # noqa: E731
    assert at(0.05) == pytest.approx(0.5, abs=0.01)
    assert at(0.1) == pytest.approx(1.0, abs=0.01)
    assert at(0.3) == pytest.approx(0.5 + 0.5 * np.exp(-1), abs=0.01)
    assert at(1.9) == pytest.approx(0.5, abs=0.01)
    assert at(2.1) == pytest.approx(0.5 * np.exp(-1), abs=0.01)


def test_a_note_let_go_during_its_attack_fades_from_where_it_was() -> None:
    level = adsr(Envelope(attack=1.0, release=0.2), SAMPLE_RATE // 2)
    assert np.abs(np.diff(level)).max() < 1e-3
    assert level.max() == pytest.approx(0.5, abs=0.01)


def test_the_filter_opens_by_its_octaves_and_settles_at_its_sustain() -> None:
    table = Filter(cutoff=300.0, octaves=3.0, attack=0.01, decay=0.1, sustain=0.2)
    octaves = filter_octaves(table, np.array([0.0, 0.01, 0.11, 5.0]))
    assert octaves == pytest.approx([0.0, 3.0, 0.6 + 2.4 * np.exp(-1), 0.6])
