"""What is asked for is made once, and everybody who waits hears of it."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from redis.asyncio import Redis

from bot.errors import Unavailable, UserError
from bot.jobs import queue as queue_module
from bot.jobs.queue import Jobs, open_jobs
from bot.settings import Settings
from bot.store.store import Store
from tests.unit.jobs.conftest import Stage, until
from tests.unit.store.processes import alive, gone


async def _begun(raw: Redis) -> list[str]:
    return [line.decode().split()[0] for line in await raw.lrange("stage:begun", 0, -1)]


async def test_a_clip_is_made_once_however_often_it_is_asked_for(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    await store.clips.put_spec("one", {"seconds": 0.3})
    async with stage(2):
        await asyncio.gather(*(jobs.render("one") for _ in range(20)))
        files = await store.clips.files("one")
        await jobs.render("one")
        assert files == await store.clips.files("one") == {"clip.json": b"one"}
    assert await _begun(raw) == ["one"]


async def test_a_hundred_clips_are_all_made_exactly_once_and_the_loop_stays_free(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    names = [f"clip{number}" for number in range(100)]
    for name in names:
        await store.clips.put_spec(name, {"seconds": 0.01})
    answered: list[str] = []

    async def ask(name: str) -> None:
        await jobs.render(name)
        answered.append(name)

    async with stage(2):
        await until(jobs.workers)
        with _few_to_collect():
            lag = asyncio.create_task(_longest_stall())
            await asyncio.gather(*map(ask, names))
            lag.cancel()
            at_work, away = await lag
    assert sorted(answered) == sorted(names)
    assert sorted(await _begun(raw)) == sorted(names)
    assert await jobs.pending() == 0
    assert at_work < 0.05
    assert away < 1.0


@contextmanager
def _few_to_collect() -> Iterator[None]:
    """Keeps a collection from visiting everything this test run ever loaded."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def _longest_stall() -> tuple[float, float]:
    """The longest time between two turns of the loop: of its own work, and by the clock, where a
    busy machine adds to it."""
    worked, passed = [0.0], [0.0]
    with suppress(asyncio.CancelledError):
        while True:
            work, clock = time.thread_time(), time.perf_counter()
            await asyncio.sleep(0.005)
            worked.append(time.thread_time() - work)
            passed.append(time.perf_counter() - clock)
    return max(worked), max(passed)


async def test_a_refusal_is_the_askers_to_read_and_may_be_asked_again(
    store: Store, jobs: Jobs, stage: Stage
) -> None:
    await store.clips.put_spec("odd", {"refuse": "Nobody plays that slowly."})
    async with stage(1):
        for _ in range(2):
            with pytest.raises(UserError, match=r"^Nobody plays that slowly\.$"):
                await jobs.render("odd")
        await store.clips.put_spec("odd", {})
        await jobs.render("odd")


async def test_a_defect_is_known_by_an_id_that_is_in_the_workers_log(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis, capfd: pytest.CaptureFixture[str]
) -> None:
    await store.clips.put_spec("bad", {"break": True})
    async with stage(1):
        with pytest.raises(RuntimeError) as failure:
            await jobs.render("bad")
    entry = re.findall(r"under ([0-9a-f]{8})$", str(failure.value))[0]
    log = capfd.readouterr().err
    assert f"{entry}: the clip job bad failed" in log
    assert "ZeroDivisionError: the stage broke" in log
    assert await _begun(raw) == ["bad"]


