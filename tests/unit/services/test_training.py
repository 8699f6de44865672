"""When a model is trained, that it only serves when it is sound, and how it comes into use."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.commands.doctor import examine
from bot.errors import UserError
from bot.jobs.publishing import fingerprint, publish_sound
from bot.jobs.training import Listening, everybodys_listening, learn
from bot.services import Answer
from bot.services import library as library_module
from bot.services.training import ENOUGH_PLAYS, is_due
from bot.settings import Settings
from bot.sources.blob import encode_history
from bot.sources.imports import read_import
from bot.store.store import Store
from bot.store.trainings import Due, LastTraining
from recommender import artefact
from recommender.model import Model, Profile
from tests.exports import extended_package
from tests.unit.services.conftest import Running

ME = "discord:1"
SECRET = "Zwqx Privateers"
PROFILE = Profile(plays={"Kavinsky": 9.0, "Perturbator": 5.0, "Com Truise": 3.0})
HOUR = 3_600.0
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()


def history(*artists: str) -> bytes:
    rows = "".join(f"{name},30\n" for name in artists)
    return encode_history(read_import("plays.csv", f"artist,plays\n{rows}".encode()).history)


@pytest.fixture(scope="session")
def second_model() -> bytes:
    """What is learnt from the crates and one member."""
    plays = {"Kavinsky": 30.0, "Miles Davis": 9.0, "Burial": 4.0}
    return learn(Listening({"member 1": plays}), _nobody)


def _nobody(_: float) -> None:
    """Nobody follows the progress."""


def opened(packed: bytes, home: Path) -> Model:
    artefact.unpack(packed, home)
    return artefact.load(home)


@pytest.fixture
def scrambled(first_model: bytes, tmp_path: Path) -> bytes:
    """A training that went wrong: every artist with the vector of another."""
    model = opened(first_model, tmp_path / "sound")
    vectors = np.random.default_rng(2).permutation(model.learnt.vectors)
    artefact.save(Model(replace(model.learnt, vectors=vectors)), tmp_path / "scrambled")
    return artefact.pack(tmp_path / "scrambled")


@asynccontextmanager
async def scheduled(running: Running, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The schedule at work, without its pauses."""
    monkeypatch.setattr("bot.services.training.QUIET_SECONDS", 0.01)
    monkeypatch.setattr("bot.services.training.LOOK_SECONDS", 0.02)
    task = asyncio.create_task(running.training.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_broken_model_is_refused_and_the_old_one_serves_on(
    running: Running,
    scrambled: bytes,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = await running.library.model()
    expected = before.recommend(PROFILE)
    version = await running.store.models.current()

    async def learn_badly(_: object) -> bytes:
        return scrambled

    monkeypatch.setattr(running.jobs, "learn", learn_badly)
    await running.store.tastes.put_history(ME, history("Kavinsky"))
    with pytest.raises(UserError, match=r"not put to use, because its factor part .* serves on"):
        await running.jobs.train()
    async with scheduled(running, monkeypatch):
        running.training.request()
        await until(lambda: 'nightjar_trainings_total{outcome="refused"} 1.0' in metrics(running))
        await asyncio.sleep(0.2)
    assert 'outcome="refused"} 1.0' in metrics(running)  # the same listening is not tried again
    assert "is not put to use" in caplog.text
    assert await running.store.models.current() == version
    assert await running.store.models.packed(fingerprint(scrambled)) is None
    assert (await running.library.newest()).recommend(PROFILE) == expected
    last = (await running.store.trainings.due()).last
    assert last is not None
    assert last.outcome == "refused"
    found = {finding.what: finding for finding in await examine(settings)}
    assert found["Model"].state == "ok"
    assert found["Training"].state == "warning"
    assert "its factor part says next to nothing" in found["Training"].say


def metrics(running: Running) -> str:
    return running.metrics.text().decode()


async def test_a_sound_model_is_published_with_what_was_measured(
    store: Store, first_model: bytes, second_model: bytes
) -> None:
    first = await publish_sound(store, first_model, {})
    again = await publish_sound(store, first_model, {})
    assert (first.outcome, again.outcome) == ("published", "unchanged")
    second = await publish_sound(store, second_model, {"member 1": {"Kavinsky": 30.0}})
    assert await store.models.current() == second.version == fingerprint(second_model)
    assert second.figures["whole"] > 0.7 * second.figures["current whole"]
    assert (await store.trainings.due()).last == second


async def test_a_model_of_another_release_does_not_keep_a_sound_one_away(
    store: Store, first_model: bytes
) -> None:
    await store.models.publish("0" * 16, b"of another release")
    assert (await publish_sound(store, first_model, {})).outcome == "published"


async def test_what_only_a_deleted_member_played_leaves_no_trace(store: Store) -> None:
    await store.tastes.put_history(ME, history(SECRET, "Kavinsky", "Burial"))
    await store.tastes.put_history("discord:2", history("Kavinsky", "Miles Davis"))
    assert SECRET in str(await everybodys_listening(store.tastes))
    await store.tastes.forget(ME)
    packed = learn(await everybodys_listening(store.tastes), _nobody)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Kavinsky" in everything
    for trace in ("zwqx", "privateers", "discord"):
        assert trace.encode() not in everything.lower()
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(packed)).read(artefact.MANIFEST))
    assert manifest["details"]["listeners"] == len(await crates()) + 1


