"""Adds parsed listening to what is held on a member."""

from __future__ import annotations

import asyncio

from bot.sources.blob import decode_history, encode_history, merge_histories
from bot.sources.history import ListeningHistory
from bot.store.store import Store


async def keep_history(store: Store, member: str, history: ListeningHistory) -> None:
    """Merges ``history`` into the member's; the same history twice changes nothing. What it adds
    counts towards the next training."""
    held = await store.tastes.history(member)
    blob, added = await asyncio.to_thread(_merge, held, history)
    await store.tastes.put_history(member, blob)
    await store.trainings.add_plays(added)


def _merge(held: bytes | None, history: ListeningHistory) -> tuple[bytes, int]:
    """The histories as one, encoded, and how many plays that is more than before."""
    if held is None:
        return encode_history(history), _plays(history)
    before = decode_history(held)
    merged = merge_histories(before, history)
    return encode_history(merged), _plays(merged) - _plays(before)


def _plays(history: ListeningHistory) -> int:
    return sum(track.plays for track in history.tracks)
