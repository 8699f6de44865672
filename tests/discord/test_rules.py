"""The rule keeper itself: each request here breaks one of Discord's rules and has to be refused."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.discord.messages import COMPONENTS_V2
from tests.discord.payloads import Json
from tests.discord.rules import FILE_LIMIT
from tests.discord.schema import reference_path, rule_book
from tests.discord.server import TOKEN, DiscordServer

needs_document = pytest.mark.skipif(
    rule_book() is None, reason=f"no OpenAPI document at {reference_path()}"
)


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


async def send(
    discord: DiscordServer, method: str, path: str, body: Any = None, token: str = TOKEN
) -> tuple[int, Json]:
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, discord.api_base + path, json=body) as response,
    ):
        assert response.headers["Content-Type"] == "application/json"
        return response.status, await response.json()


async def refused(discord: DiscordServer, path: str, body: Any, method: str = "POST") -> str:
    """Everything the server has against the request."""
    status, document = await send(discord, method, path, body)
    assert (status, document["code"]) == (400, 50035)
    return "; ".join(discord.forgive())


def command(**changes: Any) -> Json:
    return {"name": "jam", "description": "Make music.", "type": 1, "options": [], **changes}


def option(name: str = "style", **changes: Any) -> Json:
    return {"type": 3, "name": name, "description": "A style.", **changes}


def button(custom_id: str | None = "a", **changes: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Press", "custom_id": custom_id, **changes}


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


_CHOICE = {"name": "one", "value": "one"}
_LONG = option(
    choices=[{"name": f"{n:>100}", "value": f"{n:>99}"} for n in range(25)], description="d" * 100
)
BAD_COMMANDS = [
    ("a name in capitals", [command(name="Jam")], "'Jam' is not a name"),
    ("a blank in a name", [command(options=[option("a b")])], "'a b' is not a name"),
    ("no description", [command(description="")], "jam has no description"),
    (
        "required after optional",
        [command(options=[option("a"), option("b", required=True)])],
        "b is required after an optional one",
    ),
    (
        "choices and autocomplete",
        [command(options=[option(autocomplete=True, choices=[_CHOICE])])],
        "both choices and autocomplete",
    ),
    ("one name twice", [command(), command()], "two commands are called jam"),
    ("101 commands", [command(name=f"jam{n}") for n in range(101)], "101 commands"),
    (
        "8,001 characters",
        [command(options=[{**_LONG, "name": f"o{n}"} for n in range(2)])],
        "longer than 8,000",
    ),
    ("a context menu with words", [command(type=3, name="Delete it")], "has a description"),
]


@pytest.mark.parametrize(
    ("commands", "sentence"), [c[1:] for c in BAD_COMMANDS], ids=[c[0] for c in BAD_COMMANDS]
)
async def test_commands_discord_would_refuse(
    discord: DiscordServer, commands: list[Json], sentence: str
) -> None:
    path = f"/applications/{discord.bot.id}/commands"
    assert sentence in await refused(discord, path, commands, "PUT")
    assert discord.commands == []


_V2_TEXT = {"type": 10, "content": "hello"}
BAD_MESSAGES = [
    ("nothing at all", {}, "an empty message"),
    ("2,001 characters", {"content": "x" * 2001}, "longer than 2,000"),
    (
        "one custom_id twice",
        {"components": [row(button("a"), button("a"))]},
        "custom_id 'a' stands twice",
    ),
    ("no custom_id", {"components": [row(button(None))]}, "has no custom_id"),
    (
        "six rows",
        {"components": [row(button(str(n))) for n in range(6)]},
        "more than five rows",
    ),
    (
        "V2 parts without the flag",
        {"components": [_V2_TEXT]},
        "Components V2 component without the flag",
    ),
    (
        "V2 with content",
        {"flags": COMPONENTS_V2, "content": "x", "components": [_V2_TEXT]},
        "has content, embeds or a poll",
    ),
    (
        "41 components in two levels",
        {
            "flags": COMPONENTS_V2,
            "components": [{"type": 17, "components": [_V2_TEXT] * 40}],
        },
        "41 components; 40 are allowed",
    ),
    (
        "6,001 characters of embeds",
        {"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]},
        "longer than 6,000",
    ),
    (
        "a picture that is not there",
        {"embeds": [{"image": {"url": "attachment://roll.png"}}]},
        "attachment://roll.png is not attached",
    ),
]


@pytest.mark.parametrize(
    ("message", "sentence"), [m[1:] for m in BAD_MESSAGES], ids=[m[0] for m in BAD_MESSAGES]
)
async def test_messages_discord_would_refuse(
    discord: DiscordServer, message: Json, sentence: str
) -> None:
    path = f"/channels/{discord.channel.id}/messages"
    assert sentence in await refused(discord, path, message)
    assert discord.world.visible(discord.channel) == []


AGAINST_THE_DOCUMENT = [
    ("an unknown field", {"content": "x", "colour": 3}, "unknown field /colour"),
    (
        "an unknown field deep inside",
        {"components": [row(button(tooltip="x"))]},
        "unknown field /components/0/components/0/tooltip",
    ),
    ("a long label", {"components": [row(button(label="x" * 81))]}, "components/0"),
    ("a long custom_id", {"components": [row(button("x" * 101))]}, "components/0"),
    ("six buttons in a row", {"components": [row(*map(button, "abcdef"))]}, "components/0"),
    ("content that is no text", {"content": ["x"]}, "content"),
]


@needs_document
@pytest.mark.parametrize(
    ("message", "sentence"),
    [m[1:] for m in AGAINST_THE_DOCUMENT],
    ids=[m[0] for m in AGAINST_THE_DOCUMENT],
)
async def test_the_openapi_document_is_held_against_requests(
    discord: DiscordServer, message: Json, sentence: str
) -> None:
    path = f"/channels/{discord.channel.id}/messages"
    assert sentence in await refused(discord, path, message)


async def test_a_good_message_is_posted(discord: DiscordServer) -> None:
    path = f"/channels/{discord.channel.id}/messages"
    body = {"content": "hello", "components": [row(button())]}
    status, document = await send(discord, "POST", path, body)
    assert (status, document["content"]) == (200, "hello")
    [message] = discord.world.visible(discord.channel)
    assert message.control("Press")["custom_id"] == "a"


async def test_a_file_over_ten_mebibytes_is_too_large(discord: DiscordServer) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"attachments":[{"id":0,"filename":"a.flac"}]}')
    form.add_field("files[0]", io.BytesIO(bytes(FILE_LIMIT + 1)), filename="a.flac")
    headers = {"Authorization": f"Bot {TOKEN}"}
    url = f"{discord.api_base}/channels/{discord.channel.id}/messages"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, data=form) as response,
    ):
        assert response.status == 413
    assert discord.forgive() == ["Request entity too large (code 40005)"]


async def test_a_wrong_token_and_an_unknown_route(discord: DiscordServer) -> None:
    assert (await send(discord, "GET", "/users/@me", token="wrong"))[0] == 401
    assert (await send(discord, "GET", "/nowhere"))[0] == 404
    assert any("not a route" in sentence or "404" in sentence for sentence in discord.forgive())


async def test_a_test_with_violations_fails(discord: DiscordServer) -> None:
    with pytest.raises(AssertionError, match="broke Discord's rules"):
        async with DiscordServer() as inner:
            await send(inner, "POST", f"/channels/{inner.channel.id}/messages", {})
