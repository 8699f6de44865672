from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.errors import SpecError
from generator.score import CLOSED_HAT, KICK, SNARE, Note
from generator.seed import Seed
from generator.synth.mixdown import Mixdown, perform
from generator.synth.signal import SAMPLE_RATE
from generator.synth.sound import REVERBS, Strip
from tests import hearing
from tests.unit.generator.synth.scores import every_beat, score, synthwave

SEED = Seed(7)


def band(notes: int = 1) -> Mixdown:
    played = score(
        drums=every_beat(KICK) + [Note(beat + 0.0, 0.25, SNARE, 100) for beat in range(1, 16, 2)],
        bass=[Note(beat / 2, 0.4, 45, 95) for beat in range(32)],
        pad=[Note(4.0 * bar, 4.0, pitch, 75) for bar in range(4) for pitch in (57, 60, 64)],
        arp=[Note(step / 4, 0.2, 69 + 12 * (step % 2), 80) for step in range(64)],
        lead=every_beat(76, length=0.9),
    )
    return perform(played, synthwave(), SEED)


def test_stems_add_up_to_the_bus() -> None:
    mix = band()
    stems = mix.stems
    assert list(stems) == ["drums", "bass", "pad", "arp", "lead"]
    missing = mix.bus.astype(np.float64) - sum(stems.values())
    assert np.abs(missing).max() < 1e-3 * np.abs(mix.bus).max() / 10


EVERYTHING = Strip(
    level=-20.0, pan=0.3, drive=1.0, crush=9.0, downsample=2.0, low_cut=90.0, shelf=-3.0,
    phaser=0.8, phaser_rate=0.3, spread=0.5, duck=0.5, reverb=-9.0, echo=-12.0, chorus=-9.0,
    tremolo=0.4,
)  # fmt: skip


@pytest.mark.parametrize("kind", REVERBS)
def test_stems_add_up_within_sixty_decibels_whatever_the_strips_do(kind: str) -> None:
    sound = synthwave()
    parts = {name: replace(part, strip=EVERYTHING) for name, part in sound.parts.items()}
    reverb = replace(sound.desk.reverb, kind=kind)
    treated = replace(sound, parts=parts, desk=replace(sound.desk, reverb=reverb))
    mix = perform(band().score, treated, SEED)
    missing = mix.bus.astype(np.float64) - sum(mix.stems.values())
    assert np.std(missing) < 1e-3 * np.std(mix.bus)
    seam, inside = hearing.seam_step(mix.bus)
    assert seam < inside


def test_the_bus_has_the_length_of_the_score_and_no_seam() -> None:
    bus = band().bus
    assert len(bus) == 8 * SAMPLE_RATE
    assert bus.dtype == np.float32
    seam, inside = hearing.seam_step(bus)
    assert seam < inside