async def test_the_job_of_a_killed_worker_is_done_by_another(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    await store.clips.put_spec("long", {"seconds": 1.0})
    async with stage(2) as workers:
        asking = asyncio.create_task(jobs.render("long"))
        await until(lambda: raw.exists("stage:begun"))
        pid = int((await raw.lindex("stage:begun", 0)).split()[1])
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        await asking
        assert time.monotonic() - killed < 8.0
        assert await _begun(raw) == ["long", "long"]
        at_work = [worker.pid for worker in workers if worker.pid and alive(worker.pid)]
        assert len(at_work) == 3
        assert pid not in at_work


async def test_a_job_that_kills_every_worker_is_given_up(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE_HEARTBEAT_MS", "500")
    await store.clips.put_spec("poison", {"die": True})
    async with stage(2):
        with pytest.raises(RuntimeError, match="its log has the trace"):
            await jobs.render("poison")
        await store.clips.put_spec("fine", {})
        await jobs.render("fine")
    assert (await _begun(raw)).count("poison") == 3


async def test_a_job_without_end_is_stopped(
    store: Store, jobs: Jobs, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE_LIMIT_MS", "300")
    await store.clips.put_spec("endless", {"seconds": 60})
    await store.clips.put_spec("fine", {})
    async with stage(1):
        with pytest.raises(RuntimeError, match="its log has the trace"):
            await jobs.render("endless")
        await jobs.render("fine")


async def test_too_many_at_once_are_asked_to_come_back(
    store: Store, jobs: Jobs, raw: Redis
) -> None:
    later = time.time() * 1000 + 60_000
    await raw.zadd("nightjar:job:clip:pending", {f"clip{n}": later for n in range(500)})
    with pytest.raises(Unavailable, match="please try again in a few minutes"):
        await jobs.render("one more")
    assert await jobs.pending() == 500


async def test_nobody_at_work_is_said_so(
    store: Store, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "WORKERLESS_SECONDS", 0.5)
    with pytest.raises(Unavailable, match="Nobody is at work"):
        await jobs.render("clip")


async def test_a_wait_has_an_end(store: Store, jobs: Jobs) -> None:
    patient = Jobs(store.tickets, jobs._bell, jobs._broker, wait_seconds=0.3)
    with pytest.raises(Unavailable, match="longer than twelve minutes"):
        await patient.render("clip")
    patient.close()


async def test_a_claim_whose_owner_died_before_queueing_lapses(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    soon = time.time() * 1000 + 800
    await raw.zadd("nightjar:job:clip:pending", {"one": soon})
    await store.clips.put_spec("one", {})
    async with stage(1):
        await asyncio.wait_for(jobs.render("one"), 10)
    assert await _begun(raw) == ["one"]


async def test_lost_news_costs_a_second_and_not_the_answer(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    await store.clips.put_spec("one", {"seconds": 0.5})
    async with stage(1):
        asking = asyncio.create_task(jobs.render("one"))
        await until(lambda: raw.exists("stage:begun"))
        for _ in range(12):
            await raw.client_kill_filter(_type="pubsub")
            await asyncio.sleep(0.05)
        await asyncio.wait_for(asking, 3)


async def test_workers_finish_their_job_on_the_way_out(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    await store.clips.put_spec("one", {"seconds": 1.0})
    async with stage(1) as workers:
        asking = asyncio.create_task(jobs.render("one"))
        await until(lambda: raw.exists("stage:begun"))
        assert await jobs.workers() == 1
        assert await jobs.pending() == 1
    assert await store.clips.files("one") == {"clip.json": b"one"}
    await asking
    assert await jobs.workers() == 0
    for worker in workers:
        assert await gone(worker.pid or 0)


async def test_trainings_run_one_at_a_time_and_those_that_wait_are_one(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    heard: list[float] = []
    async with stage(0), stage(0):
        first = asyncio.create_task(jobs.train(heard.append))
        await until(lambda: raw.exists("stage:trained"))
        later = await asyncio.gather(*(jobs.train() for _ in range(5)))
        earlier = await first
    notes = [line.decode() for line in await raw.lrange("stage:trained", 0, -1)]
    tickets = [earlier.removeprefix("model-"), later[0].removeprefix("model-")]
    assert len(set(later)) == 1
    assert notes == [f"{way} {ticket}" for ticket in tickets for way in ("in", "out")]
    assert heard == [0.5]


async def test_jobs_leave_nothing_behind_but_what_is_meant_to_stay(
    store: Store, jobs: Jobs, stage: Stage, raw: Redis
) -> None:
    await store.clips.put_spec("one", {})
    await store.clips.put_spec("odd", {"refuse": "No."})
    await store.tastes.put_history("local", b"x")
    await store.tastes.mark("local", "up", "Björk", 1.0)
    await store.models.publish("aaa", b"m")
    await store.answers.put("x", "local", {})
    await store.notes.put("n", "1")
    async with stage(1):
        await jobs.render("one")
        with pytest.raises(UserError):
            await jobs.render("odd")
        await jobs.train()
    await raw.delete("stage:begun", "stage:trained")
    stays = re.compile(rb"nightjar:(taste|model|note):")
    for name in await raw.keys():
        assert stays.match(name) or await raw.ttl(name) > 0, name
    await raw.select(1)
    assert {name for name in await raw.keys() if not name.endswith(b"__heartbeats__")} == set()


async def test_the_queue_closes_at_once_whenever_it_is_closed(
    store: Store, settings: Settings
) -> None:
    for number in range(60):
        async with asyncio.timeout(5), open_jobs(store):
            await asyncio.sleep(number % 30 / 5_000)
