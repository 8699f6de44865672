"""What naming artists did to a clip, in sentences: only what moved, and which tags moved it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from generator.blend import (
    HARMONY,
    PERCUSSION,
    Gift,
    energy_pull,
    gifts,
    leaning,
    tempo_pull,
)
from generator.kinship import Push, affinity, load_kinship, pushes
from generator.request import open_choices
from generator.score import Score
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style, load_style
from generator.synth.patches import VOICES, Kit
from generator.synth.timbres import Ensemble

_MOST_TAGS: Final = 2
_KINDS: Final = {
    "analog": "analog synth",
    "fm": "FM synth",
    "plucked": "plucked strings",
    "chip": "chip waves",
    "sweep": "swept noise",
}
_AUDIBLE: Final = (0.08, 0.02, 0.03)
"""Octaves, energy and density below which nothing is said."""


def likeness(spec: ClipSpec, score: Score) -> tuple[str, ...]:
    """The sentences, such as "jazz 0.8 (from Nujabes): Jazz harmony, keys on electric piano"; empty
    where nobody was named or nothing moved."""
    style = load_style(spec.style)
    said: defaultdict[str, list[str]] = defaultdict(list)
    moved = (*_given(spec, style, score), *_moved(spec, style), *_mood(spec), *_tempo(spec, style))
    for why, what in moved:
        said[why].append(what)
    named = (f"{why}: {', '.join(what)}" for why, what in said.items() if why)
    return (*named, *said.get("", ()))


def _given(spec: ClipSpec, style: Style, score: Score) -> list[tuple[str, str]]:
    """For every gift that sounds: the tags that speak of its donor, and what it is."""
    heard = {part.name for part in score.parts if part.notes}
    given = [each for each in gifts(style, spec.blend, Seed(spec.seed)) if _sounds(each, heard)]
    donors = {gift.donor: load_style(gift.donor) for gift in given}
    return [
        (_because(spec, donors[gift.donor]), _said(gift, style, donors[gift.donor]))
        for gift in given
    ]


def _sounds(gift: Gift, heard: set[str]) -> bool:
    if gift.what == HARMONY:
        return bool(heard - {"drums", "fx"})
    return ("drums" if gift.what == PERCUSSION else gift.what) in heard


def _said(gift: Gift, style: Style, donor: Style) -> str:
    if gift.what in (HARMONY, PERCUSSION):
        return f"{donor.name} {gift.what}"
    ours = style.sound.parts[gift.what].voice
    theirs = donor.sound.parts[gift.part].voice
    if isinstance(theirs, Kit):
        return f"{theirs.family} drums"
    if type(theirs) is type(ours):
        return f"{gift.what} patch of {donor.name}"
    if isinstance(theirs, Ensemble):
        return f"{gift.what} on {theirs.kind}"
    [kind] = [name for name, voice in VOICES.items() if type(theirs) is voice]
    return f"{gift.what} on {_KINDS.get(kind, kind)}"


def _because(spec: ClipSpec, donor: Style) -> str:
    """The tags that brought a donor in, strongest first."""
    pull = [(weight * affinity(tag, donor), tag, weight, who) for tag, weight, who in spec.tags]
    best = sorted((each for each in pull if each[0] > 0), key=lambda each: -each[0])[:_MOST_TAGS]
    return _named([(tag, weight, who) for _, tag, weight, who in best])


def _named(tags: Sequence[tuple[str, float, str]]) -> str:
    """ "jazz rap 0.8, piano 0.6 (from Nujabes)"."""
    who = " and ".join(dict.fromkeys(name for _, _, name in tags))
    return f"{', '.join(f'{tag} {weight:.2g}' for tag, weight, _ in tags)} (from {who})"


def _moved(spec: ClipSpec, style: Style) -> list[tuple[str, str]]:
    """What tags and donors did to filters, energy and how much is played."""
    donors = [(load_style(slug), weight) for slug, weight in spec.blend]
    octaves, energy, density = leaning(style, donors, spec.tags)
    found = []
    if abs(octaves) >= _AUDIBLE[0]:
        way = "brighter" if octaves > 0 else "darker"
        found.append(
            (_pushing(spec, "brightness", octaves), f"{way} by {abs(octaves):.1g} octaves")
        )
    if abs(energy) >= _AUDIBLE[1]:
        donor = _towards(donors, style, energy)
        why = _pushing(spec, "energy", energy) or (_because(spec, donor) if donor else "")
        found.append((why, "stronger" if energy > 0 else "calmer"))
    if abs(density - 1.0) >= _AUDIBLE[2]:
        way = "more" if density > 1.0 else "fewer"
        found.append((_pushing(spec, "density", density - 1.0), f"{way} notes"))
    return found


def _towards(donors: Sequence[tuple[Style, float]], style: Style, direction: float) -> Style | None:
    """The donor that pulled most in that direction."""
    pulls = [(energy_pull(style, [(donor, weight * direction)]), donor) for donor, weight in donors]
    return max(pulls, key=lambda pull: pull[0], default=(0.0, None))[1]


def _pushing(spec: ClipSpec, what: str, direction: float) -> str:
    """The strongest tags that push that way; empty if none does."""
    who = {tag: name for tag, _, name in spec.tags}
    found = []
    for tag, weight, push in pushes(spec.tags):
        force = getattr(push, what) - (1.0 if what == "density" else 0.0)
        if force * direction > 0:
            found.append((abs(force) * weight, tag, weight, who[tag]))
    best = sorted(found, key=lambda each: -each[0])[:_MOST_TAGS]
    return _named([(tag, weight, name) for _, tag, weight, name in best]) if best else ""


def _mood(spec: ClipSpec) -> list[tuple[str, str]]:
    """The mood, where tags and not the seed alone decided it."""
    mood, _ = open_choices(spec, like=True)
    alone, _ = open_choices(spec, like=False)
    known = load_kinship().moods
    liking = [each for each in spec.tags if known.get(each[0], Push()).mood == mood]
    if not liking or alone == mood or mood != spec.mood:
        return []
    return [(_named(liking[:_MOST_TAGS]), f"mood {mood} (the seed alone: {alone})")]


def _tempo(spec: ClipSpec, style: Style) -> list[tuple[str, str]]:
    """The tempo, where the blend and not the seed alone decided it, and the tags of the donor that
    pulled most that way; of nobody where the mood brought it."""
    _, bpm = open_choices(spec, like=True)
    _, alone = open_choices(spec, like=False)
    if alone == bpm or bpm != spec.bpm:
        return []
    way = -1.0 if bpm < alone else 1.0
    donors = [(load_style(slug), weight) for slug, weight in spec.blend]
    pulls = [(way * weight * tempo_pull(style, donor), donor) for donor, weight in donors]
    pull, donor = max(pulls, key=lambda each: each[0], default=(0.0, style))
    why = _because(spec, donor) if pull > 0 else ""
    return [(why, f"{'slower' if way < 0 else 'faster'}: tempo {bpm} (the seed alone: {alone})")]
