"""From what somebody asked for to a complete spec: checked, and the rest drawn from the seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from generator.blend import blended
from generator.choose import weighted
from generator.errors import SpecError
from generator.kinship import Liked, blend_for, pushes, shared_tags
from generator.seed import MAX_SEED, PARTS, Seed
from generator.spec import BAR_CHOICES, BPM_RANGE, FORMATS, ClipSpec
from generator.style import Style, load_style
from generator.theory import Key, mode_named

DEFAULT_BARS = 16
LONGEST_ECHO = 40
MOST_LIKED = 10
MOOD_PULL = 3.0


def resolve(
    style: str,
    *,
    key: str | None = None,
    bpm: int | None = None,
    bars: int | None = None,
    mood: str | None = None,
    seed: int | None = None,
    parts: Sequence[str] | None = None,
    format: str = "mp3",  # noqa: A002
    like: Sequence[Liked] = (),
) -> ClipSpec:
    """The spec for a request; what is None is drawn from the seed (a fresh one when that is None
    too).

    ``like`` names artists whose tags mix other styles in and colour the mood: what nobody chose
    follows them. The same arguments with a seed give the same spec. Raises SpecError, one sentence,
    for whatever the style or a clip cannot do."""
    chosen = load_style(style)
    source = _seed(seed)
    tags = shared_tags(_liked(like))
    blend = blend_for(chosen, {tag: weight for tag, weight, _ in tags})
    feeling = _mood(chosen, mood, source, tags)
    return ClipSpec(
        style=chosen.slug,
        seed=source.value,
        bpm=_bpm(blended(chosen, blend, tags, source), feeling, bpm, source),
        key=str(_key(chosen, feeling, key, source)),
        mood=feeling,
        bars=_bars(bars),
        parts=_parts(chosen, parts),
        format=_format(format),
        like=tuple(artist.name for artist in like),
        tags=tags,
        blend=blend,
    )


def open_choices(spec: ClipSpec, *, like: bool) -> tuple[str, int]:
    """Mood and tempo as the spec's seed draws them for who leaves them open; ``like`` False draws
    as if nobody had named artists. Where the spec's mood was chosen, the tempo is drawn in it."""
    style, seed = load_style(spec.style), Seed(spec.seed)
    tags, blend = (spec.tags, spec.blend) if like else ((), ())
    mood = _mood(style, None, seed, tags)
    drawn = spec.mood == _mood(style, None, seed, spec.tags)
    felt = mood if drawn else spec.mood
    return mood, _bpm(blended(style, blend, tags, seed), felt, None, seed)


def _liked(like: Sequence[Liked]) -> Sequence[Liked]:
    if len(like) > MOST_LIKED:
        raise SpecError(f"Name at most {MOST_LIKED} artists; these are {len(like)}.")
    return like


def _seed(value: int | None) -> Seed:
    if value is None:
        return Seed.fresh()
    if not _whole(value) or not 0 <= value <= MAX_SEED:
        raise SpecError(f"A seed is a whole number from 0 to {MAX_SEED}; {_echo(value)} is not.")
    return Seed(value)


def _whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; callers that read JSON may hand over anything."""
    return isinstance(value, int) and not isinstance(value, bool)


def _echo(value: object) -> str:
    """What was asked for, as a refusal repeats it: at most 40 characters of it."""
    if _whole(value) and abs(value) >= 10**LONGEST_ECHO:
        return "a number that long"
    return repr(value[:LONGEST_ECHO] if isinstance(value, str) else value)[: LONGEST_ECHO + 2]


def _mood(
    style: Style, mood: str | None, seed: Seed, tags: Sequence[tuple[str, float, str]] = ()
) -> str:
    if mood is None:
        weights = dict.fromkeys(style.moods, 1.0)
        for _, weight, push in pushes(tags):
            if push.mood in weights:
                weights[push.mood] += MOOD_PULL * weight
        return weighted(seed.stream("mood"), list(weights), list(weights.values()))
    name = mood.strip().lower()
    style.mood(name)
    return name


def _key(style: Style, mood: str, text: str | None, seed: Seed) -> Key:
    if text is not None:
        return Key.parse(text)
    rng = seed.stream("key")
    modes = style.mood(mood).modes
    mode = mode_named(weighted(rng, list(modes), list(modes.values())))
    return Key(int(rng.integers(12)), mode)


def _bpm(style: Style, mood: str, bpm: int | None, seed: Seed) -> int:
    if bpm is None:
        low, high = style.mood(mood).tempo
        return int(seed.stream("bpm").integers(low, high + 1))
    low, high = BPM_RANGE
    if not _whole(bpm):
        raise SpecError(f"bpm is a whole number from {low} to {high}; {_echo(bpm)} is not.")
    if not low <= bpm <= high:
        raise SpecError(f"bpm goes from {low} to {high}; {_echo(bpm)} is outside.")
    return bpm


def _bars(bars: int | None) -> int:
    if bars is None:
        return DEFAULT_BARS
    if not _whole(bars) or bars not in BAR_CHOICES:
        raise SpecError(f"bars is one of 4, 8, 16 or 32; {_echo(bars)} is not.")
    return bars


def _format(text: str) -> str:
    name = text.strip().lower()
    if name not in FORMATS:
        raise SpecError(f"format is one of {', '.join(FORMATS)}; {_echo(name)} is not.")
    return name


def _parts(style: Style, parts: Sequence[str] | None) -> tuple[str, ...]:
    if parts is None:
        return style.parts
    wanted = {part.strip().lower() for part in parts}
    for part in sorted(wanted - set(style.parts)):
        raise SpecError(
            f"{style.name} has no part {_echo(part)}; choose from {', '.join(style.parts)}."
        )
    if not wanted:
        raise SpecError(f"Choose at least one part of {', '.join(style.parts)}.")
    return tuple(part for part in PARTS if part in wanted)
