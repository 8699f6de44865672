"""What is put into the store comes out again, for as long as promised."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from redis.asyncio import Redis

from bot.errors import UserError
from bot.store.clips import MAX_FILES_BYTES
from bot.store.marks import Mark
from bot.store.models import ModelStore
from bot.store.store import Store
from bot.store.tastes import MAX_HISTORY_BYTES, MAX_MARKS, Source

DAY = 86_400


async def test_a_spec_is_kept_half_a_year_from_its_last_reading(store: Store, raw: Redis) -> None:
    assert await store.clips.spec("abc") is None
    await store.clips.put_spec("abc", {"style": "synthwave", "parts": ["drums"]})
    await raw.expire("nightjar:clip:abc:spec", 10)
    assert await store.clips.spec("abc") == {"style": "synthwave", "parts": ["drums"]}
    assert 179 * DAY < await raw.ttl("nightjar:clip:abc:spec") <= 180 * DAY


async def test_files_come_back_byte_for_byte_for_a_day(store: Store, raw: Redis) -> None:
    files = {"clip.mp3": bytes(range(256)) * 4_000, "clip.json": b"{}", "empty": b""}
    assert await store.clips.files("abc") is None
    await store.clips.put_files("abc", {"old.wav": b"1"})
    await store.clips.put_files("abc", files)
    assert await store.clips.files("abc") == files
    assert DAY - 60 < await raw.ttl("nightjar:clip:abc:files") <= DAY


async def test_files_that_would_fill_the_store_are_refused(store: Store) -> None:
    half = bytes(MAX_FILES_BYTES // 2)
    with pytest.raises(UserError, match="too large"):
        await store.clips.put_files("abc", {"a": half, "b": half, "c": b"1"})
    assert await store.clips.files("abc") is None


async def test_a_spec_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no spec"):
        await store.clips.put_spec("abc", {"style": "x" * 20_000})


async def test_votes_replace_each_other_and_leave_adds_alone(store: Store) -> None:
    tastes = store.tastes
    await tastes.mark("discord:1", "add", "Kavinsky", 10.0)
    await tastes.mark("discord:1", "up", "Kavinsky", 20.0)
    await tastes.mark("discord:1", "down", "Björk: the band", 15.5)
    assert await tastes.marks("discord:1", 99.0) == [
        Mark("add", "Kavinsky", 10.0),
        Mark("down", "Björk: the band", 15.5),
        Mark("up", "Kavinsky", 20.0),
    ]
    await tastes.mark("discord:1", "known", "Kavinsky", 30.0)
    assert await tastes.unmark("discord:1", Mark("down", "Björk: the band", 0.0))
    assert not await tastes.unmark("discord:1", Mark("up", "Kavinsky", 20.0))
    left = [Mark("add", "Kavinsky", 10.0), Mark("known", "Kavinsky", 30.0)]
    assert await tastes.marks("discord:1", 99.0) == left
    assert len({mark.id for mark in left}) == 2
    assert await tastes.marks("discord:2", 99.0) == []


async def test_whoever_takes_back_the_last_mark_is_no_member_any_more(store: Store) -> None:
    await store.tastes.mark("discord:1", "up", "Kavinsky", 1.0)
    await store.tastes.mark("discord:2", "up", "Kavinsky", 1.0)
    await store.tastes.put_history("discord:2", b"plays")
    for member in ("discord:1", "discord:2"):
        await store.tastes.unmark(member, Mark("up", "Kavinsky", 1.0))
    assert await store.tastes.members() == ["discord:2"]


async def test_what_an_earlier_version_kept_is_brought_over_once(store: Store, raw: Redis) -> None:
    earlier = {"Kavinsky": "1.0", "Björk": "-1.0"}
    await raw.hset("nightjar:taste:likes:local", mapping=earlier)
    brought_over = [Mark("down", "Björk", 50.0), Mark("liked", "Kavinsky", 50.0)]
    assert await store.tastes.marks("local", 50.0) == brought_over
    assert await store.tastes.marks("local", 60.0) == brought_over
    assert await raw.exists("nightjar:taste:likes:local") == 0
    await raw.hset("nightjar:taste:likes:discord:2", mapping=earlier)
    await store.tastes.mark("discord:2", "up", "Björk", 70.0)
    kept = await store.tastes.marks("discord:2", 80.0)
    assert kept == [Mark("liked", "Kavinsky", 70.0), Mark("up", "Björk", 70.0)]


async def test_where_listening_came_from_is_kept_with_the_times(store: Store) -> None:
    assert await store.tastes.sources("local") == []
    await store.tastes.note_source("local", "CSV", 9, 100.0)
    await store.tastes.note_source("local", "account data", 812, 50.0)
    await store.tastes.note_source("local", "CSV", 12, 200.0)
    assert await store.tastes.sources("local") == [
        Source("account data", 812, 50.0, 50.0),
        Source("CSV", 12, 100.0, 200.0),
    ]


async def test_a_member_cannot_fill_the_store(store: Store, raw: Redis) -> None:
    names = {f"up:artist {n}": n for n in range(MAX_MARKS)}
    await raw.zadd("nightjar:taste:marks:local", names)
    with pytest.raises(UserError, match="5,000 artists"):
        await store.tastes.mark("local", "up", "one more", 9.0)
    await store.tastes.mark("local", "down", "artist 0", 9_999.0)
    assert (await store.tastes.marks("local", 0.0))[-1] == Mark("down", "artist 0", 9_999.0)
    await store.tastes.put_history("local", b"old")
    with pytest.raises(UserError, match="too long"):
        await store.tastes.put_history("local", bytes(MAX_HISTORY_BYTES + 1))
    assert await store.tastes.history("local") == b"old"


async def test_forgetting_a_member_leaves_nothing_of_them(store: Store, raw: Redis) -> None:
    await store.tastes.put_history("discord:1", b"\x01plays")
    await store.tastes.note_source("discord:1", "CSV", 9, 1.0)
    await store.tastes.mark("discord:1", "up", "Kavinsky", 1.0)
    await raw.hset("nightjar:taste:likes:discord:1", mapping={"Björk": "1.0"})
    await store.tastes.mark("local:ann:likes", "up", "Kavinsky", 1.0)
    assert await store.tastes.members() == ["discord:1", "local:ann:likes"]
    await store.tastes.forget("discord:1")
    assert await store.tastes.members() == ["local:ann:likes"]
    assert await store.tastes.history("discord:1") is None
    assert [name for name in await raw.keys() if b"discord:1" in name] == []


async def test_the_model_before_stays_ten_minutes(store: Store, raw: Redis) -> None:
    models: ModelStore = store.models
    assert await models.current() is None
    await models.publish("aaa", b"first")
    await models.publish("bbb", b"second")
    assert await models.current() == "bbb"
    assert (await models.packed("aaa"), await models.packed("bbb")) == (b"first", b"second")
    assert 0 < await raw.ttl("nightjar:model:packed:aaa") <= 600
    assert await raw.ttl("nightjar:model:packed:bbb") == -1
    await models.publish("aaa", b"first")
    await models.publish("aaa", b"first")
    assert await raw.ttl("nightjar:model:packed:aaa") == -1


async def test_answers_stay_a_month_and_notes_for_ever(store: Store, raw: Redis) -> None:
    await store.answers.put("x1", "local", {"items": [{"rank": 1, "artist": "Björk"}]})
    assert await store.answers.get("x1") == {"items": [{"rank": 1, "artist": "Björk"}]}
    assert await store.answers.get("x2") is None
    assert 29 * DAY < await raw.ttl("nightjar:answer:x1") <= 30 * DAY
    with pytest.raises(ValueError, match="above the limit"):
        await store.answers.put("x3", "local", {"text": "x" * 70_000})
    await store.notes.put("commands", "5f1c")
    assert (await store.notes.get("commands"), await store.notes.get("other")) == ("5f1c", None)
    with pytest.raises(ValueError, match="above the limit"):
        await store.notes.put("commands", "x" * 5_000)


async def test_a_members_answers_are_found_and_forgotten(store: Store, raw: Redis) -> None:
    old = {"member": "discord:1", "items": []}
    await raw.set("nightjar:answer:0a", json.dumps(old), ex=DAY)
    await store.answers.put("1b", "discord:1", {"member": "discord:1", "mode": "balanced"})
    await store.answers.put("2c", "discord:2", {"member": "discord:2"})
    await raw.delete("nightjar:answer:3d")
    await raw.zadd("nightjar:answer:of:discord:1", {"3d": 1.0})
    [(before, first), (_, second)] = await store.answers.of("discord:1")
    assert first == old
    assert second["mode"] == "balanced"
    assert before == pytest.approx(time.time() - 29 * DAY, abs=60)
    await store.answers.forget("discord:1")
    assert await store.answers.of("discord:1") == []
    for name in ("0a", "1b"):
        assert await store.answers.get(name) is None
    assert [answer for _, answer in await store.answers.of("discord:2")] == [
        {"member": "discord:2"}
    ]
    assert 29 * DAY < await raw.ttl("nightjar:answer:of:discord:2") <= 30 * DAY


async def test_an_exchange_that_is_cancelled_is_over(store: Store) -> None:
    async def write_for_ever() -> None:
        while True:
            await store.notes.put("a", "1")

    for number in range(200):
        writing = asyncio.create_task(write_for_ever())
        await asyncio.sleep(number % 40 / 10_000)
        writing.cancel()
        done, _ = await asyncio.wait([writing], timeout=5)
        assert done
        assert writing.cancelled()
    assert await store.notes.get("a") == "1"


async def test_the_oldest_clips_make_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.clips.SHELF_BYTES", 250)
    for name in ("first", "second", "third"):
        await store.clips.put_files(name, {"clip.mp3": bytes(100)})
    assert await store.clips.files("first") is None
    assert await store.clips.files("second") is not None
    assert await store.clips.files("third") is not None
