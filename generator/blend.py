"""A style with other styles in it: their tempo, energy, chords, patches and percussion.

Who gives what is drawn from the seed, each donor as much as it weighs, so two takes of a request
lean differently and the same spec always leans the same. Nothing depends on a part's take: a part
written anew keeps its instrument. Every strip keeps the level, place and effects of the style that
was asked for, so that the balance holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Final

import numpy as np

from generator.choose import chance
from generator.grammar import HarmonyTable, Mood, Tempo
from generator.kinship import Weights, pushes
from generator.players import DrumLayer, DrumTable
from generator.seed import Seed
from generator.spec import BPM_RANGE
from generator.style import Style, Writing, load_style
from generator.synth.sound import PartSound

HARMONY: Final = "harmony"
PERCUSSION: Final = "percussion"
_SALIENCE: Final = {HARMONY: 2.0, "keys": 2.0, "lead": 2.0, "pad": 1.5, "arp": 1.5, "fx": 0.3}
_HEARD: Final = 0.12
"""The weight from which a donor always gives something."""

_DRUMS: Final = 0.15
"""The weight from which a donor may bring its drums: they are half of what a style is."""

_STANDS_IN: Final = {"arp": ("arp", "keys"), "keys": ("keys",), "pad": ("pad",), "lead": ("lead",)}
"""Whose patch may play a part."""

_BACKBONE: Final = set("ksciKSCI")
_NEAR_SWING: Final = 0.05
_BRIGHTEST, _LIVELIEST = 0.6, 0.15
_DENSITY: Final = (0.75, 1.25)
_FARTHEST: Final = 0.2
"""Octaves of tempo: a house track at 104 is still one, at 90 it is not."""

_OTHER_TIME: Final = 0.7

Tags = Sequence[tuple[str, float, str]]


@dataclass(frozen=True, slots=True)
class Gift:
    """What a clip takes from a donor style: ``what`` is "harmony", "percussion" or the part whose
    patch it is; ``part`` is the donor's part that the patch comes from."""

    donor: str
    what: str
    part: str = ""


def blended(style: Style, blend: Weights, tags: Tags, seed: Seed) -> Style:
    """``style`` with the donors' share of it, and its moods moved by what the tags say."""
    if not blend and not tags:
        return style
    donors = [(load_style(slug), weight) for slug, weight in blend]
    writing, parts = style.writing, dict(style.sound.parts)
    for gift in gifts(style, blend, seed):
        donor = load_style(gift.donor)
        if gift.part:
            voice = donor.sound.parts[gift.part].voice
            parts[gift.what] = PartSound(voice, parts[gift.what].strip)
        elif gift.what == HARMONY:
            writing = replace(writing, harmony=_harmony(style, donor))
        else:
            writing = replace(writing, drums=_percussion(writing, donor))
    return replace(
        style,
        tempo=_tempo(style, donors),
        mood_table={
            name: _mood(name, mood, style, donors, tags) for name, mood in style.mood_table.items()
        },
        writing=writing,
        sound=replace(style.sound, parts=parts),
    )


def gifts(style: Style, blend: Weights, seed: Seed) -> tuple[Gift, ...]:
    """Who gives what to this seed's clip; at most half of what can be given."""
    traits = [HARMONY, PERCUSSION, *style.parts]
    rng = seed.stream("blend")
    free = _shuffled(rng, traits)
    most = len(traits) // 2
    found: list[Gift] = []
    for slug, weight in blend:
        share = weight * len(traits)
        count = max(int(share) + chance(rng, share % 1.0), int(weight >= _HEARD))
        donor = load_style(slug)
        for what in list(free):
            if what == "drums" and weight < _DRUMS:
                continue
            gift = _gift(style, donor, what) if count and len(found) < most else None
            if gift is not None:
                found.append(gift)
                free.remove(what)
                count -= 1
    return tuple(found)


def energy_pull(style: Style, donors: Sequence[tuple[Style, float]]) -> float:
    """What donors calmer or stronger than ``style`` add to a clip's energy."""
    own = _usual_energy(style)
    return sum(weight * (_usual_energy(donor) - own) for donor, weight in donors)


def tempo_pull(style: Style, donor: Style) -> float:
    """Octaves by which the donor's tempo lies above the style's, as felt."""
    own, theirs = style.tempo, donor.tempo
    return _away((own.low, own.high), (theirs.low, theirs.high))


def _shuffled(rng: np.random.Generator, traits: list[str]) -> list[str]:
    """The traits, those a listener notices likelier first (Efraimidis & Spirakis 2006,
    doi:10.1016/j.ipl.2005.11.003)."""
    weights = np.array([_SALIENCE.get(trait, 1.0) for trait in traits])
    keys = np.log(rng.random(len(traits))) / weights
    return [traits[at] for at in np.argsort(-keys, kind="stable")]


