"""What is known of a member when they ask: plays, votes and the artists they named, weighed and
resolved.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from recommender.arrays import Doubles, Positions
from recommender.errors import DataError
from recommender.names import NameIndex, clean, normalise
from recommender.plays import MAX_COUNT

Kind = Literal["play", "like", "seed"]

LIKED_AS_PLAYS: Final = 20.0
DISLIKED: Final = -0.5
SEEDS_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Profile:
    """A member by artist names: ``plays`` (name -> count), ``likes`` and ``dislikes`` they voted or
    added, ``seeds`` they asked to hear more like. Any part may be empty.
    """

    plays: Mapping[str, float] = field(default_factory=dict)
    likes: Collection[str] = ()
    dislikes: Collection[str] = ()
    seeds: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Listened:
    """A profile as a model sees it. ``items`` are distinct and ascending; ``weights`` > 0 say how
    much each counts; ``labels`` are the member's own spellings, ``kinds`` how each came in.
    ``disliked`` lowers its neighbours; ``hidden`` is never recommended; ``unknown`` are names the
    model has never met.
    """

    items: Positions
    weights: Doubles
    labels: tuple[str, ...]
    kinds: tuple[Kind, ...]
    disliked: Positions
    unknown: tuple[str, ...]

    @property
    def seeds(self) -> Positions:
        seeds: Positions = self.items[np.array([kind == "seed" for kind in self.kinds], dtype=bool)]
        return seeds


@dataclass(slots=True)
class _Entry:
    label: str
    kind: Kind
    plays: float


def listen(profile: Profile, index: NameIndex) -> Listened:
    """Resolve ``profile`` against a model's artists; DataError when nothing of it is known."""
    entries: dict[int, _Entry] = {}
    disliked = _positions(profile.dislikes, index) - _positions(profile.seeds, index)
    unknown = _add_plays(entries, profile.plays, index, disliked)
    unknown += _add_named(entries, profile.likes, "like", index, disliked)
    unknown_seeds = _add_named(entries, profile.seeds, "seed", index, frozenset())
    if unknown_seeds and len(unknown_seeds) == len(profile.seeds):
        raise DataError(_nobody_called(unknown_seeds[0], index))
    if not entries:
        raise DataError(_nothing_known(unknown, index))
    items = sorted(entries)
    found = [entries[item] for item in items]
    return Listened(
        items=np.array(items, dtype=np.int64),
        weights=_weights(found),
        labels=tuple(entry.label for entry in found),
        kinds=tuple(entry.kind for entry in found),
        disliked=np.array(sorted(disliked), dtype=np.int64),
        unknown=tuple(dict.fromkeys([*unknown, *unknown_seeds])),
    )


def _positions(names: Iterable[str], index: NameIndex) -> frozenset[int]:
    return frozenset(item for name in names if (item := index.get(name)) is not None)


def _add_plays(
    entries: dict[int, _Entry],
    plays: Mapping[str, float],
    index: NameIndex,
    disliked: frozenset[int],
) -> list[str]:
    """Add the known artists (spellings of one summed), give back the others' names."""
    unknown = []
    for name, count in plays.items():
        if not 0.0 < count < math.inf:
            continue
        item, times = index.get(name), float(min(count, MAX_COUNT))
        if item is None:
            unknown.append(name)
        elif item in entries:
            entries[item].plays += times
        elif item not in disliked:
            entries[item] = _Entry(name, "play", times)
    return unknown


def _add_named(
    entries: dict[int, _Entry],
    names: Collection[str],
    kind: Kind,
    index: NameIndex,
    disliked: frozenset[int],
) -> list[str]:
    unknown = []
    for name in names:
        item = index.find(name) if kind == "seed" else index.get(name)
        if item is None:
            unknown.append(name)
        elif item not in disliked:
            played = entries[item].plays if item in entries else 0.0
            label = index.names[item] if kind == "seed" else name
            entries[item] = _Entry(label, kind, played)
    return unknown


def _weights(entries: list[_Entry]) -> Doubles:
    """Evidence per artist: ``log(1 + plays)``, where a like or a seed counts as ``LIKED_AS_PLAYS``
    at least. Seeds beside other artists carry ``SEEDS_SHARE`` of the whole.

    No weight depends on the rest of the list, so what one artist does to a score can be told
    exactly by leaving it out; plays relative to the list's mean, which EASE is trained on, measured
    no better here.
    """
    plays = np.array([entry.plays for entry in entries], dtype=np.float64)
    chosen = np.array([entry.kind != "play" for entry in entries], dtype=bool)
    plays[chosen] = np.maximum(plays[chosen], LIKED_AS_PLAYS)
    weights: Doubles = np.log1p(plays)
    seeds = np.array([entry.kind == "seed" for entry in entries], dtype=bool)
    if seeds.any() and not seeds.all():
        rest = weights[~seeds].sum()
        weights[~seeds] *= weights[seeds].sum() * (1.0 - SEEDS_SHARE) / SEEDS_SHARE / rest
    return weights


def _nobody_called(name: str, index: NameIndex) -> str:
    nearest = [index.names[item] for item in index.nearest(name)]
    if not nearest:
        return f"No artist called {clean(name)!r} is known here yet; name another one you like."
    return f"No artist called {clean(name)!r} is known here yet; did you mean {_either(nearest)}?"


def _nothing_known(unknown: list[str], index: NameIndex) -> str:
    if not unknown:
        return "There is no listening to go by yet; import a history or name an artist you like."
    if len({normalise(name) for name in unknown}) == 1:
        return _nobody_called(unknown[0], index)
    nearest = dict.fromkeys(
        index.names[item] for name in unknown[:50] for item in index.nearest(name, 1)
    )
    hint = f" such as {_either(list(nearest)[:3])}" if nearest else ""
    return (
        f"None of these {len(unknown)} artists is known here yet;"
        f" name one you like{hint} to start from."
    )


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
