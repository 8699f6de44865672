"""Adds parsed listening to what is held on a member."""

from __future__ import annotations

import asyncio

from bot.sources.blob import decode_history, encode_history, merge_histories
from bot.sources.history import ListeningHistory
from bot.store.store import Store


async def keep_history(store: Store, member: str, history: ListeningHistory) -> None:
    """Merges ``history`` into the member's; the same history twice changes nothing."""
    held = await store.tastes.history(member)
    await store.tastes.put_history(member, await asyncio.to_thread(_merge, held, history))


def _merge(held: bytes | None, history: ListeningHistory) -> bytes:
    return encode_history(merge_histories(decode_history(held), history) if held else history)
