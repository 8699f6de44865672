"""A harmony is heard before it is taken: with overtones, by the whole ensemble."""

from __future__ import annotations

import numpy as np
import pytest

from generator.compose import compose
from generator.compose.audition import audition
from generator.compose.tonality import clarity
from generator.request import resolve
from generator.score import Note
from generator.style import list_styles, load_style
from generator.theory import Key

SOUND = load_style("synthwave").sound
SEEDS = range(60, 66)


def held(*pitches: int) -> list[Note]:
    return [Note(0.0, 4.0, pitch, 96) for pitch in pitches]


def test_a_tone_is_heard_most_and_its_fifth_somewhat() -> None:
    weights = audition({"pad": held(60)}, SOUND, 1)
    assert int(np.argmax(weights)) == 0
    assert weights[7] > 3 * weights[[1, 6, 11]].max()


def test_a_bass_too_low_to_be_heard_speaks_by_its_overtones_alone() -> None:
    low, heard = (audition({"bass": held(pitch)}, SOUND, 1) for pitch in (31, 43))
    assert 0 < low[7] < heard[7]


def test_a_cadence_says_its_key_and_what_nobody_plays_says_nothing() -> None:
    cadence = [
        Note(4.0 * bar, 4.0, pitch, 96)
        for bar, chord in enumerate([(57, 60, 64), (62, 65, 69), (64, 68, 71), (57, 60, 64)])
        for pitch in chord
    ]
    weights = audition({"pad": cadence, "lead": [], "vocal": cadence}, SOUND, 4)
    assert np.allclose(weights, audition({"pad": cadence}, SOUND, 4))
    assert clarity(weights, Key.parse("A minor"), 2) > 0.1
    assert clarity(weights, Key.parse("C major"), 2) < 0


@pytest.mark.parametrize("style", ["house", "rock", "jazz"])
def test_a_clip_keeps_its_chords_whoever_is_left_out_or_written_anew(style: str) -> None:
    for seed in SEEDS:
        whole = resolve(style, seed=seed)
        chords = compose(whole, load_style(style)).chords
        alone = resolve(style, seed=seed, parts=("bass",))
        assert compose(alone, load_style(style)).chords == chords
        assert compose(whole.vary("bass"), load_style(style)).chords == chords


@pytest.mark.parametrize("style", [style.slug for style in list_styles()])
def test_the_ensemble_says_its_key(style: str) -> None:
    """In the notes with their overtones, nearly always with room to spare."""
    told = []
    for seed in SEEDS:
        score = compose(resolve(style, seed=seed), load_style(style))
        written = {
            part.name: part.notes for part in score.parts if part.name not in ("drums", "fx")
        }
        weights = audition(written, load_style(style).sound, score.bars)
        told.append(clarity(weights, Key.parse(score.key), 2))
    assert min(told) > 0
    assert np.median(told) > 0.1
