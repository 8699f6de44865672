"""Adds parsed listening to what is held on a member."""

from __future__ import annotations

import asyncio
import time

from bot.sources.blob import artist_plays, decode_history, encode_history, merge_histories
from bot.sources.history import ListeningHistory
from bot.sources.imports import ParsedImport
from bot.store.store import Store
from recommender.catalogue import starter_catalogue


async def keep_history(store: Store, member: str, parsed: ParsedImport) -> None:
    """Merges what a file held into the member's; the same file twice changes nothing but the time
    it was last read. What it adds counts towards the next training, and artists that are new are
    looked up."""
    history, report = parsed.history, parsed.report
    held = await store.tastes.history(member)
    blob, added = await asyncio.to_thread(_merge, held, history)
    await store.tastes.put_history(member, blob)
    await store.tastes.note_source(member, report.package, report.plays, time.time())
    await store.trainings.add_plays(added)
    await store.artists.offer(await asyncio.to_thread(_unknown_artists, history))


def _merge(held: bytes | None, history: ListeningHistory) -> tuple[bytes, int]:
    """The histories as one, encoded, and how many plays that is more than before."""
    if held is None:
        return encode_history(history), _plays(history)
    before = decode_history(held)
    merged = merge_histories(before, history)
    return encode_history(merged), _plays(merged) - _plays(before)


def _unknown_artists(history: ListeningHistory) -> list[str]:
    """Artists the catalogue does not know, most played first."""
    catalogue = starter_catalogue()
    return [artist for artist in artist_plays(history) if artist not in catalogue]


def _plays(history: ListeningHistory) -> int:
    return sum(track.plays for track in history.tracks)
