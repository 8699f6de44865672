from __future__ import annotations

import numpy as np
import pytest

from generator.synth.compressor import compress
from generator.synth.mastering import master
from generator.synth.signal import SAMPLE_RATE
from generator.synth.sound import Finish, Glue
from tests import hearing


def beating(seconds: int = 6, height: float = 1.0) -> np.ndarray:
    """A steady chord with a loud, short burst each half second, ``(2, frames)``."""
    rng = np.random.default_rng(4)
    frames = seconds * SAMPLE_RATE
    time = np.arange(frames) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220, 330, 441)) / 12
    burst = np.exp(-(time % 0.5) / 0.06) * rng.standard_normal((2, frames)) * 0.25
    return (height * (chord + burst)).astype(np.float32)


def squeezed(bus: np.ndarray, **settings: float) -> np.ndarray:
    result = bus.copy()
    compress(result, Glue(**settings))
    return result


def swing(planar: np.ndarray) -> float:
    """dB between the loud and the soft twentieths of a second."""
    blocks = np.square(planar).reshape(2, -1, SAMPLE_RATE // 20).mean(axis=(0, 2))
    return float(10 * np.log10(np.quantile(blocks, 0.95) / np.quantile(blocks, 0.2)))


def test_it_is_off_until_asked_for() -> None:
    bus = beating()
    assert np.array_equal(squeezed(bus), bus)
    assert np.array_equal(squeezed(bus, threshold=-20.0, ratio=1.0), bus)


def test_a_higher_ratio_leaves_less_between_loud_and_soft() -> None:
    bus = beating()
    swings = [swing(squeezed(bus, threshold=-4.0, ratio=r, attack=0.003)) for r in (1.0, 2.0, 6.0)]
    assert swings[0] - 1.5 > swings[1] > swings[2] + 0.7


def test_a_fast_attack_lowers_the_crest_and_a_slow_one_lets_the_stroke_through() -> None:
    bus = beating()
    plain = hearing.crest(bus.T)
    fast = hearing.crest(squeezed(bus, threshold=-4.0, ratio=6.0, attack=0.001).T)
    slow = hearing.crest(squeezed(bus, threshold=-4.0, ratio=6.0, attack=0.08).T)
    assert fast < plain - 1.0
    assert slow > fast + 1.0


def test_the_threshold_follows_the_loudness_of_the_mix() -> None:
    loud, soft = (squeezed(beating(height=h), threshold=-3.0, ratio=4.0) for h in (1.0, 0.01))
    assert np.allclose(loud, 100.0 * soft, rtol=1e-3, atol=1e-5)


def test_what_is_under_the_threshold_is_left_alone() -> None:
    bus = beating()
    assert np.abs(squeezed(bus, threshold=12.0, ratio=4.0) - bus).max() < 1e-3


def test_it_is_a_circle() -> None:
    bus, shift = beating()[:, : 64 * 4000], 64 * 1000
    turned = squeezed(np.roll(bus, shift, axis=1), threshold=-4.0, ratio=4.0)
    straight = np.roll(squeezed(bus, threshold=-4.0, ratio=4.0), shift, axis=1)
    assert np.abs(turned - straight).max() < 1e-3 * np.abs(straight).max()


def test_the_gain_has_no_step_where_the_circle_closes() -> None:
    bed = np.sin(2 * np.pi * 100 * np.arange(5 * SAMPLE_RATE + 7) / (5 * SAMPLE_RATE + 7))
    bed += 2.0
    bed[: SAMPLE_RATE // 2] *= 8.0
    pumped = squeezed(
        np.stack([bed, bed]).astype(np.float32), threshold=-6.0, ratio=8.0, attack=0.001
    )
    gains = np.roll(pumped[0] / bed, 5000)
    assert np.ptp(gains) > 0.3
    assert np.abs(np.diff(gains)).max() < 0.04


def test_both_channels_come_down_together() -> None:
    bus = beating()
    bus[1] *= 0.25
    down = squeezed(bus, threshold=-6.0, ratio=8.0)
    heard = np.abs(bus) > 0.01
    both = heard[0] & heard[1]
    assert np.allclose((down / np.where(heard, bus, 1))[0, both], (down / bus)[1, both], rtol=1e-4)


@pytest.mark.parametrize("frames", [1, 63, 64, 65, 100_001])
def test_any_length_and_silence_pass(frames: int) -> None:
    silence = np.zeros((2, frames), np.float32)
    assert not squeezed(silence, ratio=4.0).any()
    assert np.isfinite(squeezed(np.ones((2, frames), np.float32), ratio=4.0)).all()


def test_the_master_glues_when_its_table_says_so() -> None:
    bus = beating().T
    plain = master(bus, Finish(drive=-12.0))
    glued = master(bus, Finish(drive=-12.0, glue=Glue(threshold=-6.0, ratio=6.0, attack=0.002)))
    assert swing(glued.audio.T) < swing(plain.audio.T) - 1.0
    assert glued.loudness_lufs == pytest.approx(-14.0, abs=0.3)
