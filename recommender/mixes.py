"""Mixes: a member's listening as a few lists, each of one kind, partly known and partly new.

What the member plays is grouped in the embedding (:mod:`recommender.clusters`), a group is named by
the tags it shares (:mod:`recommender.titles`), and a list goes out from each group: tracks of its
own artists, and artists the model finds for the group alone. Nothing is drawn at random and nothing
is remembered: equal listening gives equal mixes, and a little more listening changes little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from recommender.arrays import Positions
from recommender.clusters import group
from recommender.errors import DataError
from recommender.learnt import Learnt
from recommender.model import Model, Profile, Recommendation
from recommender.names import clean, normalise
from recommender.plays import with_tracks
from recommender.profile import Listened, Said
from recommender.scoring import likeness
from recommender.titles import SharedTag, Title, titles
from recommender.tracks import tracks_of

__all__ = ["Heard", "Mix", "MixItem", "make_mixes"]

FEWEST_ARTISTS: Final = 3
LEAST: Final = 20
MOST: Final = 50
MOST_KNOWN: Final = 24
TRACKS_AN_ARTIST: Final = 3
CANDIDATES: Final = 2  # times as many as are wanted: some fit another mix better
SHOWN_TAGS: Final = 4
NAMING_TAGS: Final = 12
USED_BY: Final = 0.002  # of all artists
LONGEST_ID: Final = 48


@dataclass(frozen=True, slots=True)
class Heard:
    """A track of the member's own: its title and plays, 0 for one that is only saved."""

    title: str
    plays: float


