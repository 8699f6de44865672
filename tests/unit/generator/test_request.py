from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import SpecError
from generator.request import resolve
from generator.seed import MAX_SEED
from generator.spec import ClipSpec
from generator.style import list_styles, load_style
from generator.theory import Key
from tests.notation import is_one_sentence


def test_a_seed_decides_everything_left_open() -> None:
    assert resolve("synthwave", seed=7) == resolve("synthwave", seed=7)
    assert resolve("synthwave", seed=7) != resolve("synthwave", seed=8)


def test_what_was_asked_for_stands() -> None:
    spec = resolve(
        "Synthwave", key="f#m", bpm=101, bars=8, mood="Dark", seed=3, parts=["lead", "drums"]
    )
    assert spec == ClipSpec("synthwave", 3, 101, "F# minor", "dark", 8, ("drums", "lead"), "mp3")


def test_without_a_seed_two_takes_differ() -> None:
    assert len({resolve("synthwave").seed for _ in range(8)}) > 1


def test_sixteen_bars_of_every_part_unless_told_otherwise() -> None:
    spec = resolve("lofi", seed=1)
    assert spec.bars == 16
    assert spec.parts == load_style("lofi").parts


@pytest.mark.parametrize("style", [style.slug for style in list_styles()])
def test_open_choices_suit_the_mood(style: str) -> None:
    table = load_style(style)
    for mood in table.moods:
        for seed in range(12):
            spec = resolve(style, mood=mood, seed=seed)
            low, high = table.mood(mood).tempo
            assert low <= spec.bpm <= high
            assert Key.parse(spec.key).mode in table.mood(mood).modes


def test_open_keys_and_moods_vary() -> None:
    specs = [resolve("synthwave", seed=seed) for seed in range(60)]
    assert {spec.mood for spec in specs} == set(load_style("synthwave").moods)
    assert len({Key.parse(spec.key).tonic for spec in specs}) == 12


def test_a_tempo_outside_the_style_is_the_askers_business() -> None:
    assert resolve("lofi", bpm=40).bpm == 40
    assert resolve("lofi", bpm=220).bpm == 220


@pytest.mark.parametrize(
    ("wrong", "helpful"),
    [
        ({"style": "sinthwave"}, "synthwave"),
        ({"style": ""}, "nearest"),
        ({"bpm": 39}, "40 to 220"),
        ({"bpm": 221}, "40 to 220"),
        ({"bpm": 99.5}, "40 to 220"),
        ({"bars": 7}, "4, 8, 16 or 32"),
        ({"bars": 64}, "4, 8, 16 or 32"),
        ({"bars": 8.0}, "4, 8, 16 or 32"),
        ({"key": "Q minor"}, "D minor"),
        ({"mood": "angry"}, ", ".join(load_style("synthwave").moods[:-1]) + " or "),
        ({"parts": ["drums", "kazoo"]}, "drums, bass, pad, arp, lead"),
        ({"parts": []}, "drums, bass, pad, arp, lead"),
        ({"seed": -1}, str(MAX_SEED)),
        ({"seed": MAX_SEED + 1}, str(MAX_SEED)),
        ({"seed": "seven"}, str(MAX_SEED)),
        ({"seed": True}, str(MAX_SEED)),
        ({"format": "midi"}, "mp3, ogg, opus, flac, wav"),
    ],
)
def test_a_refusal_is_one_sentence_that_says_what_to_do(
    wrong: dict[str, Any], helpful: str
) -> None:
    with pytest.raises(SpecError) as refusal:
        resolve(**{"style": "synthwave", **wrong})
    assert is_one_sentence(str(refusal.value))
    assert helpful in str(refusal.value)


@pytest.mark.parametrize("name", ["bpm", "seed", "bars", "format"])
def test_a_refusal_does_not_repeat_endless_values(name: str) -> None:
    for value in (int("9" * 3000), -(10**6000), "9" * 3000, ["9" * 3000]):
        if name == "format" and not isinstance(value, str):
            continue
        with pytest.raises(SpecError) as refusal:
            resolve("synthwave", **{name: value})
        assert is_one_sentence(str(refusal.value))
        assert len(str(refusal.value)) < 150


def test_an_unknown_style_is_answered_with_the_nearest_three() -> None:
    with pytest.raises(SpecError, match=r"nearest are techno, .+ or .+\.$"):
        resolve("tekno")


@given(
    style=st.text(max_size=40),
    key=st.none() | st.text(max_size=20),
    mood=st.none() | st.text(max_size=20),
    bpm=st.none() | st.integers(),
    bars=st.none() | st.integers(),
    parts=st.none() | st.lists(st.text(max_size=10), max_size=4),
)
@settings(deadline=None, max_examples=150)
def test_hostile_requests_are_refused_in_one_line(style: str, **asked: Any) -> None:
    for name in (style, "techno"):
        answer = _answer(name, **asked)
        assert "\n" not in answer
        assert len(answer) < 300


def _answer(style: str, **asked: Any) -> str:
    """The key that a request gets, or the sentence that refuses it."""
    try:
        return resolve(style, seed=1, **asked).key
    except SpecError as refusal:
        return str(refusal)


def test_a_spec_survives_being_written_and_read() -> None:
    spec = resolve("techno", seed=5).vary("bass")
    assert ClipSpec.from_json(spec.to_json()) == spec
