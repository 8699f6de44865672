"""What is deleted leaves the private server's files too."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store.store import Store, open_store
from tests.conftest import make_settings
from tests.traces import in_files
from tests.unit.store.test_private_server import _programs

SECRET = "secret4711"


@pytest.mark.parametrize("program", _programs())
async def test_what_was_deleted_is_in_no_file_after_the_log_is_written_anew(
    tmp_path: Path, program: Path | None
) -> None:
    settings = make_settings(tmp_path, redis_server_bin=program)
    async with open_store(settings) as store:
        await store.tastes.put_history(SECRET, b"\x01" + b"x" * 5_000_000)
        await store.notes.put("kept", "safe")
        await store.tastes.forget(SECRET)
        assert in_files(settings.data_dir, [SECRET]) != []
        await store.erasures.compact()
        assert in_files(settings.data_dir, [SECRET]) == []
        assert in_files(settings.data_dir, ["safe"]) != []
    async with open_store(settings) as store:
        assert await store.notes.get("kept") == "safe"
        assert in_files(settings.data_dir, [SECRET]) == []


async def test_a_log_being_written_when_something_is_deleted_is_written_once_more(
    private_settings: Settings,
) -> None:
    async with open_store(private_settings) as store:
        await store.tastes.put_history(SECRET, b"\x01" + b"x" * 8_000_000)
        first = asyncio.create_task(store.erasures.compact())
        await asyncio.sleep(0.02)
        await store.tastes.forget(SECRET)
        await asyncio.gather(first, *(store.erasures.compact() for _ in range(3)))
        assert in_files(private_settings.data_dir, [SECRET]) == []


async def test_what_a_killed_server_was_writing_is_removed(private_settings: Settings) -> None:
    folder = private_settings.data_dir
    folder.mkdir(parents=True)
    left = folder / "temp-rewriteaof-bg-99.aof"
    left.write_text(SECRET)
    async with open_store(private_settings) as store:
        assert await store.ping()
        assert not left.exists()


async def test_a_server_without_a_log_has_nothing_to_write(store: Store) -> None:
    await store.erasures.compact()


async def test_a_deletion_during_another_is_not_taken_for_finished(store: Store) -> None:
    assert await store.erasures.wanted() is None
    await store.erasures.want()
    first = await store.erasures.wanted() or ""
    await store.erasures.want()
    await store.erasures.done(first)
    second = await store.erasures.wanted() or ""
    assert second != first
    await store.erasures.done(second)
    assert await store.erasures.wanted() is None


async def test_only_the_model_in_use_is_left(store: Store) -> None:
    for name in ("aaa", "bbb", "ccc"):
        await store.models.publish(name, b"m")
    await store.models.drop_others("bbb")
    kept = [name for name in ("aaa", "bbb", "ccc") if await store.models.packed(name)]
    assert kept == ["bbb", "ccc"]
