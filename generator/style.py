"""A style is data: everything that makes one sound like itself stands in
``generator/styles/<slug>.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Any

from generator.errors import SpecError
from generator.grammar import Feel, Form, HarmonyTable, Mood, Tempo
from generator.players import ArpTable, BassTable, CompTable, DrumTable, FxTable, LeadTable
from generator.seed import PARTS
from generator.synth.sound import Sound, parse_sound
from generator.tables import TableError, read_table


@dataclass(frozen=True, slots=True)
class Writing:
    """How a style writes its notes; a part's table is None where the style has no such part."""

    form: Form
    harmony: HarmonyTable
    feel: Feel
    drums: DrumTable | None = None
    bass: BassTable | None = None
    pad: CompTable | None = None
    keys: CompTable | None = None
    arp: ArpTable | None = None
    lead: LeadTable | None = None
    fx: FxTable | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """One style as its file says it. ``moods`` and ``parts`` name what it offers, in order."""

    slug: str
    name: str
    description: str
    tags: tuple[str, ...]
    parts: tuple[str, ...]
    tempo: Tempo
    mood_table: dict[str, Mood]
    writing: Writing
    sound: Sound

    @property
    def moods(self) -> tuple[str, ...]:
        return tuple(self.mood_table)

    @property
    def tempo_low(self) -> int:
        return self.tempo.low

    @property
    def tempo_high(self) -> int:
        return self.tempo.high

    @property
    def tempo_default(self) -> int:
        return self.tempo.default

    def mood(self, name: str) -> Mood:
        """The mood of that name; SpecError listing the style's moods if it has no such mood."""
        if name not in self.mood_table:
            raise SpecError(f"{self.name} has no mood {name[:40]!r}; choose {_either(self.moods)}.")
        return self.mood_table[name]


@dataclass(frozen=True, slots=True)
class _StyleFile:
    name: str
    description: str
    tags: tuple[str, ...]
    parts: tuple[str, ...]
    tempo: Tempo
    moods: dict[str, Mood]
    form: Form
    harmony: HarmonyTable
    feel: Feel
    drums: DrumTable | None = None
    bass: BassTable | None = None
    pad: CompTable | None = None
    keys: CompTable | None = None
    arp: ArpTable | None = None
    lead: LeadTable | None = None
    fx: FxTable | None = None


def parse_style(slug: str, table: dict[str, Any]) -> Style:
    """The style a TOML document describes; TableError where it says something nobody
    understands."""
    writing = {name: value for name, value in table.items() if name != "sound"}
    page = read_table(_StyleFile, writing, slug)
    _check(page, slug)
    return Style(
        slug=slug,
        name=page.name,
        description=page.description,
        tags=page.tags,
        parts=tuple(part for part in PARTS if part in page.parts),
        tempo=page.tempo,
        mood_table=page.moods,
        writing=Writing(**{field.name: getattr(page, field.name) for field in fields(Writing)}),
        sound=parse_sound(table.get("sound", {})),
    )


def _check(page: _StyleFile, slug: str) -> None:
    """TableError for a part that nothing writes, or a progression for a mood that is not there."""
    for part in page.parts:
        if getattr(page, part, None) is None:
            raise TableError(f"{slug}: parts names {part}, but there is no table [{part}].")
    for progression in page.harmony.progressions:
        for mood in set(progression.moods) - set(page.moods):
            raise TableError(f"{slug}.harmony: {progression.chords!r} names no mood {mood!r}.")


@cache
def list_styles() -> tuple[Style, ...]:
    """Every style there is, by slug: one for each file in ``generator/styles``."""
    pages = (page for page in files("generator").joinpath("styles").iterdir())
    found = {page.name[:-5]: page for page in pages if page.name.endswith(".toml")}
    return tuple(
        parse_style(slug, tomllib.loads(found[slug].read_text("utf-8"))) for slug in sorted(found)
    )


def load_style(slug: str) -> Style:
    """The style of that slug or name ("lofi", "Lo-Fi"); SpecError naming the nearest three if
    none is."""
    wanted = _plain(slug)
    for style in list_styles():
        if wanted in {_plain(style.slug), _plain(style.name)}:
            return style
    near = [style.slug for style in nearest_styles(slug, limit=3)]
    raise SpecError(
        f"There is no style {slug.strip()[:40]!r}; the nearest are {_either(tuple(near))}."
    )


def nearest_styles(text: str, limit: int = 25) -> list[Style]:
    """At most ``limit`` styles, those most like what was typed first; all by slug for empty
    text."""
    typed = _plain(text)
    ranked = sorted(list_styles(), key=lambda style: (-_likeness(typed, style), style.slug))
    return ranked[:limit]


def _likeness(typed: str, style: Style) -> float:
    """0 for empty text; a name's beginning beats its middle, a tag, and then mere resemblance."""
    if not typed:
        return 0.0
    names = [_plain(style.slug), _plain(style.name)]
    tags = [_plain(tag) for tag in style.tags]
    if any(name.startswith(typed) for name in names):
        return 3.0
    if any(typed in name for name in names):
        return 2.5
    if any(tag.startswith(typed) for tag in tags):
        return 2.0
    alike = max(SequenceMatcher(None, typed, name).ratio() for name in names)
    return max(alike, 0.8 * max(SequenceMatcher(None, typed, tag).ratio() for tag in tags))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _either(words: tuple[str, ...]) -> str:
    """ "a", "a or b", "a, b or c"."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
