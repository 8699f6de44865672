"""Styles with a word changed, so that one option at a time can be heard in the notes."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from generator.compose import compose
from generator.request import resolve
from generator.score import Score
from generator.spec import ClipSpec
from generator.style import Style, parse_style


def altered(slug: str, changes: dict[str, Any]) -> Style:
    """The style with the values at those dotted paths ("bass.walk") put in; new tables grow as
    needed, numbers count the items of lists."""
    page = files("generator").joinpath("styles", f"{slug}.toml").read_text("utf-8")
    table: Any = tomllib.loads(page)
    for path, value in changes.items():
        place: Any = table
        *way, last = path.split(".")
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        place[int(last) if isinstance(place, list) else last] = value
    return parse_style(slug, table)


def request(style: Style, seed: int, **asked: Any) -> ClipSpec:
    """A spec for an altered style, with all the parts that it has now."""
    spec = resolve(style.slug, seed=seed, **asked)
    return ClipSpec(**{**spec.to_json(), "parts": style.parts})


def takes(style: Style, seeds: range, **asked: Any) -> list[Score]:
    return [compose(request(style, seed, **asked), style) for seed in seeds]


def steady(style: str, changes: dict[str, Any]) -> Style:
    """The style with no looseness and no swing, so that places are exact."""
    return altered(style, {"feel": {}, **changes})
