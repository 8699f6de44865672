"""An in-process Discord: `async with DiscordServer() as discord`, then act as people do.

    ix = await discord.slash("jam", style="synthwave")
    message = await ix.answer(timeout=5)
    again = await discord.press(message, "New take")

It speaks REST v10 and the gateway on loopback, checks every request of the bot against Discord's
own OpenAPI document and against the rules that document leaves out, and fails the test at the end
if the bot broke one. Its attachments are served from ``/attachments/`` on its own address, which a
bot takes for Discord's CDN exactly when DISCORD_API_BASE is a loopback address.
"""

from __future__ import annotations

import asyncio
import socket
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from tests.discord.gateway import Gateway
from tests.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, Interaction
from tests.discord.limits import Bucket
from tests.discord.messages import EPHEMERAL, Message, Upload
from tests.discord.options import command_data
from tests.discord.payloads import Channel, Guild, Json, User, resolved_people
from tests.discord.rest import PREFIX, Rest
from tests.discord.world import Recorded, World

TOKEN: Final = "MTAw.test-token.for-loopback-only"
CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3


class DiscordServer:
    """One Discord with a guild, two members and a moderator.

    ``listening`` False: the port is taken but nobody answers before `listen`.
    """

    def __init__(self, *, shards: int = 1, compress: bool = False, listening: bool = True) -> None:
        self.bot = User("nightjar", bot=True)
        self.alice, self.bob, self.moderator = User("alice"), User("bob"), User("moderator")
        self.guild = Guild("Night School", moderators={self.moderator.id})
        self.elsewhere = Guild("A server without the bot", with_bot=False)
        self.world = World(TOKEN, self.bot, [self.guild, self.elsewhere], shards=shards)
        self.channel = self._open(Channel(0, "music", self.guild))
        self.foreign_channel = self._open(Channel(0, "general", self.elsewhere, with_bot=False))
        self.rest = Rest(self.world)
        self.gateway = Gateway(
            TOKEN, self.bot, self.world.guilds, lambda: self.gateway_url, shards, compress
        )
        self._listen_at_once = listening
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._runner: web.AppRunner | None = None

    def _open(self, channel: Channel) -> Channel:
        self.world.channels[channel.id] = channel
        if channel.guild is not None:
            channel.guild.channels.append(channel)
        return channel

    async def __aenter__(self) -> Self:
        self._socket.bind(("127.0.0.1", 0))
        host, port = self._socket.getsockname()
        self.world.address = f"http://{host}:{port}"
        self.world.gateway_address = f"ws://{host}:{port}/gateway"
        if self._listen_at_once:
            await self.listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for link in list(self.gateway.links):
            await link.socket.close(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()
        self._socket.close()
        if error is None:
            assert not self.violations, f"the bot broke Discord's rules: {self.violations}"

    async def listen(self) -> None:
        """Start to answer; until then every connection is refused."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", PREFIX + "/{path:.*}", self.rest.serve)
        app.router.add_get("/attachments/{channel}/{id}/{filename}", self.rest.download)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()

    @property
    def api_base(self) -> str:
        return self.world.address + PREFIX

    @property
    def gateway_url(self) -> str:
        return self.world.gateway_address

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point a bot here."""
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY_URL": self.gateway_url,
        }

    @property
    def requests(self) -> list[Recorded]:
        return self.world.requests

    @property
    def violations(self) -> list[tuple[str, str, list[str]]]:
        """Every rule the bot broke: method, path, what was wrong."""
        return [(r.method, r.path, r.violations) for r in self.requests if r.violations]

    def forgive(self) -> list[str]:
        """Take the violations so far out of the record, for tests that provoke them."""
        found = [sentence for r in self.requests for sentence in r.violations]
        for recorded in self.requests:
            recorded.violations.clear()
        return found

    async def connected(self, timeout: float = 10.0) -> None:
        """Until every shard has been told READY."""
        await self.gateway.until(lambda: self.gateway.connected, timeout, "was ready")

    # Places

    def dm(self, person: User) -> Channel:
        """The direct messages between a person and the bot."""
        for channel in self.world.channels.values():
            if channel.kind == 1 and channel.people == [person]:
                return channel
        return self._open(Channel(1, person.name, people=[person]))

    def group(self, *people: User) -> Channel:
        """A group chat; the bot is never part of one."""
        return self._open(Channel(3, "group", people=list(people), with_bot=False))

    def attach(self, filename: str, data: bytes) -> Upload:
        """A file a person attaches to a command, as the option's value."""
        return self.world.store(Upload(filename, data), self.channel)

    def say(self, by: User, content: str, where: Channel | None = None) -> Message:
        """A person's message. Nobody without the message intents hears of it."""
        message = Message(where or self.channel, by, content)
        self.world.messages[message.id] = message
        return message

    # What people do

    async def slash(
        self, name: str, /, *, by: User | None = None, where: Channel | None = None, **given: Any
    ) -> Interaction:
        """Use a slash command; subcommands with a blank: ``slash("taste show")``."""
        root, *path = name.split()
        place = where or self.channel
        command = self._command(root, CHAT_INPUT, place)
        data = command_data(command, path, given, guild=place.guild)
        return await self._ask(COMMAND, by, place, data)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        /,
        *,
        by: User | None = None,
        where: Channel | None = None,
        **given: Any,
    ) -> list[Json]:
        """Type into one option; the choices the person is shown."""
        root, *path = name.split()
        place = where or self.channel
        command = self._command(root, CHAT_INPUT, place)
        data = command_data(command, path, {**given, option: typed}, focused=option)
        return await (await self._ask(AUTOCOMPLETE, by, place, data)).offered()

    async def message_menu(
        self, name: str, message: Message, *, by: User | None = None
    ) -> Interaction:
        """Use an app command from a message's menu."""
        command = self._command(name, MESSAGE_MENU, message.channel)
        data = {
            "id": command["id"],
            "name": name,
            "type": MESSAGE_MENU,
            "target_id": message.id,
            "resolved": {"messages": {message.id: message.payload()}},
        }
        return await self._ask(COMMAND, by, message.channel, data)

    async def user_menu(
        self, name: str, person: User, *, by: User | None = None, where: Channel | None = None
    ) -> Interaction:
        """Use an app command from a person's menu."""
        place = where or self.channel
        data = {
            "id": self._command(name, USER_MENU, place)["id"],
            "name": name,
            "type": USER_MENU,
            "target_id": person.id,
            "resolved": resolved_people([person], place.guild),
        }
        return await self._ask(COMMAND, by, place, data)

    async def press(self, message: Message, button: str, *, by: User | None = None) -> Interaction:
        """Press the button with that label or custom_id."""
        control = self._usable(message, button, by)
        assert control["type"] == 2, f"{button!r} is not a button"
        data = {"component_type": 2, "custom_id": control["custom_id"], "id": control.get("id", 0)}
        return await self._ask(COMPONENT, by, message.channel, data, message)

    async def choose(
        self, message: Message, select: str, *values: str, by: User | None = None
    ) -> Interaction:
        """Choose values from the select with that placeholder or custom_id."""
        control = self._usable(message, select, by)
        offered = [option["value"] for option in control["options"]]
        assert set(values) <= set(offered), f"{select!r} offers {offered}"
        data = {
            "component_type": control["type"],
            "custom_id": control["custom_id"],
            "values": list(values),
        }
        return await self._ask(COMPONENT, by, message.channel, data, message)

    def _usable(self, message: Message, wanted: str, by: User | None) -> Json:
        assert not message.deleted, "the message is gone"
        if message.flags & EPHEMERAL:
            assert message.to is (by or self.alice), "nobody else sees an ephemeral message"
        control = message.control(wanted)
        assert not control.get("disabled"), f"{wanted!r} is disabled"
        return control

    def _command(self, name: str, kind: int, place: Channel) -> Json:
        """The registered command as it stands in the menu of that place."""
        scopes = [place.guild.id, None] if place.guild and place.with_bot else [None]
        context = 0 if place.guild else (1 if place.kind == 1 else 2)
        for scope in scopes:
            for command in self.world.commands.get(scope, ()):
                if command["name"] == name and command["type"] == kind:
                    self._assert_offered(command, place, context)
                    return command
        raise AssertionError(f"{name!r} is not registered; the bot has registered {self.commands}")

    def _assert_offered(self, command: Json, place: Channel, context: int) -> None:
        contexts = command.get("contexts")
        assert contexts is None or context in contexts, f"{command['name']} is not offered here"
        needed = 0 if place.with_bot else 1
        installs = command["integration_types"]
        assert needed in installs, f"{command['name']} cannot be used from a person's own account"

    @property
    def commands(self) -> list[str]:
        """The names of all registered commands."""
        return [c["name"] for scope in self.world.commands.values() for c in scope]

    async def _ask(
        self, kind: int, by: User | None, where: Channel, data: Json, source: Message | None = None
    ) -> Interaction:
        asked = Interaction(kind, by or self.alice, where, data, source)
        self.world.interactions[asked.id] = asked
        payload = asked.payload(self.bot.id)
        guild = where.guild if where.with_bot else None
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild)
        return asked

    # Faults

    def limit(self, method: str, template: str, requests: int, seconds: float) -> None:
        """Give a route a rate-limit bucket; templates are those in ``routes_*.py``."""
        self.world.buckets[(method, template)] = Bucket(requests, seconds)

    def fail(self, method: str, template: str, *statuses: int) -> None:
        """Answer the next requests to a route with these statuses."""
        self.world.failures[(method, template)] = list(statuses)

    async def quiet(self, seconds: float = 0.2) -> None:
        """Wait until no request has come for a while."""
        seen = -1
        while seen != len(self.requests):
            seen = len(self.requests)
            await asyncio.sleep(seconds)
