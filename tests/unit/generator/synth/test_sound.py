from __future__ import annotations

import copy
import tomllib
from contextlib import suppress
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.synth.patches import ElectricPiano, Kit
from generator.synth.sound import BANDS, parse_sound
from generator.tables import TableError


def table(slug: str = "lofi") -> dict[str, Any]:
    page = files("generator").joinpath("styles", f"{slug}.toml").read_text("utf-8")
    return copy.deepcopy(tomllib.loads(page)["sound"])


def test_a_style_names_a_voice_for_each_part() -> None:
    sound = parse_sound(table())
    assert isinstance(sound.parts["drums"].voice, Kit)
    assert isinstance(sound.parts["keys"].voice, ElectricPiano)
    assert set(sound.targets.bands) == set(BANDS)


def test_what_is_left_out_has_a_default() -> None:
    page = table()
    sound = parse_sound({"targets": page["targets"], "parts": {}})
    assert sound.desk.duck.depth > 0
    assert sound.master.tape.wow == 0


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("parts", "bass", "filter", "cutoff"), 50_000.0, "sound.parts.bass.filter"),
        (("parts", "bass", "filter", "cutof"), 500.0, "cutof"),
        (("parts", "bass", "voice"), "kazoo", "electric piano"),
        (("parts", "drums", "family"), "bongos", "gated"),
        (("parts", "bass", "strip", "duck"), "a lot", "duck"),
        (("parts", "triangle"), {}, "no such part"),
        (("desk", "reverb", "seconds"), -1.0, "seconds goes from"),
        (("loudness",), -14.0, "loudness"),
    ],
)
def test_a_fault_is_named_where_it_stands(path: tuple[str, ...], value: Any, words: str) -> None:
    page = table()
    place = page
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(TableError, match=words):
        parse_sound(page)


def test_targets_name_every_band() -> None:
    page = table()
    del page["targets"]["bands"]["air"]
    with pytest.raises(TableError, match="air"):
        parse_sound(page)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_hostile_tables_are_refused_with_a_sentence_or_understood(data: st.DataObject) -> None:
    page = table()
    place: Any = page
    while isinstance(place, dict) and place:
        name = data.draw(st.sampled_from(sorted(place)))
        if data.draw(st.booleans()) or not isinstance(place[name], dict):
            place[name] = data.draw(values)
            break
        place = place[name]
    with suppress(TableError):
        parse_sound(page)