@dataclass(frozen=True, slots=True)
class MixItem:
    """A line of a mix. ``track`` is "" where none of the artist is known; ``known`` tells whether
    the artist is the member's own; ``reason`` why it is here.
    """

    artist: str
    track: str
    known: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Mix:
    """A named list. ``id`` is made of the name's tags and the same as long as these are; ``tags``
    are the strongest of the group.
    """

    id: str
    name: str
    tags: tuple[str, ...]
    items: tuple[MixItem, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A group on its way to a mix: the artists' positions in the model, the core among them, and
    what the member told of just these.
    """

    core: int
    artists: tuple[str, ...]
    listening: Profile
    title: Title
    tags: tuple[str, ...]
    known: tuple[MixItem, ...]


def make_mixes(
    model: Model, profile: Profile, heard: Mapping[str, Sequence[Heard]] | None = None
) -> list[Mix]:
    """The member's mixes, the one they play most first; 20 to 50 items each where the model knows
    enough, none of them in two mixes.

    ``heard`` has the tracks of an artist by the artist's key (:func:`normalise`), most played
    first; without any, an artist stands with a well-known track. DataError when fewer than three
    artists of the profile are known.
    """
    profile = _by_artist(profile)
    listened = model.listen(profile)
    if len(listened.items) < FEWEST_ARTISTS:
        raise DataError(
            f"Mixes begin at {FEWEST_ARTISTS} artists known here, and of this list I know"
            f" {len(listened.items)}; add a few more you like."
        )
    alike = likeness(model.learnt, listened.items, listened.items)
    parts: list[_Part] = []
    for one in group(alike, listened.weights):
        used = {_id(part.title) for part in parts}
        closeness = listened.weights[one.members] * alike[one.members, one.core]
        order = one.members[np.argsort(-closeness, kind="stable")]
        parts.append(_part(model.learnt, profile, listened, one.core, order, used, heard or {}))
    found = _new_items(model, profile, parts)
    return [_mix(part, new) for part, new in zip(parts, found, strict=True)]


def _by_artist(profile: Profile) -> Profile:
    """The profile told by artists alone, and without what was shown of late: a mix is the same
    tomorrow.
    """
    return replace(profile, plays=with_tracks(profile.plays, profile.tracks), tracks={}, recent=())


def _part(
    learnt: Learnt,
    profile: Profile,
    listened: Listened,
    core: int,
    order: Positions,
    used: set[str],
    heard: Mapping[str, Sequence[Heard]],
) -> _Part:
    artists = tuple(listened.labels[at] for at in order)
    shared = _shared_tags(learnt, listened.items[order])
    return _Part(
        core=int(listened.items[core]),
        artists=artists,
        listening=_only(profile, set(map(normalise, artists))),
        title=_title(shared, clean(listened.labels[core]), used),
        tags=tuple(tag.name for tag in shared[:SHOWN_TAGS]),
        known=_known_items(artists, [listened.kinds[at] for at in order], heard),
    )


def _only(profile: Profile, keys: set[str]) -> Profile:
    """What the member told of the artists with these keys, and everything they dislike."""
    return replace(
        profile,
        plays={name: count for name, count in profile.plays.items() if normalise(name) in keys},
        likes=_of(profile.likes, keys),
        known=_of(profile.known, keys),
    )


def _of(said: Said, keys: set[str]) -> Said:
    if isinstance(said, Mapping):
        return {name: share for name, share in said.items() if normalise(name) in keys}
    return [name for name in said if normalise(name) in keys]


def _shared_tags(learnt: Learnt, items: Positions) -> list[SharedTag]:
    """The group's tags, strongest first: tf-idf weights, so that rare ones count for more.

    Each artist counts alike, so that plays alone change no name. A tag that hardly anybody uses,
    such as one listener's own word, names no music.
    """
    rows = learnt.tags.dense(items).astype(np.float64)
    used = np.bincount(learnt.tags.columns, minlength=learnt.tags.width)
    strength = rows.sum(axis=0) * (used >= USED_BY * len(learnt.tags))
    covers = (rows > 0).mean(axis=0)
    order = np.argsort(-strength, kind="stable")[:NAMING_TAGS]
    return [
        SharedTag(learnt.tag_names[tag], float(strength[tag]), float(covers[tag]))
        for tag in order
        if strength[tag] > 0
    ]


def _title(shared: Sequence[SharedTag], core: str, used: set[str]) -> Title:
    """The best name that no other mix has; the last one offered names the core, as no other
    does.
    """
    offered = list(titles(shared, core))
    return next((title for title in offered if _id(title) not in used), offered[-1])


def _known_items(
    artists: Sequence[str], kinds: Sequence[str], heard: Mapping[str, Sequence[Heard]]
) -> tuple[MixItem, ...]:
    """Tracks of the member's own artists: the first of each, then the second of each, then the
    third.
    """
    shelves = [
        list(_own_tracks(name, kind, heard)) for name, kind in zip(artists, kinds, strict=True)
    ]
    rounds = (
        shelf[turn] for turn in range(TRACKS_AN_ARTIST) for shelf in shelves if turn < len(shelf)
    )
    return tuple(rounds)[:MOST]


def _own_tracks(artist: str, kind: str, heard: Mapping[str, Sequence[Heard]]) -> Iterator[MixItem]:
    name = clean(artist)
    own = heard.get(normalise(artist), ())
    for track in own[:TRACKS_AN_ARTIST]:
        yield MixItem(name, track.title, True, "you play it" if track.plays else "you saved it")
    if not own:
        begin = next(iter(tracks_of(artist)), None)
        yield MixItem(name, begin.title if begin else "", True, f"you {kind} {name}")


def _new_items(model: Model, profile: Profile, parts: Sequence[_Part]) -> list[list[MixItem]]:
    """New artists for each part: those that are nearest to its own core first, none in two."""
    said = (profile.plays, profile.likes, profile.known)
    own = {normalise(name) for names in said for name in names}
    cores = np.array([part.core for part in parts])
    offers = [_offers(model, part, own) for part in parts]
    nearest = [_nearest(model.learnt, found, cores) for found in offers]
    chosen: list[list[MixItem]] = [[] for _ in parts]
    taken: set[str] = set()
    for fitting in (True, False):
        for at, part in enumerate(parts):
            found = [
                offer
                for offer, core in zip(offers[at], nearest[at], strict=True)
                if bool(core == at) == fitting
            ]
            chosen[at] += _take(found, _wanted(part) - len(chosen[at]), taken)
    return chosen


def _offers(model: Model, part: _Part, own: set[str]) -> list[Recommendation]:
    """Artists for a part that are not the member's own and that something in it speaks for."""
    return [
        offer
        for offer in model.recommend(part.listening, count=CANDIDATES * _wanted(part))
        if normalise(offer.artist) not in own and (offer.reason.because or offer.reason.tags)
    ]


def _wanted(part: _Part) -> int:
    """As many new ones as known ones, within the length of a mix."""
    known = min(len(part.known), MOST_KNOWN)
    return max(known, LEAST - known)


def _nearest(learnt: Learnt, offers: Sequence[Recommendation], cores: Positions) -> Positions:
    """For each offer the place in ``cores`` of the one most like it."""
    items = np.array([learnt.index.get(offer.artist) for offer in offers], dtype=np.int64)
    nearest: Positions = likeness(learnt, items, cores).argmax(axis=1)
    return nearest


def _take(offers: Sequence[Recommendation], count: int, taken: set[str]) -> list[MixItem]:
    items: list[MixItem] = []
    for offer in offers:
        if len(items) < count and offer.artist not in taken:
            taken.add(offer.artist)
            begin = next(iter(tracks_of(offer.artist)), None)
            title = begin.title if begin else ""
            items.append(MixItem(offer.artist, title, False, f"new: {offer.reason.text}"))
    return items


def _mix(part: _Part, new: Sequence[MixItem]) -> Mix:
    """Known and new in turn, evenly, a known one first; more known ones where new ones lack."""
    known = part.known[: max(MOST_KNOWN, LEAST - len(new))]
    slots = [(at / len(known), 0, item) for at, item in enumerate(known)]
    slots += [((at + 0.5) / len(new), 1, item) for at, item in enumerate(new)]
    items = tuple(item for _, _, item in sorted(slots, key=lambda slot: slot[:2]))[:MOST]
    return Mix(_id(part.title), part.title.text, part.tags, items)


def _id(title: Title) -> str:
    """The same for the same tags, whichever is the stronger today."""
    words = re.findall(r"[a-z0-9]+", " ".join([*sorted(title.tags), normalise(title.core)]))
    return "-".join(words)[:LONGEST_ID].rstrip("-") or normalise(title.core)[:LONGEST_ID]
