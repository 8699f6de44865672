"""What people wait for: each interaction from its arrival until its work has ended."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

import discord

from cogs.host import Interaction
from cogs.ui.errors import LOST, tell

log = logging.getLogger(__name__)

TELL_SECONDS: Final = 1.0
AGAIN: Final = "again"  # in an interaction's extras: the command that gives what it waits for


class UnderWay:
    """Knows who still waits, so that nobody is left before a "thinking..." that never ends."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], Interaction] = {}
        self._closed = False

    async def admit(self, interaction: Interaction) -> bool:
        """Whether to go on; the current task then counts as the interaction's work.

        Once `finish` has begun nobody is admitted: the person is told to ask again.
        """
        typing = interaction.type is discord.InteractionType.autocomplete
        if self._closed and not typing:
            await _send_away(interaction)
        task = asyncio.current_task()
        if task is not None and not (self._closed or typing):
            self._tasks[task] = interaction
            task.add_done_callback(self._tasks.pop)
        return not self._closed

    async def finish(self, seconds: float) -> None:
        """Admits nobody more, waits for the work at most ``seconds``, tells those who still wait.

        Their work is cancelled; it takes a second longer at most.
        """
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        late = dict(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*map(_send_away, late.values()))


async def _send_away(interaction: Interaction) -> None:
    again = interaction.extras.get(AGAIN)
    wanted = f": `{again}` gives you this very clip." if again else "."
    try:
        async with asyncio.timeout(TELL_SECONDS):
            await tell(interaction, f"Nightjar is restarting; ask again in a minute{wanted}")
    except LOST as lost:
        log.warning("Interaction %s was not told of the restart: %s", interaction.id, lost)
