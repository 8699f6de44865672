"""What every clip of every style promises to the ear, measured on finished audio.

A new file in ``generator/styles`` is measured by itself, against its own `[sound.targets]`: one
clip of it in every run of the suite, more in the slow sweep.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks import styles
from generator.clip import Clip, make_clip
from generator.request import resolve
from generator.score import CRASH, FX_HIT, FX_SWELL, KICK, SIDE_STICK, SNARE, Note
from generator.style import Style, list_styles, load_style
from generator.synth.sound import BANDS
from generator.theory import Key
from tests import hearing

STYLES = [style.slug for style in list_styles()]
QUICK = (3,)
SWEEP = (4, 6, 2024)
SEEDS = (*QUICK, *SWEEP)
KEYS = ("E minor", "G# minor", "C major", "F# minor", "A major", "D minor", "B minor")
EACH = pytest.mark.parametrize(
    ("style", "seed"),
    [
        pytest.param(style, seed, marks=[] if seed in QUICK else pytest.mark.slow)
        for style in STYLES
        for seed in SEEDS
    ],
)
EVERY_STYLE = pytest.mark.parametrize("style", STYLES)


@cache
def clip(style: str, seed: int) -> Clip:
    return make_clip(resolve(style, seed=seed))


DRUM_BANDS = {(KICK,): (150.0, 600.0), (SNARE, SIDE_STICK): (1000.0, 8000.0)}
OPENINGS = {CRASH, FX_HIT, FX_SWELL}


def middle_tempo(style: Style) -> float:
    return float(np.sqrt(style.tempo_low * style.tempo_high))


@EACH
def test_it_is_as_loud_as_promised_and_clips_nowhere(style: str, seed: int) -> None:
    made = clip(style, seed)
    loudness, peak = hearing.loudness(made.audio), hearing.true_peak(made.audio)
    assert loudness == pytest.approx(-14.0, abs=0.5)
    assert made.loudness_lufs == pytest.approx(loudness, abs=0.1)
    assert peak <= -1.0
    assert made.true_peak_dbtp == pytest.approx(peak, abs=0.1)
    assert hearing.longest_clipped_run(made.audio) <= 1
    assert np.abs(made.audio.mean(axis=0)).max() < 2e-3


@EACH
def test_it_starts_at_once_and_never_falls_silent(style: str, seed: int) -> None:
    audio = clip(style, seed).audio
    assert hearing.first_sound(audio) < 0.05
    assert hearing.longest_silence(audio) < 1.0
    assert 6.0 < hearing.crest(audio) < 20.0


@EACH
def test_it_loops_without_a_seam(style: str, seed: int) -> None:
    """No step is steeper than the music's own, and the spectrum jumps less than at the strongest
    onset of most bars; where a crash or an impact opens the clip, less than at the strongest."""
    made = clip(style, seed)
    assert len(made.audio) == pytest.approx(made.score.seconds * hearing.RATE, abs=1)
    step, steepest = hearing.seam_step(made.audio)
    assert step <= steepest
    rise = hearing.onset_strength(np.concatenate([made.audio, made.audio]))
    seam = len(made.audio) // hearing.HOP
    bars = [bar.max() for bar in np.array_split(rise[:seam], made.score.bars)]
    opened = any(note.start < 0.1 and note.pitch in OPENINGS for note in hits(made))
    assert rise[seam - 2 : seam + 3].max() <= (1.05 * max(bars) if opened else np.median(bars))


def hits(made: Clip) -> list[Note]:
    """What drums and effects play."""
    return [n for part in made.score.parts if part.name in {"drums", "fx"} for n in part.notes]


@EACH
def test_its_bands_meet_the_targets_of_its_style(style: str, seed: int) -> None:
    targets = load_style(style).sound.targets
    shares = hearing.band_shares(clip(style, seed).audio, BANDS)
    apart = {name: shares[name] - targets.bands[name] for name in BANDS}
    assert max(map(abs, apart.values())) <= targets.tolerance, apart


@pytest.mark.slow
@EVERY_STYLE
def test_every_mood_meets_the_targets_in_other_keys_too(style: str) -> None:
    """A bass lies elsewhere in every key, and a mood opens or shuts filters."""
    chosen = load_style(style)
    for seed, (mood, key) in enumerate(zip(chosen.moods, KEYS, strict=False), 600):
        made = make_clip(resolve(style, seed=seed, mood=mood, key=key))
        shares = hearing.band_shares(made.audio, BANDS)
        apart = {name: shares[name] - chosen.sound.targets.bands[name] for name in BANDS}
        assert max(map(abs, apart.values())) <= chosen.sound.targets.tolerance, (mood, key, apart)


@EACH
def test_it_is_wide_and_survives_mono(style: str, seed: int) -> None:
    targets = load_style(style).sound.targets
    audio = clip(style, seed).audio
    assert hearing.side_to_mid(audio) == pytest.approx(targets.side_mid, abs=targets.side_tolerance)
    assert hearing.side_to_mid(hearing.below(audio, 120.0)) < -15.0


@pytest.mark.slow
@EVERY_STYLE
def test_two_profiles_hear_the_key_that_was_asked(style: str) -> None:
    """Each clip's key by one of them at least, and seven judgements of eight: a loop in minor may
    lean on its relative major, and an overdriven guitar adds tones that nobody plays."""
    right = 0
    for seed in SEEDS:
        made = clip(style, seed)
        key = Key.parse(made.spec.key)
        heard = hearing.keys(made.audio)
        assert (key.tonic, key.mode) in heard.values(), (made.spec.key, heard)
        right += sum(found == (key.tonic, key.mode) for found in heard.values())
    assert right >= 7 * len(SEEDS) * len(hearing.PROFILES) / 8


@EACH
def test_the_tempo_that_was_asked_is_heard(style: str, seed: int) -> None:
    made = clip(style, seed)
    assert hearing.tempo(made.audio, middle_tempo(load_style(style))) == pytest.approx(
        made.spec.bpm, rel=0.02
    )


@EVERY_STYLE
def test_drums_sound_where_the_score_says(style: str) -> None:
    if "drums" not in load_style(style).parts:
        pytest.skip("this style has no drums")
    made = make_clip(resolve(style, seed=5, bars=8, parts=("drums",)))
    beat = 60.0 / made.spec.bpm
    for keys, band in DRUM_BANDS.items():
        notes = [n for n in hits(made) if n.pitch in keys and n.velocity > 80]
        strikes = sorted({n.start * beat for n in notes})
        found = hearing.attacks(made.audio, [time for time in strikes if time > 0.1], band)
        assert sum(found) >= 0.95 * len(found), keys


@pytest.mark.slow
@EVERY_STYLE
def test_louder_sections_are_those_with_more_energy(style: str) -> None:
    apart = []
    for seed in SEEDS:
        made = clip(style, seed)
        bar = len(made.audio) / made.score.bars
        ranked = sorted(made.score.sections, key=lambda section: section.energy)
        calm, wild = (
            made.audio[round(s.start_bar * bar) : round((s.start_bar + s.bars) * bar)]
            for s in (ranked[0], ranked[-1])
        )
        apart.append(hearing.loudness(wild) - hearing.loudness(calm))
    assert np.median(apart) > 1.0, apart


@pytest.mark.slow
@EVERY_STYLE
def test_each_part_alone_is_a_good_clip_too(style: str) -> None:
    for part in load_style(style).parts:
        made = make_clip(resolve(style, seed=4, bars=8, parts=(part,)))
        assert hearing.loudness(made.audio) == pytest.approx(-14.0, abs=0.5), part
        assert hearing.true_peak(made.audio) <= -1.0, part
        step, steepest = hearing.seam_step(made.audio)
        assert step <= steepest, part


@pytest.mark.slow
@EVERY_STYLE
@pytest.mark.parametrize(("bars", "bpm"), [(4, 220), (4, 40)])
def test_the_fastest_and_the_slowest_clip_hold_too(style: str, bars: int, bpm: int) -> None:
    audio = make_clip(resolve(style, seed=6, bars=bars, bpm=bpm)).audio
    assert hearing.loudness(audio) == pytest.approx(-14.0, abs=0.5)
    assert hearing.true_peak(audio) <= -1.0


@EVERY_STYLE
def test_the_key_is_heard_in_the_first_clip(style: str) -> None:
    made = clip(style, QUICK[0])
    key = Key.parse(made.spec.key)
    assert (key.tonic, key.mode) in hearing.keys(made.audio).values()


@EVERY_STYLE
def test_a_bright_clip_is_brighter_than_a_dark_one(style: str) -> None:
    """The same seed, key and tempo: the mood alone moves the spectrum's middle."""
    tempo = load_style(style).tempo_default
    heard = {
        mood: hearing.centroid(
            make_clip(resolve(style, seed=8, bars=4, mood=mood, key="A minor", bpm=tempo)).audio
        )
        for mood in ("bright", "dark")
    }
    assert heard["bright"] > 1.1 * heard["dark"]


@pytest.mark.slow
def test_an_automatic_listener_tells_the_styles_apart() -> None:
    told = styles.run()["told_apart"]
    assert told["sound"] >= 0.9
    assert told["notes"] >= 0.8
