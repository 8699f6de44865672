"""The Discord side: one client at a time, kept connected until Nightjar stops.

`Nightjar` is what the application runs; it makes a `Client` for every attempt, because a discord.py
client that failed to log in cannot be used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import ipaddress
import json
import logging
import pkgutil
import random
import time
from collections.abc import Iterator
from typing import Any, Final, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from yarl import URL

import cogs
from bot.errors import Unavailable, UserError
from bot.services import Services
from bot.settings import Settings
from cogs.host import Host, Interaction
from cogs.ui.errors import report
from cogs.under_way import UnderWay

log = logging.getLogger(__name__)

CDN_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
IDENTIFY_SECONDS: Final = 5.0  # Discord takes one IDENTIFY in this time
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
BAD_TOKEN_CLOSE: Final = 4004
DRAIN_SECONDS: Final = 5.0  # with telling and closing, a stop takes 7 s at most
CLOSE_SECONDS: Final = 0.5
# discord.py retries a shard's first refused handshake by recursion, so it ends in RecursionError.
PASSING: Final = (
    discord.DiscordException,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    RecursionError,
    Unavailable,
)


class Notes(Protocol):
    """Where small values outlive the process."""

    async def get(self, name: str) -> str | None: ...

    async def put(self, name: str, text: str) -> None: ...


class Nightjar:
    """Nightjar on Discord. Needs a token in the settings; UserError when Discord refuses it."""

    def __init__(self, settings: Settings, services: Services, notes: Notes) -> None:
        token = settings.discord_token
        self._token = token.get_secret_value().strip() if token else ""
        if not self._token:
            raise UserError("DISCORD_TOKEN is not set: put your bot's token in .env.")
        self._settings = settings
        self._services = services
        self._notes = notes
        self._client: Client | None = None

    @property
    def ready(self) -> bool:
        """Whether every shard is connected right now."""
        return self._client is not None and self._client.connected

    async def run_until(self, stop: asyncio.Event) -> None:
        """Stays on Discord until ``stop`` is set; while Discord is away, tries again and again."""
        pauses = _pauses()
        while not stop.is_set():
            started = time.monotonic()
            try:
                await self._session(stop)
                ended: Exception = ConnectionError("the connection ended")
            except discord.LoginFailure as error:
                raise _token_refused() from error
            except app_commands.CommandSyncFailure:
                raise
            except discord.NotFound as error:
                raise UserError(
                    f"What DISCORD_API_BASE names ({self._settings.discord_api_base}) is not"
                    " Discord's API: leave it empty for the usual one."
                ) from error
            except PASSING as error:
                if isinstance(error, discord.ConnectionClosed) and error.code == BAD_TOKEN_CLOSE:
                    raise _token_refused() from error
                ended = error
            if not stop.is_set():
                pauses = _pauses() if time.monotonic() - started > LONGEST_PAUSE else pauses
                await _pause(next(pauses), stop, ended)

    async def _session(self, stop: asyncio.Event) -> None:
        """One login, until it fails or ``stop`` is set and nobody waits for an answer."""
        client = Client(self._settings, self._services, self._notes)
        async with client:
            self._client = client
            running = asyncio.create_task(client.start(self._token))
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    await running
            finally:
                self._client = None
                stopping.cancel()
                await client.under_way.finish(DRAIN_SECONDS)
                await _close(client)
                running.cancel()
                with contextlib.suppress(asyncio.CancelledError, *PASSING):
                    await running


async def _close(client: Client) -> None:
    """Says goodbye to the gateway, which may be away: a farewell is not waited for long."""
    closing = asyncio.create_task(client.close())
    await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
    if not closing.done():
        await client.http.close()
    await closing


def _token_refused() -> UserError:
    return UserError(
        "Discord does not accept DISCORD_TOKEN: copy the token again from the developer portal"
        " (your application, Bot, Reset Token) into .env and start once more."
    )


def _pauses() -> Iterator[float]:
    """Seconds to wait before each further attempt: doubling, never two bots in step."""
    pause = FIRST_PAUSE
    while True:
        yield pause * random.uniform(0.8, 1.2)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _pause(seconds: float, stop: asyncio.Event, error: BaseException) -> None:
    why = str(error) or type(error).__name__
    log.warning("Discord cannot be reached (%s); trying again in %.0f s", why, seconds)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


class _Tree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: Interaction, /) -> bool:
        return await interaction.client.under_way.admit(interaction)

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        await report(interaction, error)


class Client(Host):
    """One discord.py client: slash commands only, no privileged intent, nothing cached."""

    def __init__(self, settings: Settings, services: Services, notes: Notes) -> None:
        # Without these, discord.py warns at every start that the voice we never use is missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=_Tree,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.services = services
        self.command_ids = {}
        self.under_way = UnderWay()
        self.attachment_hosts = _attachment_hosts(settings.discord_api_base)
        self._notes = notes
        self._dev_guild = settings.dev_guild_id
        self._gateway = settings.discord_gateway_url
        self._identified = float("-inf")
        discord.http.Route.BASE = settings.discord_api_base.rstrip("/")

    @property
    def connected(self) -> bool:
        """Whether every shard listens."""
        return self.is_ready() and not any(s.is_closed() for s in self.shards.values())

    async def setup_hook(self) -> None:
        await self._load_cogs()
        self._log_invites()
        await self._sync_commands()

    async def on_ready(self) -> None:
        log.info("On Discord as %s, in %d servers", self.user, len(self.guilds))

    async def before_identify_hook(
        self,
        shard_id: int | None,  # noqa: ARG002  discord.py's signature
        *,
        initial: bool = False,  # noqa: ARG002
    ) -> None:
        await asyncio.sleep(self._identified + IDENTIFY_SECONDS - time.monotonic())
        self._identified = time.monotonic()

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        # discord.py keeps the address of later IDENTIFYs in this class attribute.
        DiscordWebSocket.DEFAULT_GATEWAY = URL(self._gateway) if self._gateway else gateway
        await super().launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, shard_id, initial=initial)

    async def _load_cogs(self) -> None:
        """RuntimeError for a broken cog, so that it is not taken for Discord being away."""
        for found in pkgutil.iter_modules(cogs.__path__):
            try:
                module = importlib.import_module(f"cogs.{found.name}")
                if hasattr(module, "setup"):
                    await module.setup(self)
            except PASSING as error:
                raise RuntimeError(f"the cog {found.name} cannot be loaded") from error

    async def _sync_commands(self) -> None:
        """Registers the commands if they differ from those registered last time."""
        guild = discord.Object(self._dev_guild) if self._dev_guild else None
        if guild is not None:
            self.tree.copy_global_to(guild=guild)
        payload = [c.to_dict(self.tree) for c in self.tree.get_commands(guild=guild)]
        wanted = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        note = f"commands:{self.application_id}:{self._dev_guild or 'global'}"
        known = json.loads(await self._notes.get(note) or "{}")
        if known.get("hash") != wanted:
            synced = await self._register(guild)
            known = {"hash": wanted, "ids": {command.name: command.id for command in synced}}
            await self._notes.put(note, json.dumps(known))
            log.info("Registered %d commands with Discord", len(synced))
        self.command_ids = known["ids"]

    async def _register(self, guild: discord.Object | None) -> list[app_commands.AppCommand]:
        try:
            return await self.tree.sync(guild=guild)
        except (discord.Forbidden, discord.NotFound) as error:
            if guild is None:
                raise
            raise UserError(
                f"Discord lets Nightjar register no commands in the server {guild.id} of"
                " DEV_GUILD_ID: invite it there with the link above, or leave DEV_GUILD_ID empty."
            ) from error

    def _log_invites(self) -> None:
        app = self.application_id or 0
        scopes = ("bot", "applications.commands")
        server = discord.utils.oauth_url(app, permissions=PERMISSIONS, scopes=scopes)
        personal = discord.utils.oauth_url(app, scopes=scopes[1:])
        log.info("Invite to a server: %s", server)
        log.info("Install for yourself: %s&integration_type=1", personal)


def _attachment_hosts(api_base: str) -> frozenset[str]:
    """Discord's CDN; loopback as well when the API itself is on loopback, as it is in tests."""
    host = URL(api_base).host or ""
    return CDN_HOSTS | {"127.0.0.1", "::1", "localhost"} if _is_loopback(host) else CDN_HOSTS


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
