"""One interaction, from the person's click to what they see: the handle tests hold on to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tests.discord.messages import Message
from tests.discord.payloads import Channel, Json, User, member_payload, snowflake

COMMAND: Final = 2
COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
MODAL_SUBMIT: Final = 5

Found = TypeVar("Found")


@dataclass(eq=False)
class Interaction:
    """What was asked by whom and where, and everything the bot answered so far."""

    kind: int
    by: User
    where: Channel
    data: Json
    source: Message | None = None
    id: str = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: f"interaction-token-{snowflake()}")
    asked: float = field(default_factory=time.monotonic)
    answered: float | None = None
    callback: int | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] | None = None
    modal: Json | None = None
    source_revision: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.source_revision = self.source.revision if self.source else 0

    @property
    def user_installed_only(self) -> bool:
        """Whether the bot itself is absent: such an interaction allows five follow-ups at most."""
        return not self.where.with_bot

    @property
    def seconds_to_answer(self) -> float:
        """From the event's dispatch to the bot's callback."""
        assert self.answered is not None, "the bot has not answered the interaction"
        return self.answered - self.asked

    @property
    def messages(self) -> list[Message]:
        """New messages it led to, in order, those still loading left out."""
        fresh = [self.original] if self.original and self.original is not self.source else []
        return [m for m in [*fresh, *self.followups] if not m.loading]

    def changed(self) -> None:
        """Called by the server after everything the bot does with this interaction."""
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def acknowledged(self, timeout: float = 5.0) -> float:
        """Wait for the callback; the seconds it took."""
        await self._until(lambda: self.callback, timeout, "was not acknowledged")
        return self.seconds_to_answer

    async def answer(self, timeout: float = 5.0) -> Message:
        """The first finished message: the answer, or the pressed message once edited."""
        return await self._until(self._answer, timeout, "got no answer")

    async def followup(self, number: int = 1, timeout: float = 5.0) -> Message:
        """The follow-up of that number, counted from one."""
        await self._until(
            lambda: len(self.followups) >= number, timeout, f"got no {number}. follow-up"
        )
        return self.followups[number - 1]

    async def offered(self, timeout: float = 5.0) -> list[Json]:
        """The choices of an autocomplete, as ``{"name", "value"}``."""
        await self._until(lambda: self.choices is not None, timeout, "got no choices")
        return self.choices or []

    def _answer(self) -> Message | None:
        if self.source is not None and self.callback in {6, 7}:
            edited = self.source.revision > self.source_revision
            return self.source if edited else next(iter(self.messages), None)
        return next(iter(self.messages), None)

    async def _until(self, look: Callable[[], Found | None], timeout: float, failed: str) -> Found:
        deadline = time.monotonic() + timeout
        while not (found := look()):
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._changed.wait()
            except TimeoutError as error:
                name = self.data.get("name") or self.data.get("custom_id")
                state = f"callback {self.callback}, {len(self.messages)} messages"
                raise AssertionError(f"{name} {failed} in {timeout:g} s ({state})") from error
        return found

    def owners(self) -> Json:
        """``authorizing_integration_owners``: who installed the app that is being used."""
        if self.where.guild and self.where.with_bot:
            return {"0": self.where.guild.id}
        return {"1": self.by.id}

    def metadata(self) -> Json:
        """``interaction_metadata`` of a message this interaction leads to."""
        return {
            "id": self.id,
            "type": self.kind,
            "user": self.by.payload(),
            "authorizing_integration_owners": self.owners(),
            **({"name": self.data["name"]} if self.kind == COMMAND else {}),
            **({"interacted_message_id": self.source.id} if self.source else {}),
        }

    def payload(self, application_id: str) -> Json:
        """The INTERACTION_CREATE event."""
        place = self._guild_place() if self.where.guild else self._private_place()
        return {
            "id": self.id,
            "application_id": application_id,
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel": self.where.payload(),
            "channel_id": self.where.id,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": self.owners(),
            "attachment_size_limit": 10 * 1024 * 1024,
            **place,
            **({"message": self.source.payload()} if self.source else {}),
        }

    def _guild_place(self) -> dict[str, Any]:
        guild = self.where.guild
        assert guild is not None
        return {
            "context": 0,
            "guild_id": guild.id,
            "guild": guild.partial(),
            "guild_locale": "en-US",
            "member": member_payload(self.by, guild),
            "app_permissions": str(guild.permissions(self.by) if guild.with_bot else 0),
        }

    def _private_place(self) -> dict[str, Any]:
        context = 1 if self.where.kind == 1 else 2
        return {"context": context, "user": self.by.payload(), "app_permissions": "442368"}
