"""The training job: catalogue, crates and everybody's listening in, a published model out."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.errors import Unavailable
from bot.jobs.leadership import leading
from bot.jobs.performance import patiently
from bot.sources.blob import artist_plays, decode_history
from bot.store.marks import Mark
from bot.store.store import Store
from bot.store.tastes import TasteStore
from bot.store.tickets import Ticket, TicketStore
from recommender import artefact
from recommender.catalogue import load_starter
from recommender.model import train as train_model

log = logging.getLogger(__name__)

HASH_DIGITS: Final = 16
LIKED: Final = 1.0
LISTENERS_TO_BE_SHOWN: Final = 2
"""What one member alone plays, and the catalogue does not know, is not shown to the others."""

Listeners = dict[str, dict[str, float]]
Progress = Callable[[float], None]


async def train(store: Store, ticket: Ticket) -> str:
    """Learns from all that is stored now and publishes the model; its content hash."""
    async with leading(store.tickets, ticket):
        members = await patiently(lambda: everybodys_listening(store.tastes))
        tell = _teller(store.tickets, ticket)
        packed = await asyncio.to_thread(learn, members, tell)
        version = fingerprint(packed)
        await patiently(lambda: store.models.publish(version, packed))
    log.info("Model %s, learnt from %d members and the crates", version, len(members))
    return version


async def everybodys_listening(tastes: TasteStore) -> Listeners:
    """Plays by artist of every member, as "member 1", "member 2": a model needs no names."""
    listeners: Listeners = {}
    for number, member in enumerate(await tastes.members(), start=1):
        blob = await tastes.history(member)
        marks = await tastes.marks(member, time.time())
        plays = await asyncio.to_thread(_plays, blob) if blob else {}
        if liked := _with_marks(plays, marks):
            listeners[f"member {number}"] = liked
    return listeners


def learn(members: Listeners, progress: Progress) -> bytes:
    """Trains on the crates and ``members``; the model, packed. Equal input gives equal bytes.

    ``progress`` hears shares of the work, 0..1, in the calling thread.
    """
    starter = load_starter()
    listeners = {**starter.listeners(), **members}

    def tell(done: int, whole: int) -> None:
        progress(done / whole)

    model = train_model(
        starter.catalogue, listeners, seed=0, min_listeners=LISTENERS_TO_BE_SHOWN, progress=tell
    )
    with tempfile.TemporaryDirectory(prefix="nightjar-model-") as folder:
        artefact.save(model, Path(folder))
        return artefact.pack(Path(folder))


def fingerprint(packed: bytes) -> str:
    """The content hash a packed model is published under."""
    return hashlib.sha256(packed).hexdigest()[:HASH_DIGITS]


def _plays(blob: bytes) -> dict[str, float]:
    try:
        history = decode_history(blob)
    except ValueError:
        log.warning("A stored history cannot be read and was left out of the training")
        return {}
    return artist_plays(history)


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
    """A callback for the training's thread that announces progress from the event loop's."""
    loop = asyncio.get_running_loop()

    async def announce(share: float) -> None:
        with suppress(Unavailable):
            await tickets.announce(ticket, share)

    def tell(share: float) -> None:
        asyncio.run_coroutine_threadsafe(announce(share), loop)

    return tell
