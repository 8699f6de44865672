"""Answering interactions: the callback, the original response and its follow-ups."""

from __future__ import annotations

import time

from tests.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.discord.messages import EPHEMERAL, LOADING, Message
from tests.discord.payloads import Json
from tests.discord.routes_resources import edit_violations, refuse
from tests.discord.routing import Answer, Route
from tests.discord.rules import message_violations
from tests.discord.world import Recorded, Refused, World

Ids = dict[str, str]

_ALLOWED = {
    COMMAND: {4, 5, 9},
    COMPONENT: {4, 5, 6, 7, 9},
    AUTOCOMPLETE: {8},
    MODAL_SUBMIT: {4, 5, 6, 7},
}
_MESSAGE_KINDS = {COMMAND: 20, COMPONENT: 0, MODAL_SUBMIT: 0}
_FOLLOWUPS_WITHOUT_BOT = 5


def _callback(world: World, recorded: Recorded, ids: Ids) -> Answer:
    asked = world.interactions.get(ids["interaction"])
    if asked is None or asked.token != ids["token"]:
        raise Refused(404, 10062, "Unknown interaction")
    if time.monotonic() - asked.asked > world.callback_seconds:
        raise Refused(404, 10062, "Unknown interaction", fault=False)
    if asked.callback is not None:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    kind, data = recorded.body["type"], recorded.body.get("data") or {}
    if kind not in _ALLOWED[asked.kind]:
        raise Refused(400, 50035, f"callback type {kind} does not answer type {asked.kind}")
    _carry_out(world, recorded, asked, kind, data)
    asked.callback, asked.answered = kind, time.monotonic()
    asked.changed()
    return (200, _resource(asked, kind)) if recorded.query.get("with_response") else (204, None)


def _carry_out(world: World, recorded: Recorded, asked: Interaction, kind: int, data: Json) -> None:
    match kind:
        case 4:
            refuse(recorded, message_violations(data, recorded.data))
            asked.original = world.post(_new(world, asked, data), recorded, data)
        case 5:
            if set(data) - {"flags"} or (data.get("flags") or 0) & ~EPHEMERAL:
                refuse(recorded, ["a deferred answer carries more than the ephemeral flag"])
            asked.original = _new(world, asked, data)
            asked.original.flags |= LOADING
            world.messages[asked.original.id] = asked.original
        case 6:
            asked.original = asked.source
        case 7:
            assert asked.source is not None
            asked.original = asked.source
            _edit(world, recorded, asked.source, data)
        case 8:
            asked.choices = data["choices"]
        case 9:
            asked.modal = data


def _new(world: World, asked: Interaction, data: Json) -> Message:
    flags = (data.get("flags") or 0) & EPHEMERAL
    return Message(
        asked.where,
        world.bot,
        flags=flags,
        kind=_MESSAGE_KINDS[asked.kind],
        metadata=asked.metadata(),
        application_id=world.bot.id,
        to=asked.by if flags else None,
    )


def _edit(world: World, recorded: Recorded, message: Message, data: Json) -> None:
    inner = Recorded(recorded.method, recorded.path, data, recorded.files)
    recorded.violations += edit_violations(message, inner)
    refuse(recorded, ())
    world.write(message, recorded, data)


def _resource(asked: Interaction, kind: int) -> Json:
    original = asked.original
    about: Json = {"id": asked.id, "type": asked.kind}
    if original is None:
        return {"interaction": about, "resource": {"type": kind}}
    about |= {
        "response_message_id": original.id,
        "response_message_loading": original.loading,
        "response_message_ephemeral": original.ephemeral,
    }
    shown = {"message": original.payload()} if kind in {4, 5, 7} else {}
    return {"interaction": about, "resource": {"type": kind, **shown}}


def _asked(world: World, ids: Ids) -> Interaction:
    """The interaction a token belongs to, if its callback is done and the token lives."""
    for asked in reversed(world.interactions.values()):
        if asked.token == ids["token"]:
            break
    else:
        raise Refused(404, 10015, "Unknown Webhook")
    if asked.callback is None:
        raise Refused(404, 10015, "Unknown Webhook")
    if time.monotonic() - asked.asked > world.token_seconds:
        raise Refused(401, 50027, "Invalid Webhook Token", fault=False)
    return asked


def _original(world: World, ids: Ids) -> tuple[Interaction, Message]:
    asked = _asked(world, ids)
    if asked.original is None or asked.original.deleted:
        raise Refused(404, 10008, "Unknown Message")
    return asked, asked.original


def _followup(world: World, recorded: Recorded, ids: Ids) -> Answer:
    asked = _asked(world, ids)
    refuse(recorded, message_violations(recorded.body, recorded.data))
    if asked.original is not None and asked.original.loading and asked.callback == 5:
        # Discord's own backward compatibility: the first follow-up fills a deferred answer.
        world.write(asked.original, recorded, recorded.body)
        asked.changed()
        return 200, asked.original.payload()
    if asked.user_installed_only and len(asked.followups) >= _FOLLOWUPS_WITHOUT_BOT:
        raise Refused(400, 40094, "This interaction has reached its follow-up limit")
    message = _new(world, asked, recorded.body)
    if asked.original is not None:
        message.metadata = {**asked.metadata(), "original_response_message_id": asked.original.id}
    asked.followups.append(world.post(message, recorded, recorded.body))
    asked.changed()
    return 200, message.payload()


def _get_original(world: World, recorded: Recorded, ids: Ids) -> Answer:
    return 200, _original(world, ids)[1].payload()


def _edit_original(world: World, recorded: Recorded, ids: Ids) -> Answer:
    asked, message = _original(world, ids)
    _edit(world, recorded, message, recorded.body)
    asked.changed()
    return 200, message.payload()


def _delete_original(world: World, recorded: Recorded, ids: Ids) -> Answer:
    asked, message = _original(world, ids)
    message.deleted = True
    asked.changed()
    return 204, None


def _of_followup(world: World, ids: Ids) -> tuple[Interaction, Message]:
    asked = _asked(world, ids)
    for message in (*asked.followups, asked.original):
        if message is not None and message.id == ids["message"] and not message.deleted:
            return asked, message
    raise Refused(404, 10008, "Unknown Message")


def _edit_followup(world: World, recorded: Recorded, ids: Ids) -> Answer:
    asked, message = _of_followup(world, ids)
    _edit(world, recorded, message, recorded.body)
    asked.changed()
    return 200, message.payload()


def _delete_followup(world: World, recorded: Recorded, ids: Ids) -> Answer:
    asked, message = _of_followup(world, ids)
    message.deleted = True
    asked.changed()
    return 204, None


_WEBHOOK = "/webhooks/{application}/{token}"
_ORIGINAL = _WEBHOOK + "/messages/@original"
_MESSAGE = _WEBHOOK + "/messages/{message}"
ROUTES = tuple(
    Route(method, template, handler, needs_token=False)
    for method, template, handler in (
        ("POST", "/interactions/{interaction}/{token}/callback", _callback),
        ("POST", _WEBHOOK, _followup),
        ("GET", _ORIGINAL, _get_original),
        ("PATCH", _ORIGINAL, _edit_original),
        ("DELETE", _ORIGINAL, _delete_original),
        ("PATCH", _MESSAGE, _edit_followup),
        ("DELETE", _MESSAGE, _delete_followup),
    )
)
