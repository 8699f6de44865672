"""What tests stand on: one real Redis server a session, emptied for each test, and settings on
temporary folders that know nothing of this machine's environment."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
import redis.asyncio

from bot.settings import Settings
from bot.store import guard
from bot.store.binary import find_server
from bot.store.server import server_command
from bot.store.store import Store, open_store

START_SECONDS = 20.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With two workers: whole programs one at a time, a style's clips where they are cached, and
    each other file as a whole, for its models and servers are made once."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    if "end_to_end" in item.path.parts:
        return "programs"
    call = getattr(item, "callspec", None)
    style = call.params.get("style") if call else None
    return str(getattr(style, "slug", style)) if style else item.path.name


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting of whoever runs the tests must not decide them."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def redis_socket() -> Iterator[Path]:
    """The socket of this session's Redis server, which dies with the session."""
    program = asyncio.run(find_server(_chosen_server()))
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="nightjar-test-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        socket = folder / "redis.sock"
        command = [*server_command(program, folder, socket), "--appendonly", "no"]
        server = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, str(os.getpid()), *command],
            stdout=subprocess.DEVNULL,
        )
        stack.callback(server.wait, 20)
        stack.callback(server.terminate)
        _await_server(socket)
        yield socket


@pytest.fixture
def redis_url(redis_socket: Path) -> str:
    """The session's server, empty before the test."""
    url = f"unix://{quote(str(redis_socket))}"
    client = redis.Redis.from_url(url)
    client.flushall()
    client.close()
    return url


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> Settings:
    """Settings on the session's Redis and a folder of the test's own."""
    return make_settings(tmp_path, redis_url=redis_url)


@pytest.fixture
def private_settings(tmp_path: Path) -> Settings:
    """Settings that start a private Redis on a folder of the test's own."""
    return make_settings(tmp_path)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An open, empty store on the session's Redis."""
    async with open_store(settings) as opened:
        yield opened


@pytest.fixture
async def raw(redis_url: str) -> AsyncIterator[redis.asyncio.Redis]:
    """A plain client on the session's Redis, to look at the keys themselves."""
    client = redis.asyncio.Redis.from_url(redis_url)
    yield client
    await client.aclose()


def make_settings(folder: Path, **values: object) -> Settings:
    """Settings on a folder, with no private or given Redis unless ``redis_url`` names one."""
    defaults = {"data_dir": folder / "data", "web_port": 0, "workers": 1}
    return Settings(_env_file=None, **{**defaults, **values})


def _chosen_server() -> Path | None:
    named = os.environ.get("REDIS_SERVER_BIN")
    return Path(named) if named else None


def _await_server(socket: Path) -> None:
    client = redis.Redis(unix_socket_path=str(socket), retry=None)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            client.ping()
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            client.close()
            return