async def crates() -> list[str]:
    from recommender.catalogue import load_starter

    return [crate.slug for crate in load_starter().crates]


async def test_answers_go_on_while_models_are_swapped(
    running: Running, first_model: bytes, second_model: bytes, tmp_path: Path
) -> None:
    models = (first_model, second_model)
    right = [
        opened(packed, tmp_path / str(n)).recommend(PROFILE) for n, packed in enumerate(models)
    ]
    assert right[0] != right[1]
    await running.store.models.publish(fingerprint(first_model), first_model)
    await running.library.model()
    seen: list[int] = []
    stop = asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            model = await running.library.model()
            answer = await asyncio.to_thread(model.recommend, PROFILE)
            seen.append(right.index(answer))  # ValueError for a mixture of the two

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(ask())
        for turn in (1, 0, 1):
            packed = models[turn]
            await running.store.models.publish(fingerprint(packed), packed)
            await until(lambda turn=turn: seen[-4:] == [turn] * 4)
        stop.set()
    assert running.jobs.trained == 0


async def test_the_old_model_answers_while_the_new_one_is_brought_in(
    running: Running, first_model: bytes, second_model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await running.store.models.publish(fingerprint(first_model), first_model)
    held = await running.library.model()
    kept = held.recommend(PROFILE)
    may_open = asyncio.Event()
    loop = asyncio.get_running_loop()
    open_model = library_module.open_model

    def open_late(packed: bytes | None, home: Path) -> Model:
        asyncio.run_coroutine_threadsafe(may_open.wait(), loop).result()
        return open_model(packed, home)

    monkeypatch.setattr(library_module, "open_model", open_late)
    await running.store.models.publish(fingerprint(second_model), second_model)
    cards: list[Answer] = []
    for number in range(3):
        assert await running.library.model() is held
        member = f"discord:{number}"
        cards.append(await running.services.recommendations.recommend(member, like="Kavinsky"))
    assert len({tuple(item.artist for item in card.items) for card in cards}) == 1
    may_open.set()
    fresh = await running.library.newest()
    assert fresh is not held
    assert held.recommend(PROFILE) == kept  # its files are gone, its reader keeps it


async def test_a_member_s_year_asks_for_a_training_and_a_few_plays_do_not(
    running: Running, second_model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def learn_quickly(_: object) -> bytes:
        return second_model

    monkeypatch.setattr(running.jobs, "learn", learn_quickly)
    monkeypatch.setattr("bot.services.training.ENOUGH_PLAYS", 100)
    await running.library.model()
    listening = running.services.listening
    async with scheduled(running, monkeypatch):
        for _ in range(3):  # the same plays again are no new ones
            await listening.import_file(ME, "a.zip", extended_package({"Burial": 60}))
        await asyncio.sleep(0.3)
        assert running.jobs.trained == 1
        assert (await running.store.trainings.due()).plays == 60
        await listening.import_file("discord:2", "b.zip", extended_package({"Kavinsky": 40}))
        await until(lambda: running.jobs.trained == 2)
        running.training.request()
        await until(lambda: running.jobs.trained == 3)
    due = await running.store.trainings.due()
    assert (due.plays, due.wanted) == (0, False)


async def test_a_wish_outlives_a_restart(
    running: Running, monkeypatch: pytest.MonkeyPatch, first_model: bytes
) -> None:
    await running.library.model()
    monkeypatch.setattr("bot.services.training.QUIET_SECONDS", 60.0)
    task = asyncio.create_task(running.training.run())
    running.training.request()
    async with asyncio.timeout(20):
        while not (await running.store.trainings.due()).wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    task.cancel()
    assert (await running.store.trainings.due()).wanted


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (Due(0, wanted=False, began=NOON - HOUR, last=None), False),
        (Due(0, wanted=True, began=NOON - HOUR, last=None), True),
        (Due(ENOUGH_PLAYS - 1, wanted=False, began=NOON - HOUR, last=None), False),
        (Due(ENOUGH_PLAYS, wanted=False, began=NOON - HOUR, last=None), True),
        (Due(0, wanted=False, began=NOON - 7 * HOUR, last=None), False),
        (Due(0, wanted=False, began=NOON - 9 * HOUR, last=None), True),
        (Due(0, wanted=False, began=None, last=None), True),
        (Due(0, False, NOON - HOUR, LastTraining(NOON, "refused", "a", ("b",))), False),
    ],
)
def test_it_is_time_when_asked_when_enough_came_in_and_every_night(
    due: Due, expected: bool
) -> None:
    assert is_due(due, NOON) is expected