def _gift(style: Style, donor: Style, what: str) -> Gift | None:
    """What ``donor`` has to give where it differs from ``style``; None if it has nothing."""
    if what == HARMONY:
        same = donor.writing.harmony == style.writing.harmony
        return None if same else Gift(donor.slug, HARMONY)
    if what == PERCUSSION:
        fits = _same_time(style, donor) and style.writing.drums and _extras(donor.writing)
        return Gift(donor.slug, PERCUSSION) if fits else None
    for part in _STANDS_IN.get(what, (what,)):
        theirs = donor.sound.parts.get(part)
        if theirs is not None and theirs.voice != style.sound.parts[what].voice:
            return Gift(donor.slug, what, part)
    return None


def _harmony(style: Style, donor: Style) -> HarmonyTable:
    """The donor's chords; those it keeps for a section this form does not have serve anywhere."""
    sections = set(style.writing.form.sections)
    table = donor.writing.harmony
    progressions = tuple(
        each if each.section in sections else replace(each, section="")
        for each in table.progressions
    )
    return replace(table, progressions=progressions)


def _same_time(style: Style, donor: Style) -> bool:
    ours, theirs = style.writing.feel, donor.writing.feel
    return ours.grid == theirs.grid and abs(ours.swing - theirs.swing) <= _NEAR_SWING


def _extras(writing: Writing) -> list[DrumLayer]:
    """The layers that play no kick, snare, clap or side stick."""
    layers = writing.drums.layers if writing.drums else ()
    return [
        layer for layer in layers if not layer.shared and not _BACKBONE & set("".join(layer.cells))
    ]


def _percussion(writing: Writing, donor: Style) -> DrumTable | None:
    """Our kick and snare under the donor's cymbals and hands."""
    drums = writing.drums
    if drums is None:
        return None
    extras = _extras(writing)
    backbone = [layer for layer in drums.layers if layer not in extras]
    return replace(drums, layers=(*backbone, *_extras(donor.writing)))


def _tempo(style: Style, donors: Sequence[tuple[Style, float]]) -> Tempo:
    own = style.tempo
    others = [((donor.tempo.low, donor.tempo.high), weight) for donor, weight in donors]
    low, high = _pulled((own.low, own.high), others)
    return Tempo(low, high, min(max(own.default, low), high))


def _mood(
    name: str, mood: Mood, style: Style, donors: Sequence[tuple[Style, float]], tags: Tags
) -> Mood:
    others = [
        (donor.mood_table[name].tempo, weight)
        if name in donor.mood_table
        else ((donor.tempo.low, donor.tempo.high), weight)
        for donor, weight in donors
    ]
    brightness, energy, density = leaning(style, donors, tags)
    return replace(
        mood,
        tempo=_pulled(mood.tempo, others),
        brightness=mood.brightness + brightness,
        energy=mood.energy + energy,
        density=mood.density * density,
    )


def leaning(
    style: Style, donors: Sequence[tuple[Style, float]], tags: Tags
) -> tuple[float, float, float]:
    """What tags and donors do to every mood: octaves of filter, energy, a factor of density."""
    known = pushes(tags)
    brightness = sum(weight * push.brightness for _, weight, push in known)
    energy = sum(weight * push.energy for _, weight, push in known) + energy_pull(style, donors)
    density = float(np.prod([push.density**weight for _, weight, push in known]))
    return (
        round(float(np.clip(brightness, -_BRIGHTEST, _BRIGHTEST)), 3),
        round(float(np.clip(energy, -_LIVELIEST, _LIVELIEST)), 3),
        round(float(np.clip(density, *_DENSITY)), 3),
    )


def _pulled(
    own: tuple[int, int], others: Sequence[tuple[tuple[int, int], float]]
) -> tuple[int, int]:
    """The weighted mean of tempo ranges, at most `_FARTHEST` from our own."""
    slowest, fastest = BPM_RANGE
    shift = sum(weight * _away(own, theirs) for theirs, weight in others)
    factor = 2.0 ** min(max(shift, -_FARTHEST), _FARTHEST)
    low, high = (min(max(round(each * factor), slowest), fastest) for each in own)
    return low, high


def _away(own: tuple[int, int], theirs: tuple[int, int]) -> float:
    """How many octaves their tempo lies above ours; about half or double time is felt as ours."""
    octaves = log2(sum(theirs) / sum(own))
    return octaves - round(octaves) if abs(octaves) > _OTHER_TIME else octaves


def _usual_energy(style: Style) -> float:
    sections = style.writing.form.sections.values()
    return sum(section.energy for section in sections) / len(sections)
