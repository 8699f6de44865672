"""Messages of the test Discord and the files on its CDN."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from typing import Final

from tests.discord.payloads import Channel, Json, User, now, snowflake

EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
COMPONENTS_V2: Final = 1 << 15


@dataclass(eq=False, slots=True)
class Upload:
    """A file on the test CDN: what a person attached, or what the bot posted."""

    filename: str
    data: bytes
    description: str | None = None
    id: str = field(default_factory=snowflake)
    url: str = ""

    def payload(self) -> Json:
        kind = mimetypes.guess_type(self.filename)[0] or "application/octet-stream"
        sides = (self.data[16:20], self.data[20:24])
        shape = dict(zip(("width", "height"), map(int.from_bytes, sides), strict=True))
        return {
            "id": self.id,
            "filename": self.filename,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": kind,
            **({"description": self.description} if self.description else {}),
            **(shape if self.data.startswith(b"\x89PNG") else {}),
        }


@dataclass(eq=False, slots=True)
class Message:
    """One message as people see it. ``to`` is the only person who sees it when it is ephemeral."""

    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Upload] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    metadata: Json | None = None
    application_id: str | None = None
    edited: str | None = None
    deleted: bool = False
    revision: int = 0
    to: User | None = None
    id: str = field(default_factory=snowflake)
    timestamp: str = field(default_factory=now)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything a person reads in it: content, embeds and text displays, in order."""
        embeds = [e[part] for e in self.embeds for part in ("title", "description") if e.get(part)]
        shown = [c["content"] for c in walk(self.components) if c.get("type") == 10]
        return "\n".join([self.content, *embeds, *shown]).strip()

    @property
    def controls(self) -> list[Json]:
        """Its buttons and selects, in order."""
        return [c for c in walk(self.components) if c.get("custom_id")]

    def control(self, wanted: str) -> Json:
        """The button or select with that label, placeholder or custom_id."""
        for control in self.controls:
            if wanted in {control.get("label"), control.get("placeholder"), control["custom_id"]}:
                return control
        seen = [c.get("label") or c.get("placeholder") or c["custom_id"] for c in self.controls]
        raise AssertionError(f"no control {wanted!r} on the message; it has {seen}")

    def file(self, suffix: str) -> Upload:
        """The only attachment whose name ends so."""
        [found] = [a for a in self.attachments if a.filename.endswith(suffix)]
        return found

    def payload(self) -> Json:
        webhook = {"application_id": self.application_id, "webhook_id": self.application_id}
        return {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": self.timestamp,
            "edited_timestamp": self.edited,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [upload.payload() for upload in self.attachments],
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "type": self.kind,
            "flags": self.flags,
            **(webhook if self.application_id else {}),
            **({"interaction_metadata": self.metadata} if self.metadata else {}),
        }


def walk(components: list[Json]) -> list[Json]:
    """Every component at any depth, accessories included, in reading order."""
    found: list[Json] = []
    for component in components:
        found.append(component)
        found += walk(component.get("components", []))
        found += walk([component[k] for k in ("accessory", "component") if component.get(k)])
    return found
