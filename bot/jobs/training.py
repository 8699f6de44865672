"""The training job: catalogue, crates and everybody's listening in, a published model out."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.errors import Unavailable
from bot.jobs.estimate import Estimate
from bot.jobs.leadership import leading
from bot.jobs.performance import patiently
from bot.jobs.publishing import publish_sound
from bot.sources.blob import artist_plays, decode_history, track_plays
from bot.store.artists import ArtistStore
from bot.store.marks import Mark
from bot.store.store import Store
from bot.store.tastes import TasteStore
from bot.store.tickets import Ticket, TicketStore
from bot.store.trainings import LastTraining
from recommender import artefact
from recommender.catalogue import load_starter, starter_catalogue
from recommender.model import train as train_model
from recommender.names import normalise
from recommender.plays import TrackName
from recommender.tracks import starter_tracks

log = logging.getLogger(__name__)

LIKED: Final = 1.0
LISTENERS_TO_BE_SHOWN: Final = 2
"""What one member alone plays, and the catalogue does not know, is not shown to the others."""
TELL_SECONDS: Final = 60.0

Listeners = dict[str, dict[str, float]]
Tags = dict[str, dict[str, float]]
Progress = Callable[[float], None]


async def train(store: Store, ticket: Ticket) -> str:
    """Learns from all that is stored now and publishes the model; its content hash."""
    return (await train_in_turn(store, ticket, _teller(store.tickets, ticket))).version


async def train_in_turn(store: Store, ticket: Ticket, progress: Progress) -> LastTraining:
    """The training, once no other is under way anywhere; how it ended.

    ``progress`` hears shares of the work, 0..1, in another thread. DataError when the model is not
    fit to serve; the one before stays then.
    """
    async with leading(store.tickets, ticket):
        await patiently(store.trainings.begin)
        members = await patiently(lambda: everybodys_listening(store.tastes))
        tags = await patiently(lambda: tags_of_the_heard(store.artists, members))
        packed = await learn_beside(members, progress, tags)
        last = await publish_sound(store, packed, members.plays)
    log.info("Model %s, learnt from %d members and the crates", last.version, len(members))
    return last


async def tags_of_the_heard(artists: ArtistStore, members: Listening) -> Tags:
    """What was found about artists that ``members`` play and the catalogue does not know.

    What is kept of artists whom nobody plays any more is dropped, and whom nobody has looked up is
    queued for it.
    """
    names = {normalise(name): name for plays in members.plays.values() for name in plays}
    await artists.keep_only(names.keys())
    catalogue = starter_catalogue()
    await artists.offer(name for name in names.values() if name not in catalogue)
    return await artists.tags()


async def learn_beside(members: Listening, progress: Progress, tags: Tags) -> bytes:
    """`learn` in a thread of its own, which ends soon when this is cancelled."""
    given_up = threading.Event()

    def tell(share: float) -> None:
        if given_up.is_set():
            raise _GivenUp
        progress(share)

    try:
        return await asyncio.to_thread(learn, members, tell, tags)
    finally:
        given_up.set()


class _GivenUp(Exception):
    """Nobody waits for this training any more."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Everybody's plays by artist, and of these what is known of tracks, by listener."""

    plays: Listeners = field(default_factory=dict)
    tracks: dict[str, dict[TrackName, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.plays)


async def everybodys_listening(tastes: TasteStore) -> Listening:
    """Plays of every member, as "member 1", "member 2": a model needs no names."""
    listening = Listening()
    for number, member in enumerate(await tastes.members(), start=1):
        blob = await tastes.history(member)
        marks = await tastes.marks(member, time.time())
        plays, tracks = await asyncio.to_thread(_plays, blob) if blob else ({}, {})
        if liked := _with_marks(plays, marks):
            listening.plays[f"member {number}"] = liked
            kept = {track: count for track, count in tracks.items() if track[0] in liked}
            listening.tracks[f"member {number}"] = kept
    return listening


def learn(members: Listening, progress: Progress, tags: Tags | None = None) -> bytes:
    """Trains on the crates and ``members``; the model, packed. Equal input gives equal bytes.

    ``tags`` are those of artists the catalogue does not know. ``progress`` hears shares of the
    work, 0..1, in the calling thread.
    """
    starter = load_starter()
    found = dict(sorted((tags or {}).items()))
    listeners = {**starter.listeners(), **members.plays}

    def tell(done: int, whole: int) -> None:
        progress(done / whole)

    model = train_model(
        starter.catalogue.with_tags(found) if found else starter.catalogue,
        listeners,
        tracks=members.tracks,
        known_tracks=starter_tracks(),
        seed=0,
        min_listeners=LISTENERS_TO_BE_SHOWN,
        always_offered=len(starter.catalogue),
        progress=tell,
    )
    with tempfile.TemporaryDirectory(prefix="nightjar-model-") as folder:
        artefact.save(model, Path(folder))
        return artefact.pack(Path(folder))


def _plays(blob: bytes) -> tuple[dict[str, float], dict[TrackName, float]]:
    try:
        history = decode_history(blob)
    except ValueError:
        log.warning("A stored history cannot be read and was left out of the training")
        return {}, {}
    return artist_plays(history), track_plays(history)


def _with_marks(plays: dict[str, float], marks: Sequence[Mark]) -> dict[str, float]:
    """Whom a member likes or knows counts as a play at least; whom they dislike is not taught as a
    taste. ``marks`` come oldest first: the latest word on an artist stands."""
    likes = {mark.artist: mark.kind != "down" for mark in marks}
    kept = {artist: count for artist, count in plays.items() if likes.get(artist, True)}
    for artist, liked in likes.items():
        if liked:
            kept[artist] = max(kept.get(artist, 0.0), LIKED)
    return kept


def _teller(tickets: TicketStore, ticket: Ticket) -> Progress:
    """A callback for the training's thread that announces progress from the event loop's, and now
    and then logs how long it will still take."""
    loop = asyncio.get_running_loop()
    estimate = Estimate()
    next_line = TELL_SECONDS

    in_turn = asyncio.Lock()  # short steps must not overtake each other on their way

    async def announce(share: float) -> None:
        async with in_turn:
            with suppress(Unavailable):
                await tickets.announce(ticket, share)

    def tell(share: float) -> None:
        nonlocal next_line
        asyncio.run_coroutine_threadsafe(announce(share), loop)
        if estimate.elapsed >= next_line:
            next_line = estimate.elapsed + TELL_SECONDS
            log.info("Learning: %s", estimate.text(share))

    return tell
