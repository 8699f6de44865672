from __future__ import annotations

import copy
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from generator.errors import SpecError
from generator.style import list_styles, load_style, nearest_styles, parse_style
from generator.tables import TableError


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    text = files("generator").joinpath("styles", "synthwave.toml").read_text("utf-8")
    return tomllib.loads(text)


def test_every_file_is_a_style_and_they_come_by_slug() -> None:
    slugs = [style.slug for style in list_styles()]
    names = {page.name for page in files("generator").joinpath("styles").iterdir()}
    assert slugs == sorted(slugs)
    assert {f"{slug}.toml" for slug in slugs} == {name for name in names if name.endswith(".toml")}


@pytest.mark.parametrize("name", ["lofi", "Lo-Fi", "LO FI", "lo_fi"])
def test_a_style_answers_to_its_slug_and_its_name(name: str) -> None:
    assert load_style(name).slug == "lofi"


def test_an_unknown_style_is_refused_with_its_neighbours() -> None:
    with pytest.raises(SpecError, match="synthwave"):
        load_style("synthwav3")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("syn", "synthwave"), ("wave", "synthwave"), ("outrun", "synthwave"), ("chill", "lofi"),
     ("Tekhno", "techno"), ("rave", "techno"), ("lofy", "lofi")],
)  # fmt: skip
def test_typing_finds_the_style_that_was_meant(typed: str, first: str) -> None:
    assert nearest_styles(typed)[0].slug == first


def test_nothing_typed_lists_all_and_a_limit_holds() -> None:
    assert nearest_styles("") == list(list_styles())
    assert len(nearest_styles("s", limit=2)) == 2


def test_an_unknown_mood_lists_those_there_are() -> None:
    with pytest.raises(SpecError, match="nostalgic, driving, dark, dreamy, tense or bright"):
        load_style("synthwave").mood("angry")


def _set(table: Any, path: str, value: Any) -> None:
    *way, last = path.split(".")
    for step in way:
        table = table[int(step)] if isinstance(table, list) else table[step]
    table[int(last) if isinstance(table, list) else last] = value


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("tempo.low", "slow", r"synthwave\.tempo\.low"),
        ("feel.swimg", 0.6, r"synthwave\.feel.*'swimg'.*swing"),
        ("bass.cells", ["1-1-"], r"synthwave\.bass.*16"),
        ("bass.cells", ["9---------------"], r"synthwave\.bass.*'9'"),
        ("drums.fills", ["??"], r"synthwave\.drums"),
        ("form.plans", {"4": ["A4"]}, r"no plan for 8 bars"),
        ("form.plans.8", ["A4 B2"], r"does not last 8 bars"),
        ("form.plans.8", ["A4 Q4"], r"no section 'Q'"),
        ("form.plans.8", ["A4 -4"], r"does not read like A4"),
        ("harmony.progressions", [{"mode": "minor", "chords": "i | IX"}], r"IX"),
        ("harmony.progressions", [{"mode": "minor", "chords": "i"}], r"no progression in major"),
        ("harmony.colours", {"pink": 1.0}, r"'pink' is no colour"),
        ("harmony.turnarounds", {"minor": ["XX"]}, r"XX"),
        ("pad.voicings", ["upside"], r"'upside' is no voicing"),
        ("pad.high", 50, r"less than an octave"),
        ("arp.turns", ["explode"], r"'explode' is no turn"),
        ("lead.contours", {"zigzag": 1.0}, r"'zigzag' is no contour"),
        ("lead.rhythms", ["x" * 48], r"longer than two bars"),
        ("lead.phrases", ["mq"], r"'q'"),
        ("moods.dark.modes", {"dorian": 1.0}, r"dorian.*not a mode"),
        ("moods.dark.tempo", [90], r"2 values"),
        ("parts", ["drums", "keys"], r"no table \[keys\]"),
        ("form.late", {"kazoo": 0.1}, r"'kazoo' is no part"),
        ("form.sections.A.play", {"dRums": 0.5}, r"'dRums' is no part"),
        ("form.sections.break.borrows", "C", r"borrows from 'C'"),
        ("feel.loose_ms", {"triangle": 2.0}, r"'triangle' is no part"),
        ("drums.layers.1.shared", True, r"only one layer"),
        ("harmony.progressions.0.moods", ["furious"], r"no mood 'furious'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_is_named_with_its_place(
    page: dict[str, Any], path: str, value: Any, place: str
) -> None:
    table = copy.deepcopy(page)
    _set(table, path, value)
    with pytest.raises(TableError, match=place):
        parse_style("synthwave", table)


def test_a_missing_table_is_named(page: dict[str, Any]) -> None:
    table = copy.deepcopy(page)
    del table["harmony"]
    with pytest.raises(TableError, match="harmony is missing"):
        parse_style("synthwave", table)


def test_a_new_file_needs_nothing_else(page: dict[str, Any]) -> None:
    table = copy.deepcopy(page) | {"name": "Night Shift", "tags": ["night"]}
    style = parse_style("night-shift", table)
    assert (style.slug, style.name) == ("night-shift", "Night Shift")
