"""Everything the test Discord remembers: places, commands, messages, files, interactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.discord.interaction import Interaction
from tests.discord.limits import Bucket
from tests.discord.messages import EPHEMERAL, LOADING, Message, Upload
from tests.discord.payloads import Channel, Guild, Json, User, now

Scope = str | None


@dataclass(slots=True)
class Recorded:
    """One request the bot made. ``path`` starts after the API base; ``files`` by form field."""

    method: str
    path: str
    body: Any = None
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    status: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def data(self) -> dict[str, bytes]:
        return {name: content for name, (_, content) in self.files.items()}


class Refused(Exception):
    """Discord's answer to a request it will not serve. ``fault`` False: the bot is not to blame."""

    def __init__(self, status: int, code: int, message: str, *, fault: bool = True) -> None:
        super().__init__(message)
        self.status, self.code, self.fault = status, code, fault


@dataclass(eq=False)
class World:
    """Plain state; the rules live in the routes."""

    token: str
    bot: User
    guilds: list[Guild]
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    commands: dict[Scope, list[Json]] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    requests: list[Recorded] = field(default_factory=list)
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    failures: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    syncs: int = 0
    callback_seconds: float = 3.0
    token_seconds: float = 900.0
    address: str = ""
    gateway_address: str = ""
    shards: int = 1

    def store(self, upload: Upload, channel: Channel) -> Upload:
        """Put a file on the CDN and give it its address."""
        upload.url = f"{self.address}/attachments/{channel.id}/{upload.id}/{upload.filename}"
        self.uploads[upload.id] = upload
        return upload

    def post(self, message: Message, recorded: Recorded, body: Json) -> Message:
        """Fill a new message from the request's body and keep it."""
        self.messages[message.id] = message
        self.write(message, recorded, body)
        message.edited, message.revision = None, 0
        return message

    def write(self, message: Message, recorded: Recorded, body: Json) -> None:
        """Apply a body to a message: fields that are absent stay as they are."""
        message.content = (body["content"] or "") if "content" in body else message.content
        message.embeds = (body["embeds"] or []) if "embeds" in body else message.embeds
        message.components = (
            (body["components"] or []) if "components" in body else message.components
        )
        kept = message.flags & EPHEMERAL
        if body.get("flags") is not None:
            message.flags = (body["flags"] & ~EPHEMERAL) | kept
        message.flags &= ~LOADING
        self._attach(message, recorded, body)
        message.edited = now()
        message.revision += 1

    def _attach(self, message: Message, recorded: Recorded, body: Json) -> None:
        entries = body.get("attachments")
        if entries is not None:
            wanted = {str(entry["id"]) for entry in entries}
            message.attachments = [a for a in message.attachments if a.id in wanted]
        described = {str(entry["id"]): entry for entry in entries or ()}
        for name, (filename, data) in recorded.files.items():
            entry = described.get(name[len("files[") : -1], {})
            upload = Upload(entry.get("filename") or filename, data, entry.get("description"))
            message.attachments.append(self.store(upload, message.channel))

    def visible(self, channel: Channel) -> list[Message]:
        """What stands in a channel now, oldest first, ephemeral messages left out."""
        return [
            m
            for m in self.messages.values()
            if m.channel is channel and not (m.deleted or m.ephemeral or m.loading)
        ]
