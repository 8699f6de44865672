"""The people and places of the test Discord, and their JSON as Discord writes it."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

Json = dict[str, Any]

DISCORD_EPOCH_MS: Final = 1_420_070_400_000
MANAGE_MESSAGES: Final = 1 << 13
MEMBER_PERMISSIONS: Final = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 31)

_sequence = itertools.count(1)


def snowflake() -> str:
    """A fresh id whose upper bits are the time, as every Discord id's are."""
    milliseconds = int(time.time() * 1000) - DISCORD_EPOCH_MS
    return str((milliseconds << 22) | (next(_sequence) & 0x3FFFFF))


def now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass(eq=False, slots=True)
class User:
    name: str
    bot: bool = False
    id: str = field(default_factory=snowflake)

    def payload(self) -> Json:
        return {
            "id": self.id,
            "username": self.name,
            "global_name": self.name.title(),
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False, slots=True)
class Channel:
    """A place to talk: kind 0 is a guild's text channel, 1 a direct message, 3 a group."""

    kind: int
    name: str
    guild: Guild | None = None
    people: list[User] = field(default_factory=list)
    with_bot: bool = True
    id: str = field(default_factory=snowflake)

    def payload(self) -> Json:
        shared = {"id": self.id, "type": self.kind, "last_message_id": None, "flags": 0}
        if self.guild is None:
            recipients = [user.payload() for user in self.people]
            group = {"name": self.name, "icon": None, "owner_id": self.people[0].id}
            return {**shared, "recipients": recipients, **(group if self.kind == 3 else {})}
        return {
            **shared,
            "guild_id": self.guild.id,
            "name": self.name,
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
        }


@dataclass(eq=False, slots=True)
class Guild:
    """A server; ``with_bot`` is False where people use the app from their own account only."""

    name: str
    with_bot: bool = True
    channels: list[Channel] = field(default_factory=list)
    moderators: set[str] = field(default_factory=set)
    id: str = field(default_factory=snowflake)

    def permissions(self, user: User) -> int:
        return MEMBER_PERMISSIONS | (MANAGE_MESSAGES if user.id in self.moderators else 0)

    def partial(self) -> Json:
        return {"id": self.id, "locale": "en-US", "features": []}

    def payload(self) -> Json:
        everyone = {
            "id": self.id,
            "name": "@everyone",
            "permissions": str(MEMBER_PERMISSIONS),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return {
            **self.partial(),
            "name": self.name,
            "owner_id": snowflake(),
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "description": None,
            "banner": None,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "vanity_url_code": None,
            "roles": [everyone],
            "emojis": [],
            "stickers": [],
            "channels": [channel.payload() for channel in self.channels],
            "threads": [],
            "members": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "member_count": 3,
            "large": False,
            "unavailable": False,
            "joined_at": now(),
        }


def member_payload(user: User, guild: Guild) -> Json:
    return {
        "user": user.payload(),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": now(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "permissions": str(guild.permissions(user)),
    }


def resolved_people(people: list[User], guild: Guild | None) -> Json:
    """``resolved`` of people named in a command; members without user, as Discord writes them."""
    if not people:
        return {}
    users = {user.id: user.payload() for user in people}
    if guild is None:
        return {"users": users}
    members = {user.id: member_payload(user, guild) for user in people}
    for member in members.values():
        del member["user"], member["deaf"], member["mute"]
    return {"users": users, "members": members}
