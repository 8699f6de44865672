"""Login, commands and channel messages: the routes a bot uses with its own token."""

from __future__ import annotations

from typing import Any

from tests.discord.messages import Message
from tests.discord.payloads import Channel, Json, User, snowflake
from tests.discord.routing import Answer, Route
from tests.discord.rules import command_violations, message_violations
from tests.discord.world import Recorded, Refused, World

Ids = dict[str, str]


def _me(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, {**world.bot.payload(), "verified": True, "mfa_enabled": False, "flags": 0}


def _application(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, {
        "id": world.bot.id,
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "team": None,
        "owner": User("operator").payload(),
        "approximate_guild_count": len(world.guilds),
    }


def _gateway(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, {"url": world.gateway_address}


def _gateway_bot(world: World, recorded: Recorded, ids: Ids) -> Answer:
    limits = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return 200, {
        "url": world.gateway_address,
        "shards": world.shards,
        "session_start_limit": limits,
    }


def _get_commands(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, world.commands.get(ids.get("guild"), [])


def _put_commands(world: World, recorded: Recorded, ids: Ids) -> Answer:
    scope = ids.get("guild")
    refuse(recorded, command_violations(recorded.body))
    kept = {(c["type"], c["name"]): c["id"] for c in world.commands.get(scope, [])}
    world.commands[scope] = [_registered(world, c, scope, kept) for c in recorded.body]
    world.syncs += 1
    return 200, world.commands[scope]


def _registered(
    world: World, command: Json, scope: str | None, kept: dict[tuple[int, str], str]
) -> Json:
    kind = command.get("type") or 1
    return {
        "default_member_permissions": None,
        "nsfw": False,
        "contexts": None,
        **command,
        "integration_types": command.get("integration_types") or [0],
        "type": kind,
        "id": kept.get((kind, command["name"])) or snowflake(),
        "application_id": world.bot.id,
        "version": snowflake(),
        "description": command.get("description") or "",
        **({"guild_id": scope} if scope else {}),
    }


def _open_dm(world: World, recorded: Recorded, ids: Ids) -> Answer:
    person = recorded.body["recipient_id"]
    for channel in world.channels.values():
        if channel.kind == 1 and channel.people[0].id == person:
            return 200, channel.payload()
    raise Refused(403, 50007, "Cannot send messages to this user")


def _channel(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, _place(world, ids).payload()


def _send(world: World, recorded: Recorded, ids: Ids) -> Answer:
    channel = _place(world, ids)
    refuse(recorded, message_violations(recorded.body, recorded.data))
    message = Message(channel, world.bot, flags=0)
    return 200, world.post(message, recorded, recorded.body).payload()


def _get_message(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, _message(world, ids).payload()


def _edit_message(world: World, recorded: Recorded, ids: Ids) -> Answer:
    message = _own(world, ids)
    refuse(recorded, edit_violations(message, recorded))
    world.write(message, recorded, recorded.body)
    return 200, message.payload()


def _delete_message(world: World, recorded: Recorded, ids: Ids) -> Answer:
    _own(world, ids).deleted = True
    return 204, None


def _place(world: World, ids: Ids) -> Channel:
    channel = world.channels.get(ids["channel"])
    if channel is None:
        raise Refused(404, 10003, "Unknown Channel")
    if not channel.with_bot:
        raise Refused(403, 50001, "Missing Access", fault=False)
    return channel


def _message(world: World, ids: Ids) -> Message:
    message = world.messages.get(ids["message"])
    if message is None or message.deleted or message.channel is not _place(world, ids):
        raise Refused(404, 10008, "Unknown Message")
    return message


def _own(world: World, ids: Ids) -> Message:
    message = _message(world, ids)
    if message.author is not world.bot:
        raise Refused(403, 50013, "Missing Permissions")
    return message


def refuse(recorded: Recorded, violations: Any) -> None:
    """Note what is wrong with a request; Refused 50035 if anything is."""
    recorded.violations += violations
    if recorded.violations:
        raise Refused(400, 50035, "Invalid Form Body", fault=False)


def edit_violations(message: Message, recorded: Recorded) -> list[str]:
    """The rules for the message as it will stand after the edit."""
    body = recorded.body or {}
    kept = [{"id": a.id, "filename": a.filename} for a in message.attachments]
    after = {
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "flags": message.flags,
        "attachments": kept,
        **{name: value for name, value in body.items() if value is not None},
    }
    after["flags"] |= message.flags
    return list(message_violations(after, recorded.data))


_COMMANDS = "/applications/{application}/commands"
_GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"
_MESSAGES = "/channels/{channel}/messages"
ROUTES = (
    Route("GET", "/users/@me", _me),
    Route("GET", "/oauth2/applications/@me", _application),
    Route("GET", "/gateway", _gateway, needs_token=False),
    Route("GET", "/gateway/bot", _gateway_bot),
    *(Route("GET", template, _get_commands) for template in (_COMMANDS, _GUILD_COMMANDS)),
    *(Route("PUT", template, _put_commands) for template in (_COMMANDS, _GUILD_COMMANDS)),
    Route("POST", "/users/@me/channels", _open_dm),
    Route("GET", "/channels/{channel}", _channel),
    Route("POST", _MESSAGES, _send),
    Route("GET", _MESSAGES + "/{message}", _get_message),
    Route("PATCH", _MESSAGES + "/{message}", _edit_message),
    Route("DELETE", _MESSAGES + "/{message}", _delete_message),
)
