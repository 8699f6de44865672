"""`nightjar doctor`: one line for each thing that can be wrong, and how to mend it."""

from __future__ import annotations

import asyncio
import errno
import os
import platform
import shutil
import socket
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final, Literal

import aiohttp
import typer
from rich.text import Text

from bot import __version__
from bot.commands.session import begin, print_json, stdout
from bot.errors import UserError
from bot.settings import Settings
from bot.store.store import open_store
from bot.store.trainings import LastTraining

State = Literal["ok", "warning", "mend"]
COLOURS: Final = {"ok": "green", "warning": "yellow", "mend": "red"}
LIBRARIES: Final = ("discord.py", "lightfm-next", "dramatiq", "redis", "soundfile", "numpy")
LEAST_FREE_BYTES: Final = 500 * 1024 * 1024
PATIENCE: Final = aiohttp.ClientTimeout(total=8)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to know or do about it."""

    what: str
    state: State
    say: str


def doctor(*, as_json: bool) -> None:
    """Prints the findings; exit 1 when something has to be mended."""
    findings = asyncio.run(examine(begin(quiet=True)))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            stdout().print(_line(finding))
    if any(finding.state == "mend" for finding in findings):
        raise typer.Exit(1)


def _line(finding: Finding) -> Text:
    state = (f"{finding.state:>7}", COLOURS[finding.state])
    return Text.assemble(state, "  ", (finding.what, "bold"), f": {finding.say}")


async def examine(settings: Settings) -> list[Finding]:
    """All findings, in a fixed order; no check keeps the next from being made."""
    checks: tuple[Callable[[Settings], Awaitable[list[Finding]]], ...] = (
        _versions,
        _generator,
        _data_folder,
        _store_and_model,
        _web,
        _discord,
    )
    return [finding for check in checks for finding in await check(settings)]


async def _versions(_: Settings) -> list[Finding]:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    text = f"Nightjar {__version__} on Python {platform.python_version()}; {libraries}"
    return [Finding("Versions", "ok", text)]


async def _generator(_: Settings) -> list[Finding]:
    from generator import GENERATOR_VERSION
    from generator.style import list_styles

    names = ", ".join(style.slug for style in list_styles())
    return [Finding("Generator", "ok", f"{GENERATOR_VERSION} plays {names}")]


async def _data_folder(settings: Settings) -> list[Finding]:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say = f"cannot make {folder} ({error.strerror}); set DATA_DIR to a folder you may write"
        return [Finding("Data", "mend", say)]
    if not os.access(folder, os.W_OK):
        return [Finding("Data", "mend", f"{folder} is read-only; set DATA_DIR to another folder")]
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        return [Finding("Data", "warning", f"{folder} has only {free >> 20} MB left; free some")]
    return [Finding("Data", "ok", f"{folder} is writable, {free >> 30} GB free")]


async def _store_and_model(settings: Settings) -> list[Finding]:
    try:
        async with open_store(settings, role="attach") as store:
            where = "your REDIS_URL" if settings.redis_url else "the private server in DATA_DIR"
            redis = Finding("Redis", "ok", f"answers at {where}")
            model = await store.models.current()
            last = (await store.trainings.due()).last
            tags = _tags(settings, await store.artists.waiting())
    except UserError as error:
        return [Finding("Redis", "mend", str(error))]
    if model is None:
        say = "not trained yet; the first start does it, or `nightjar train`"
        return [redis, Finding("Model", "warning", say), *_refused(last), tags]
    return [redis, Finding("Model", "ok", f"version {model[:12]}"), *_refused(last), tags]


def _tags(settings: Settings, waiting: int) -> Finding:
    if not settings.looks_up_tags:
        why = "CONTACT is not set" if settings.tag_lookups == "on" else "TAG_LOOKUPS is off"
        return Finding("Tags", "ok", f"unknown artists are not looked up, since {why}")
    lastfm = ", Last.fm" if settings.lastfm_api_key else ""
    where = f"MusicBrainz, ListenBrainz{lastfm}"
    return Finding("Tags", "ok", f"unknown artists are looked up at {where}; {waiting:,} wait")


def _refused(last: LastTraining | None) -> list[Finding]:
    if last is None or last.outcome != "refused":
        return []
    when = datetime.fromtimestamp(last.time, UTC).strftime("%Y-%m-%d %H:%M UTC")
    say = (
        f"the model made on {when} failed its sanity check and does not serve: "
        f"{'; '.join(last.reasons)}. `nightjar train` tries again; report it if that fails too"
    )
    return [Finding("Training", "warning", say)]


async def _web(settings: Settings) -> list[Finding]:
    host, port = settings.web_host, settings.http_port
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        # The library's own text names the address once more.
        code = error.errno or 0
        why = os.strerror(code) if code in errno.errorcode else "no address of this machine"
        say = f"{host}:{port} cannot be had ({why}); a running Nightjar, or set WEB_PORT"
        return [Finding("Web", "warning", say)]
    return [Finding("Web", "ok", f"{host}:{port} is free")]


async def _discord(settings: Settings) -> list[Finding]:
    if settings.discord_token is None:
        say = "DISCORD_TOKEN is not set, so `nightjar run` serves the studio; set it to run the bot"
        return [Finding("Discord", "warning", say)]
    headers = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=PATIENCE) as session:
            user = await _get(session, f"{settings.discord_api_base}/users/@me")
            application = await _get(session, f"{settings.discord_api_base}/applications/@me")
    except aiohttp.ClientResponseError as error:
        if error.status == 401:
            say = "the token is refused; copy it again from the developer portal into DISCORD_TOKEN"
            return [Finding("Discord", "mend", say)]
        return [Finding("Discord", "mend", f"Discord answered {error.status}; try again later")]
    except (aiohttp.ClientError, TimeoutError) as error:
        say = f"{settings.discord_api_base} cannot be reached ({type(error).__name__})"
        return [Finding("Discord", "mend", f"{say}; check the network")]
    return [
        Finding("Discord", "ok", f"logged in as {user.get('username')}"),
        _installs(application),
    ]


def _installs(application: dict[str, Any]) -> Finding:
    kinds = application.get("integration_types_config") or {}
    if "1" not in kinds:
        say = (
            "people cannot add Nightjar to their own account; switch on User Install in the portal"
            " (Installation) if they should"
        )
        return Finding("Permissions", "warning", say)
    return Finding("Permissions", "ok", "installs on servers and for people; no privileged intent")


async def _get(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with session.get(url, raise_for_status=True) as response:
        document: dict[str, Any] = await response.json(content_type=None)
        return document
