"""What is held on a member can be seen, taken along and deleted, and then lies nowhere any more."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from urllib.parse import quote

import pytest
from redis.asyncio import Redis

from bot.app import build_services
from bot.errors import UserError
from bot.jobs.queue import Jobs
from bot.metrics import Metrics
from bot.services.holders import NAMELESS, holders
from bot.services.library import Library
from bot.services.tastes import DOWN, KNOWN, UP, Tastes
from bot.settings import Settings
from bot.store.store import Store, open_store
from tests.exports import CANARIES, extended_package
from tests.traces import in_files, in_redis
from tests.unit.services.conftest import JobsHere, Running, forget_shown

ME, OTHER = "discord:7100000000000000001", "discord:7200000000000000002"
LONELY = "Zqxv Lonesome"
PLAYED = {LONELY: 40, "Kavinsky": 60, "Perturbator": 30}
SEARCHED = (ME, ME.removeprefix("discord:"), "zqxv")


async def _live(running: Running, member: str) -> str:
    """Leaves something of every kind on a member; the id of their card."""
    services = running.services
    await running.library.model()  # learnt before, and so without the member
    await services.listening.import_file(member, "x.zip", extended_package(PLAYED))
    await services.listening.add(member, "Miles Davis")
    card = await services.recommendations.recommend(member, count=5)
    for rank, value in enumerate((UP, KNOWN, DOWN), start=1):
        await services.recommendations.vote(member, card.id, rank, value)
    return card.id


def _files(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_every_store_is_covered(store: Store) -> None:
    """A new store registers a holder, or says why it holds nothing of anybody."""
    stores = {name for name, kept in vars(store).items() if type(kept).__name__.endswith("Store")}
    covered = {holder.place for holder in holders(store, Tastes(store))}
    assert covered | NAMELESS.keys() == stores
    assert not covered & NAMELESS.keys()


async def test_all_that_is_held_is_shown_with_where_from_and_since_when(running: Running) -> None:
    assert (await running.services.privacy.show(ME)).parts == ()
    await _live(running, ME)
    held = await running.services.privacy.show(ME)
    listening, said, shown, lists = held.parts
    assert "130 plays of 3 artists" in listening.text
    assert "From extended history, read " in listening.text
    assert "1 added" in said.text
    assert "1 known already" in said.text
    assert shown.text.startswith("5 artists or tracks you were shown last, kept for two days")
    assert lists.text.startswith("1 list ")
    assert all(part.since is not None for part in (listening, said, lists))
    assert [mark.kind for mark in held.marks] == ["down", "known", "up", "add"]
    assert (await running.services.privacy.show(OTHER)).parts == ()


async def test_an_import_from_before_its_source_was_kept_is_shown_all_the_same(
    running: Running,
) -> None:
    await running.services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    await running.store._redis.delete(f"nightjar:taste:sources:{ME}")
    [listening] = (await running.services.privacy.show(ME)).parts
    assert "before I kept where from" in listening.text
    assert listening.since is None


async def test_the_export_is_a_zip_that_people_and_programs_can_read(running: Running) -> None:
    card = await _live(running, ME)
    files = _files(await running.services.privacy.export(ME))
    assert set(files) == {
        "README.txt",
        "listening.csv",
        "imports.json",
        "votes.csv",
        "shown.csv",
        "lists.json",
    }
    rows = list(csv.DictReader(io.StringIO(files["listening.csv"])))
    assert {row["artist"] for row in rows} == set(PLAYED)
    assert sum(int(row["plays"]) for row in rows) == sum(PLAYED.values())
    votes = list(csv.DictReader(io.StringIO(files["votes.csv"])))
    kinds = ["added", "thumb up", "known already", "thumb down"]
    assert [row["vote"] for row in votes] == kinds
    [answer] = json.loads(files["lists.json"])
    assert answer["id"] == card
    shown = list(csv.DictReader(io.StringIO(files["shown.csv"])))
    assert [row["artist"] for row in shown] == [item["artist"] for item in answer["items"]][::-1]
    for name in set(files) - {"README.txt"}:
        assert name in files["README.txt"]
    for canary in CANARIES:
        assert all(canary not in text for text in files.values())
    nothing = _files(await running.services.privacy.export(OTHER))
    assert "Nothing." in nothing["README.txt"]


async def test_undoing_restores_the_former_list_exactly(running: Running) -> None:
    services = running.services
    await running.library.model()
    await services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    before = await services.recommendations.recommend(ME, count=5)
    for rank, value in ((1, UP), (2, DOWN), (3, KNOWN)):
        await services.recommendations.vote(ME, before.id, rank, value)
    await forget_shown(running, ME)
    voted = await services.recommendations.recommend(ME, count=5)
    assert voted.items != before.items
    for mark in (await services.privacy.show(ME)).marks:
        assert await services.privacy.undo(ME, mark.id) == mark
    await forget_shown(running, ME)
    assert (await services.recommendations.recommend(ME, count=5)).items == before.items
    assert await services.privacy.undo(ME, "0" * 16) is None


async def test_deleting_leaves_the_others_alone_and_is_over_at_once(
    running: Running, raw: Redis
) -> None:
    card, _ = await _live(running, ME), await _live(running, OTHER)
    assert await running.services.privacy.delete(ME)
    assert await in_redis(raw, [ME]) == []
    assert await in_redis(raw, [OTHER]) != []
    assert (await running.services.privacy.show(ME)).parts == ()
    assert len((await running.services.privacy.show(OTHER)).parts) == 4
    with pytest.raises(UserError, match="no longer remembered"):
        await running.services.recommendations.find(card)
    assert not await running.services.privacy.delete(ME)


async def test_a_damaged_history_can_be_deleted(running: Running, raw: Redis) -> None:
    await running.store.tastes.put_history(ME, b"\x01damaged")
    assert await running.services.privacy.delete(ME)
    assert await running.store.tastes.members() == []


async def test_what_is_under_way_does_not_come_back_after_a_deletion(
    running: Running, raw: Redis
) -> None:
    await running.services.listening.add(ME, "Kavinsky")
    reading = asyncio.create_task(
        running.services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    )
    await asyncio.sleep(0.05)
    await running.services.privacy.delete(ME)
    with pytest.raises(UserError, match="deleted meanwhile"):
        await reading
    assert await in_redis(raw, [ME]) == []
    await running.services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    assert len((await running.services.privacy.show(ME)).parts) == 1


async def test_a_deletion_whose_training_is_refused_waits_longer_each_time(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.erasure.QUIET_SECONDS", 0.0)
    monkeypatch.setattr("bot.services.erasure.RETRY_SECONDS", 0.01)
    await running.services.listening.add(ME, "Kavinsky")
    tried = []

    async def refuse() -> str:
        tried.append(ME)
        raise UserError("The new model was not put to use.")

    monkeypatch.setattr(running.jobs, "train", refuse)
    await running.services.privacy.delete(ME)
    finishing = asyncio.create_task(running.erasure.run())
    await asyncio.sleep(1.5)
    finishing.cancel()
    assert 1 <= len(tried) <= 8  # of 0.01, 0.02, 0.04 ... seconds seven fit
    assert await running.store.erasures.wanted()


@asynccontextmanager
async def _started(settings: Settings, first_model: bytes) -> AsyncIterator[Running]:
    """Services on a Redis of their own, as `nightjar run` has them."""
    async with open_store(settings) as store:
        jobs = JobsHere(store, first_model)
        library = Library(store, cast("Jobs", jobs), settings.data_dir / "models")
        metrics = Metrics()
        built = build_services(store, cast("Jobs", jobs), library, metrics)
        yield Running(built[0], built[1], library, jobs, store, built[2], metrics)
        library.close()


@asynccontextmanager
async def _plain(settings: Settings) -> AsyncIterator[Redis]:
    raw = Redis.from_url(f"unix://{quote(str(settings.data_dir / 'redis.sock'))}")
    try:
        yield raw
    finally:
        await raw.aclose()


async def test_after_a_deletion_nothing_is_found_in_any_key_file_or_model(
    private_settings: Settings, first_model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control first: before the deletion all of it is found, in Redis, its log and the models."""
    monkeypatch.setattr("bot.services.erasure.QUIET_SECONDS", 0.0)
    folder = private_settings.data_dir
    async with _started(private_settings, first_model) as running, _plain(private_settings) as raw:
        await _live(running, ME)
        await running.services.listening.add(OTHER, "Kavinsky")
        history = (await running.store.tastes.history(ME) or b"")[20:60]
        searched = (*SEARCHED, history)
        before = await running.jobs.train()
        assert (await running.library.newest()).find(LONELY) == LONELY
        packed = f"nightjar:model:packed:{before}"
        assert {packed, f"nightjar:taste:history:{ME}"} <= set(await in_redis(raw, searched))
        assert "appendonly.aof" in " ".join(in_files(folder, [ME]))
        assert in_files(folder, [history]) != []
        assert in_files(folder / "models", ["zqxv"]) != []

        assert await running.services.privacy.delete(ME)
    # Killed before it was finished: the next start finishes it.
    async with _started(private_settings, first_model) as running, _plain(private_settings) as raw:
        finishing = asyncio.create_task(running.erasure.run())
        async with asyncio.timeout(240):
            while await running.store.erasures.wanted():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        finishing.cancel()
        assert await in_redis(raw, searched) == []
        assert in_files(folder, searched) == []
        assert (await running.library.newest()).find(LONELY) is None
        assert await running.store.tastes.members() == [OTHER]
    async with open_store(private_settings), _plain(private_settings) as raw:
        assert await in_redis(raw, searched) == []
        assert await in_redis(raw, [OTHER]) != []
