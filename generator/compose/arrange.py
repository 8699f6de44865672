"""The whole of composing on one screen: plan, write each part, let each player play it, make
sure that it is nobody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from generator.compose.arp import write_arp
from generator.compose.audition import audition
from generator.compose.bass import write_bass
from generator.compose.comp import write_comp
from generator.compose.drums import write_drums
from generator.compose.feel import open_on_the_beat, play
from generator.compose.fx import write_fx
from generator.compose.lead import write_lead
from generator.compose.originality import own
from generator.compose.plan import Plan, make_plan
from generator.compose.tonality import clarity
from generator.score import Note, Part, Score, Section
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style
from generator.synth.sound import Sound

PITCHED: Final = {"bass", "pad", "keys", "arp", "lead"}
DRAFTS: Final = 5
"""How many harmonies are tried out."""

OF_ENSEMBLES: Final = 2
CLEAR: Final = 0.12
BLUR: Final = 0.06
HARD: Final = 4.0
"""By which profiles (the third is of melodies alone), and with what margin of `clarity` a harmony
satisfies: finished clips hold theirs within .07 of it, as a rule. An overdriven voice (by ``HARD``
or more) blurs the key with tones that nobody plays."""


def compose(spec: ClipSpec, style: Style) -> Score:
    """The score for a spec in its style.

    The same spec gives the same score. A part's notes depend on nothing but the shared plan and
    that part's own take: written anew, it leaves the others untouched."""
    whole = replace(spec, parts=style.parts, seed=Seed(spec.seed).base)
    draft, notes = _settled(whole, style)
    plan = make_plan(spec, style, draft)
    if spec != whole:
        notes = {}
    parts = {part: notes.get(part) or _write(plan, part) for part in spec.parts}
    return Score(
        bpm=spec.bpm,
        key=str(plan.key),
        bars=spec.bars,
        sections=tuple(
            Section(each.name, each.start_bar, each.bars, round(each.energy, 3))
            for each in plan.sections
        ),
        chords=tuple(span.as_chord() for span in plan.spans),
        parts=tuple(Part(part, _played(plan, part, parts[part])) for part in spec.parts),
    )


def _played(plan: Plan, part: str, written: list[Note]) -> tuple[Note, ...]:
    """The part as it sounds, none of its lines a song's; drums have no line."""
    notes = play(written, plan, part)
    return notes if part == "drums" else own(plan, part, notes)


def _settled(whole: ClipSpec, style: Style) -> tuple[int, dict[str, list[Note]]]:
    """The first draft of the harmony in which the ensemble says its key clearly, or the clearest,
    and what the pitched parts play in it.

    Judged is the whole ensemble at its first takes, so that a clip keeps its chords whoever is left
    out or written anew."""
    wanted, best = _wanted(style.sound), (-2.0, 0, dict[str, list[Note]]())
    for draft in range(DRAFTS):
        plan = make_plan(whole, style, draft)
        notes = {part: _write(plan, part) for part in whole.parts if part in PITCHED}
        clear = clarity(audition(notes, style.sound, whole.bars), plan.key, OF_ENSEMBLES)
        if clear > best[0]:
            best = (clear, draft, notes)
        if clear >= wanted:
            break
    return best[1:]


def _wanted(sound: Sound) -> float:
    """The clarity that satisfies with these instruments."""
    driven = [getattr(part.voice, "drive", 0.0) for part in sound.parts.values()]
    return CLEAR + BLUR * (max(driven, default=0.0) >= HARD)


def _write(plan: Plan, part: str) -> list[Note]:
    notes = _written(plan, part)
    return open_on_the_beat(notes) if part == plan.opener else notes


def _written(plan: Plan, part: str) -> list[Note]:
    """What the style's table for that part writes; nothing where it has no such table."""
    writing = plan.style.writing
    if part == "drums" and writing.drums:
        return write_drums(plan, writing.drums)
    if part == "bass" and writing.bass:
        return write_bass(plan, writing.bass)
    if part == "arp" and writing.arp:
        return write_arp(plan, writing.arp)
    if part == "lead" and writing.lead:
        return write_lead(plan, writing.lead)
    if part == "fx" and writing.fx:
        return write_fx(plan, writing.fx)
    comp = {"pad": writing.pad, "keys": writing.keys}.get(part)
    return write_comp(plan, comp, part) if comp else []
