"""Artists that people bring are looked up in due time, and nothing else leaves the machine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.jobs.training import Listening, everybodys_listening, learn, tags_of_the_heard
from bot.metrics import Metrics
from bot.services.enrichment import Enrichment
from bot.services.imports import keep_history
from bot.settings import Settings
from bot.sources.imports import read_import
from bot.store import artists as artists_module
from bot.store.store import Store
from recommender import artefact
from recommender.model import Model, Profile
from recommender.names import normalise
from tests.tag_services import TagServices, tag_services

ME = "discord:1"
DAY = 86_400


@pytest.fixture
async def services() -> AsyncIterator[TagServices]:
    async with tag_services() as opened:
        yield opened


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same order of things in less time."""
    for name in ("BETWEEN_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(f"bot.services.enrichment.{name}", 0.02)
    monkeypatch.setattr("bot.services.enrichment.FIRST_PAUSE", 0.05)


@asynccontextmanager
async def at_work(
    store: Store, settings: Settings, services: TagServices, **changed: object
) -> AsyncIterator[Metrics]:
    """The look-ups running."""
    values = {"contact": "you@example.org", **services.settings(), **changed}
    metrics = Metrics()
    chosen = Settings(_env_file=None, **{**settings.model_dump(), **values})
    task = asyncio.create_task(Enrichment(store.artists, chosen, metrics).run())
    try:
        yield metrics
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def nobody_waits(store: Store) -> bool:
    return await store.artists.waiting() == 0


async def bring(store: Store, member: str, *artists: str) -> None:
    rows = "".join(f'"{name}",{40 - at}\n' for at, name in enumerate(artists))
    parsed = read_import("plays.csv", f"artist,plays\n{rows}".encode())
    await keep_history(store, member, parsed)


async def test_artists_of_an_import_get_tags_in_the_catalogues_words(
    store: Store, settings: Settings, services: TagServices, raw: Redis
) -> None:
    await bring(store, ME, "Kavinsky", "Moth Parade", "Untagged", "Twin", "Gemütlich", "Nobody At")
    assert await store.artists.waiting() == 5  # Kavinsky stands in the catalogue
    async with at_work(store, settings, services) as metrics:
        await until(lambda: nobody_waits(store))
    assert await store.artists.tags() == {
        "Moth Parade": {"synthpop": 5.0, "new wave": 3.0, "electronic": 3.0},
        "Untagged": {"hip hop": 5.0, "boom bap": 3.0, "90s": 1.0},
    }
    told = metrics.text().decode()
    assert 'nightjar_tag_lookups_total{outcome="ambiguous",source="musicbrainz"} 1.0' in told
    assert 'nightjar_tag_lookups_total{outcome="found",source="lastfm"} 2.0' in told
    asked = len(services.asked)
    await bring(store, "discord:2", "Moth Parade", "Nobody At")
    assert await store.artists.waiting() == 0
    assert len(services.asked) == asked  # neither what is known nor what nobody knows is asked anew


async def test_only_names_of_artists_leave_the_machine(
    store: Store, settings: Settings, services: TagServices
) -> None:
    await bring(store, "discord:4711", "Moth Parade", "Nobody At")
    async with at_work(store, settings, services):
        await until(lambda: nobody_waits(store))
    for _, path, query, headers in services.asked:
        said = f"{path} {query} {headers}"
        assert "4711" not in said
        assert "40" not in "".join(query.values())
        assert headers["User-Agent"].startswith("Nightjar/")
        assert "you@example.org" in headers["User-Agent"]


@pytest.mark.parametrize("changed", [{"contact": None}, {"tag_lookups": "off"}])
async def test_nothing_is_sent_unless_the_operator_can_be_reached_and_wants_it(
    store: Store, settings: Settings, services: TagServices, changed: dict[str, object]
) -> None:
    await bring(store, ME, "Moth Parade")
    async with at_work(store, settings, services, **changed):
        await asyncio.sleep(0.2)
    assert services.asked == []
    assert await store.artists.waiting() == 1


async def test_requests_to_a_service_keep_their_distance(
    store: Store, settings: Settings, services: TagServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.enrichment.BETWEEN_SECONDS", 0.2)
    await bring(store, ME, *(f"Nobody {number}" for number in range(4)))
    async with at_work(store, settings, services), at_work(store, settings, services):
        await until(lambda: nobody_waits(store))
    for path in ("/ws/2/artist", "/2.0/"):
        times = [when for when, asked, _, _ in services.asked if asked == path]
        assert len(times) == 4
        assert all(b - a >= 0.19 for a, b in pairwise(times))


async def test_a_service_in_trouble_is_left_alone_and_its_answer_is_not_missed(
    store: Store, settings: Settings, services: TagServices, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("bot.services.enrichment.POSTPONE_SECONDS", 0.01)
    services.mishap, services.mends_after = "500", 3
    await bring(store, ME, "Moth Parade")
    with caplog.at_level(logging.WARNING):
        async with at_work(store, settings, services):
            await until(lambda: nobody_waits(store))
    times = [when for when, path, _, _ in services.asked if path == "/ws/2/artist"]
    waits = [b - a for a, b in pairwise(times[:4])]
    assert all(wait >= least for wait, least in zip(waits, (0.05, 0.1, 0.2), strict=True))
    assert "Moth Parade" in await store.artists.tags()
    assert "musicbrainz answered 500" in caplog.text
    assert "Moth" not in caplog.text
    assert "key-of-the-operator" not in caplog.text


async def test_the_queue_outlives_a_restart(
    store: Store, settings: Settings, services: TagServices
) -> None:
    services.mishap = "slow"
    await bring(store, ME, "Moth Parade", "Nobody At")
    async with at_work(store, settings, services):
        await asyncio.sleep(0.2)
    assert await store.artists.waiting() == 2
    services.mishap = None
    await store._redis.delete("nightjar:artist:leader")  # it lapses by itself after two minutes
    async with at_work(store, settings, services):
        await until(lambda: nobody_waits(store))
    assert list(await store.artists.tags()) == ["Moth Parade"]


async def test_a_flood_of_names_does_not_fill_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artists_module, "MOST_WAITING", 50)
    await bring(store, ME, *(f"Nobody {number}" for number in range(39)))
    await bring(store, "discord:2", *(f"Somebody {number}" for number in range(39)))
    assert await store.artists.waiting() == 50
    assert await store.artists.next() == "Nobody 0"


async def test_what_is_known_is_asked_again_half_a_year_later_and_nothing_after_weeks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, tags in (("Moth Parade", {"folk": 5.0}), ("Nobody At", {})):
        await store.artists.offer([name])
        await store.artists.settle(name, tags)
    now = artists_module.time.time()
    for days, waiting in ((20, 0), (22, 1), (181, 2)):
        monkeypatch.setattr(artists_module.time, "time", lambda days=days: now + days * DAY)
        await store.artists.offer(["Moth Parade", "Nobody At"])
        assert await store.artists.waiting() == waiting


async def test_names_that_nobody_plays_any_more_are_forgotten(store: Store, raw: Redis) -> None:
    await bring(store, ME, "Moth Parade", "Nobody At", "Shared Find")
    await bring(store, "discord:2", "Shared Find", "Waiting Still")
    for name in ("Moth Parade", "Shared Find"):
        await store.artists.settle(name, {"folk": 5.0})
    await store.tastes.forget(ME)
    members = await everybodys_listening(store.tastes)
    assert await tags_of_the_heard(store.artists, members) == {"Shared Find": {"folk": 5.0}}
    await store.artists.settle("Nobody At", {"folk": 5.0})  # an answer that was under way
    for key in await raw.keys("nightjar:artist:*"):
        kind = await raw.type(key)
        held = await (raw.hgetall(key) if kind == b"hash" else raw.zrange(key, 0, -1))
        assert b"oth" not in str(held).encode().replace(b"other", b"")
        assert b"Nobody At" not in str(held).encode()
    assert await store.artists.waiting() == 1


async def test_found_tags_are_in_the_next_model_and_show_nobody_what_one_member_plays(
    tmp_path: Path,
) -> None:
    alone, shared = "Moth Parade", "Shared Find"
    members = Listening(
        {
            "member 1": {alone: 30.0, shared: 9.0, "Kavinsky": 5.0},
            "member 2": {shared: 9.0, "Kavinsky": 5.0},
        }
    )
    tags = {name: {"synthwave": 5.0, "outrun": 4.0, "80s": 3.0} for name in (shared, alone)}
    packed = learn(members, lambda _: None, tags)
    assert packed == learn(members, lambda _: None, dict(reversed(tags.items())))
    artefact.unpack(packed, tmp_path / "model")
    model: Model = artefact.load(tmp_path / "model")
    assert "synthwave" in model.tags(alone)
    shown = [
        item.artist for item in model.recommend(Profile(plays={"Perturbator": 9.0}), count=300)
    ]
    assert shared in shown
    assert alone not in shown
    assert model.suggest("Moth") == []
    by_its_tags = model.recommend(Profile(plays={alone: 9.0}), count=10)
    assert all(item.reason.because == (alone,) for item in by_its_tags)
    assert sum("synthwave" in model.tags(item.artist) for item in by_its_tags) >= 7
    assert normalise(alone) in model.learnt.index.keys
