"""Jobs through the death of the store's server and of the whole program."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.jobs.broker import message_of, sending_broker
from bot.jobs.embedded import embedded_workers
from bot.jobs.queue import open_jobs
from bot.settings import Settings
from bot.store.store import open_store
from bot.store.tickets import Ticket
from tests.unit.jobs.conftest import STAGE, until
from tests.unit.store.processes import gone, server_pid

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs the death signal")


async def test_jobs_survive_a_server_that_is_killed_under_load(private_settings: Settings) -> None:
    settings = private_settings.model_copy(update={"workers": 2})
    names = [f"clip{number}" for number in range(40)]
    async with (
        open_store(settings) as store,
        open_jobs(store) as jobs,
        embedded_workers(settings, store.address, program=STAGE),
    ):
        for name in names:
            await store.clips.put_spec(name, {"seconds": 0.05})
        await until(jobs.workers)
        asking = asyncio.gather(*map(jobs.render, names))
        for _ in range(2):
            await asyncio.sleep(0.4)
            os.kill(await server_pid(store), signal.SIGKILL)
        await asyncio.wait_for(asking, 30)
        for name in names:
            assert await store.clips.files(name) == {"clip.json": name.encode()}
        begun = await store._redis.lrange("stage:begun", 0, -1)
        assert len(begun) <= len(names) + 4


@linux_only
async def test_what_was_queued_when_the_program_was_killed_is_done_by_the_next(
    private_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE_HEARTBEAT_MS", "1000")
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.unit.jobs.nightjar", str(private_settings.data_dir), "1"),
        stdout=asyncio.subprocess.PIPE,
    )
    children = [int(pid) for pid in (await program.stdout.readline()).split()]
    async with open_store(private_settings, role="attach") as beside:
        with sending_broker(beside.address.queue_url) as broker:
            for name in ("first", "second"):
                await beside.clips.put_spec(name, {"seconds": 0.5})
                await asyncio.to_thread(broker.enqueue, message_of(Ticket("clip", name)))
        await until(lambda: beside._redis.exists("stage:begun"))
        program.kill()
        await program.wait()
        assert all([await gone(pid, 3.0) for pid in children])
    async with (
        open_store(private_settings) as store,
        embedded_workers(private_settings, store.address, program=STAGE),
    ):
        await until(lambda: store.clips.files("first"))
        await until(lambda: store.clips.files("second"))


@linux_only
async def test_secrets_do_not_reach_the_workers(
    private_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    async with (
        open_store(private_settings) as store,
        open_jobs(store) as jobs,
        embedded_workers(private_settings, store.address, program=STAGE) as workers,
    ):
        await until(jobs.workers)
        for worker in workers:
            environment = _environment_of(worker.pid or 0)
            assert "hunter2" not in environment
            assert "OPENBLAS_NUM_THREADS=1" in environment


def _environment_of(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_text()


async def test_modules_lying_in_the_working_folder_are_not_run(
    private_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = ("csv", "queue", "secrets")
    for name in hostile:
        (tmp_path / f"{name}.py").write_text(f"open(r'{tmp_path / name}.ran', 'w')")
    async with open_store(private_settings) as store, open_jobs(store) as jobs:
        monkeypatch.chdir(tmp_path)
        async with embedded_workers(private_settings, store.address):
            await until(lambda: jobs.workers("clip"), 60)
            await until(lambda: jobs.workers("train"), 60)
    assert not {f"{name}.ran" for name in hostile} & set(os.listdir(tmp_path))  # noqa: PTH208


async def test_workers_take_no_more_jobs_from_the_moment_they_are_asked_to_stop(
    private_settings: Settings,
) -> None:
    settings = private_settings.model_copy(update={"workers": 1})
    stop = asyncio.Event()
    async with (
        open_store(settings) as store,
        open_jobs(store) as jobs,
        embedded_workers(settings, store.address, program=STAGE, stop=stop),
    ):
        for name in ("first", "second"):
            await store.clips.put_spec(name, {"seconds": 1.0})
        await until(jobs.workers)
        asking = [asyncio.create_task(jobs.render(name)) for name in ("first", "second")]
        await until(lambda: store._redis.exists("stage:begun"))
        stop.set()
        await asyncio.sleep(2.5)
        assert [task.done() for task in asking] in ([True, False], [False, True])
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