def test_a_note_over_the_end_sounds_on_at_the_start() -> None:
    late = score(lead=[Note(15.5, 2.0, 69, 100)])
    bus = perform(late, synthwave(), SEED).bus
    before_it = bus[round(2.5 * SAMPLE_RATE) : round(7.7 * SAMPLE_RATE)]
    start = bus[: SAMPLE_RATE // 4]
    assert np.std(start) > 3 * np.std(before_it)
    seam, inside = hearing.seam_step(bus)
    assert seam < inside


def test_the_same_again_is_the_same_and_another_seed_is_not() -> None:
    played = score(pad=[Note(0.0, 16.0, 57, 80)])
    one, again, other = (perform(played, synthwave(), Seed(n)).bus for n in (7, 7, 8))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_new_take_of_one_part_leaves_the_stems_of_the_others_alone() -> None:
    notes = {"pad": [Note(0.0, 16.0, 57, 80)], "lead": every_beat(69), "drums": every_beat(KICK)}
    plain = perform(score(**notes), synthwave(), SEED).stems
    changed = {**notes, "lead": every_beat(72)}
    varied = perform(score(**changed), synthwave(), SEED.with_next_take("lead")).stems
    assert np.array_equal(plain["pad"], varied["pad"])
    assert np.array_equal(plain["drums"], varied["drums"])
    assert not np.array_equal(plain["lead"], varied["lead"])


def pumping(kicks: list[Note]) -> float:
    """Decibels by which the pad is louder before each beat than just after it."""
    pad = [Note(0.0, 16.0, pitch, 80) for pitch in (57, 64)]
    middle = perform(score(pad=pad, drums=kicks), synthwave(), SEED).stems["pad"].mean(axis=1)
    power = np.square(middle.reshape(16, SAMPLE_RATE // 2))
    on = power[:, SAMPLE_RATE // 100 : SAMPLE_RATE // 25].mean(axis=1)
    off = power[:, -SAMPLE_RATE // 20 :].mean(axis=1)
    return hearing.decibels(float(np.median(off / on)))


def test_every_kick_pumps_the_pad_and_without_kicks_nothing_does() -> None:
    assert pumping(every_beat(KICK)) > 6.0
    assert abs(pumping(every_beat(SNARE))) < 2.0


@pytest.mark.parametrize("part", ["bass", "arp", "lead"])
def test_velocity_is_heard_as_level_and_as_brightness(part: str) -> None:
    soft = [Note(float(beat), 0.5, 57, 45) for beat in range(16)]
    hard = [Note(float(beat), 0.5, 57, 120) for beat in range(16, 32)]
    stem = perform(score(bars=8, **{part: soft + hard}), synthwave(), SEED).stems[part]
    _, first, _, second = np.split(stem, 4)
    assert hearing.loudness(second) > hearing.loudness(first) + 6.0
    bands = {"low": (20.0, 2000.0), "high": (2000.0, 20_000.0)}
    brighter = (
        hearing.band_shares(second, bands)["high"] - hearing.band_shares(first, bands)["high"]
    )
    assert brighter > 2.0


def test_the_energy_of_a_section_is_heard() -> None:
    notes = [Note(float(beat), 0.9, 57, 90) for beat in range(32)]
    played = score(bars=8, energies=(0.2, 1.0), lead=notes)
    calm, wild = np.split(perform(played, synthwave(), SEED).bus, 2)
    assert hearing.loudness(wild) > hearing.loudness(calm) + 2.0
    bands = {"low": (20.0, 800.0), "high": (2000.0, 20_000.0)}
    assert hearing.band_shares(wild, bands)["high"] > hearing.band_shares(calm, bands)["high"] + 2.0


def test_a_bright_mood_is_brighter_than_a_dark_one() -> None:
    played = score(pad=[Note(0.0, 16.0, 57, 90)], lead=every_beat(69))
    bands = {"low": (20.0, 4000.0), "high": (4000.0, 20_000.0)}
    shares = [
        hearing.band_shares(perform(played, synthwave(), SEED, octaves).bus, bands)["high"]
        for octaves in (-0.7, 0.0, 0.7)
    ]
    assert shares[0] + 1.5 < shares[1] < shares[2] - 1.5


def test_a_kit_follows_the_mood_only_if_it_is_told_to() -> None:
    played = score(drums=every_beat(CLOSED_HAT, length=0.25))
    sound = synthwave()
    drums = sound.parts["drums"]
    bands = {"low": (20.0, 2000.0), "high": (4000.0, 20_000.0)}

    def low(follow: float, octaves: float) -> float:
        kit = replace(drums, voice=replace(drums.voice, follow=follow))  # type: ignore[arg-type]
        told = replace(sound, parts={**sound.parts, "drums": kit})
        return hearing.band_shares(perform(played, told, SEED, octaves).bus, bands)["low"]

    assert low(0.0, 1.0) == low(0.0, -1.0)
    assert low(5.0, 1.0) < low(5.0, 0.0) - 3.0 < low(5.0, -1.0) - 6.0


def test_a_fader_brings_sparse_and_dense_parts_to_one_level() -> None:
    sparse = score(lead=[Note(0.0, 1.0, 69, 100), Note(8.0, 1.0, 69, 100)])
    dense = score(lead=every_beat(69, length=1.0, velocity=70))
    levels = [
        np.sort(_blocks(perform(s, synthwave(), SEED).bus))[-8:].mean() for s in (sparse, dense)
    ]
    assert abs(10 * np.log10(levels[0] / levels[1])) < 3.0


def test_a_part_without_a_sound_is_refused_in_a_sentence() -> None:
    with pytest.raises(SpecError, match="keys"):
        perform(score(keys=[Note(0.0, 1.0, 60, 90)]), synthwave(), SEED)


def test_nothing_to_play_is_silence() -> None:
    assert not perform(score(lead=[]), synthwave(), SEED).bus.any()


@pytest.mark.parametrize("pitch", [0, 12, 127])
def test_pitches_no_instrument_has_do_no_harm(pitch: int) -> None:
    notes = [Note(0.0, 1.0, pitch, 127)]
    bus = perform(score(bass=notes, pad=notes, arp=notes, lead=notes), synthwave(), SEED).bus
    assert np.isfinite(bus).all()


def test_a_note_shorter_than_any_grid_and_one_longer_than_the_clip_are_played() -> None:
    notes = [Note(0.0, 0.001, 60, 90), Note(1.0, 40.0, 64, 90)]
    bus = perform(score(lead=notes), synthwave(), SEED).bus
    assert np.isfinite(bus).all()
    assert np.std(bus[: SAMPLE_RATE // 4]) > 0


def _blocks(bus: np.ndarray) -> np.ndarray:
    size = SAMPLE_RATE // 5
    count = len(bus) // size
    return np.square(bus[: count * size]).reshape(count, -1).mean(axis=1)
