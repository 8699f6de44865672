"""Adds parsed listening to what is held on a member."""

from __future__ import annotations

import asyncio
import time

from bot.sources.blob import decode_history, encode_history, merge_histories
from bot.sources.history import ListeningHistory
from bot.sources.imports import ParsedImport
from bot.store.store import Store


async def keep_history(store: Store, member: str, parsed: ParsedImport) -> None:
    """Merges what a file held into the member's; the same file twice changes nothing but the time
    it was last read."""
    held = await store.tastes.history(member)
    await store.tastes.put_history(member, await asyncio.to_thread(_merge, held, parsed.history))
    report = parsed.report
    await store.tastes.note_source(member, report.package, report.plays, time.time())


def _merge(held: bytes | None, history: ListeningHistory) -> bytes:
    return encode_history(merge_histories(decode_history(held), history) if held else history)
