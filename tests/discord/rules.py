"""What Discord refuses although its OpenAPI document lets it pass, one sentence each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from tests.discord.messages import COMPONENTS_V2, walk
from tests.discord.payloads import Json

FILE_LIMIT: Final = 10 * 1024 * 1024
_NAME: Final = re.compile(r"[-_'\w]{1,32}")
_V2_ONLY: Final = {9, 10, 11, 12, 13, 14, 17}
_FILLING: Final = ("content", "embeds", "components", "poll", "attachments")
_MOST: Final = {1: 100, 2: 15, 3: 15}


def command_violations(commands: list[Json]) -> Iterator[str]:
    """The rules of one scope's whole list of commands."""
    kinds = Counter(command.get("type") or 1 for command in commands)
    yield from (f"{n} commands of type {kind}" for kind, n in kinds.items() if n > _MOST[kind])
    names = Counter((command.get("type") or 1, command["name"]) for command in commands)
    yield from (f"two commands are called {name}" for (_, name), n in names.items() if n > 1)
    for command in commands:
        if (command.get("type") or 1) == 1:
            yield from _chat_input(command)
        elif command.get("description") or command.get("options"):
            yield f"the context menu {command['name']} has a description or options"


def _chat_input(command: Json) -> Iterator[str]:
    if _characters(command) > 8000:
        yield f"/{command['name']} is longer than 8,000 characters"
    yield from _described(command)
    yield from _options(command.get("options") or (), f"/{command['name']}")


def _described(thing: Json) -> Iterator[str]:
    name = thing["name"]
    if not _NAME.fullmatch(name) or name != name.lower():
        yield f"{name!r} is not a name for a command or option"
    if not thing.get("description"):
        yield f"{name} has no description"


def _options(options: Iterable[Json], where: str) -> Iterator[str]:
    optional_seen = False
    for option in options:
        yield from _described(option)
        if option.get("autocomplete") and option.get("choices"):
            yield f"{where} {option['name']} has both choices and autocomplete"
        if option.get("required") and optional_seen:
            yield f"{where} {option['name']} is required after an optional one"
        optional_seen = optional_seen or (option["type"] > 2 and not option.get("required"))
        yield from _options(option.get("options") or (), f"{where} {option['name']}")


def _characters(thing: Json) -> int:
    choices = thing.get("choices") or ()
    return (
        len(thing["name"])
        + len(thing.get("description") or "")
        + sum(len(choice["name"]) + len(str(choice["value"])) for choice in choices)
        + sum(_characters(option) for option in thing.get("options") or ())
    )


def message_violations(message: Json, files: dict[str, bytes]) -> Iterator[str]:
    """The rules of a message's body as it is about to be sent or edited."""
    components = walk(message.get("components") or [])
    if not files and not any(message.get(name) for name in _FILLING):
        yield "an empty message"
    if len(message.get("content") or "") > 2000:
        yield "content is longer than 2,000 characters"
    if sum(map(_embed_characters, message.get("embeds") or ())) > 6000:
        yield "the embeds are longer than 6,000 characters together"
    ids = Counter(c["custom_id"] for c in components if c.get("custom_id"))
    yield from (f"custom_id {name!r} stands twice" for name, n in ids.items() if n > 1)
    for component in components:
        yield from _component_violations(component)
    yield from (_v2 if (message.get("flags") or 0) & COMPONENTS_V2 else _classic)(message)
    yield from _file_violations(message, files)


def _embed_characters(embed: Json) -> int:
    fields = [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    footer = (embed.get("footer") or {}).get("text", "")
    author = (embed.get("author") or {}).get("name", "")
    texts = [embed.get("title"), embed.get("description"), footer, author, *fields]
    return sum(len(text or "") for text in texts)


def _component_violations(component: Json) -> Iterator[str]:
    kind = component.get("type")
    if kind == 2 and component.get("style") in range(1, 5):
        if not component.get("custom_id"):
            yield f"the button {component.get('label')!r} has no custom_id"
        if not component.get("label") and not component.get("emoji"):
            yield "a button has neither label nor emoji"
    if kind == 3:
        values = [option["value"] for option in component.get("options", ())]
        if not values or len(set(values)) != len(values):
            yield f"the select {component.get('custom_id')!r} has no options or one twice"
        if component.get("min_values", 1) > component.get("max_values", 1):
            yield f"the select {component.get('custom_id')!r} wants more than it allows"


def _classic(message: Json) -> Iterator[str]:
    rows = message.get("components") or []
    if len(rows) > 5:
        yield "more than five rows of components"
    if any(c.get("type") in _V2_ONLY for c in walk(rows)):
        yield "a Components V2 component without the flag"


def _v2(message: Json) -> Iterator[str]:
    components = walk(message.get("components") or [])
    if message.get("content") or message.get("embeds") or message.get("poll"):
        yield "a Components V2 message has content, embeds or a poll"
    if len(components) > 40:
        yield f"{len(components)} components; 40 are allowed"
    if sum(len(c["content"]) for c in components if c.get("type") == 10) > 4000:
        yield "the text displays are longer than 4,000 characters together"


def _file_violations(message: Json, files: dict[str, bytes]) -> Iterator[str]:
    attachments = message.get("attachments") or []
    names = {str(entry.get("filename")) for entry in attachments}
    shown = {
        url.removeprefix("attachment://")
        for url in _urls(message)
        if url.startswith("attachment://")
    }
    yield from (f"attachment://{name} is not attached" for name in shown - names)
    if (message.get("flags") or 0) & COMPONENTS_V2:
        yield from (f"{name} is attached but no component shows it" for name in names - shown)
    numbers = {str(entry.get("id")) for entry in attachments}
    loose = [field for field in files if field[len("files[") : -1] not in numbers]
    if attachments and loose:
        yield f"{', '.join(loose)} is in no attachments entry"


def _urls(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "url" and isinstance(item, str):
                yield item
            else:
                yield from _urls(item)
    elif isinstance(value, list):
        for item in value:
            yield from _urls(item)
