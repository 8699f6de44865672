"""The services over a real store, with the work of the queue done in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from bot.app import build_services
from bot.jobs import rendering
from bot.jobs.publishing import publish_sound
from bot.jobs.queue import Jobs
from bot.jobs.training import Listening, everybodys_listening, learn, tags_of_the_heard
from bot.metrics import Metrics
from bot.refusals import refusals_shown
from bot.services import Services
from bot.services.erasure import Erasure
from bot.services.library import Library
from bot.services.training import Training
from bot.store.store import Store
from bot.store.tickets import Ticket


class JobsHere:
    """Renders and trains at once, in this process; counts what it did."""

    def __init__(self, store: Store, first_model: bytes) -> None:
        self._store = store
        self._first_model = first_model
        self.rendered: list[str] = []
        self.trained = 0

    async def render(self, spec_id: str) -> None:
        self.rendered.append(spec_id)
        await rendering.render(self._store, Ticket("clip", spec_id))

    async def train(self, *, wait_seconds: float = 0.0) -> str:  # noqa: ARG002
        self.trained += 1
        await self._store.trainings.begin()
        members = await everybodys_listening(self._store.tastes)
        await tags_of_the_heard(self._store.artists, members)
        packed = await self.learn(members) if members else self._first_model
        with refusals_shown():
            return (await publish_sound(self._store, packed, members.plays)).version

    async def learn(self, members: Listening) -> bytes:
        return await asyncio.to_thread(learn, members, lambda _: None)


@dataclass(frozen=True, slots=True)
class Running:
    services: Services
    training: Training
    library: Library
    jobs: JobsHere
    store: Store
    erasure: Erasure
    metrics: Metrics


async def forget_shown(running: Running, member: str) -> None:
    """As two days would. Else the next list is another one whatever else is said: what a member was
    shown lately stays out of it."""
    await running.store._redis.delete(f"nightjar:taste:shown:{member}")


@pytest.fixture(scope="session")
def first_model() -> bytes:
    """What a fresh Nightjar learns from its crates."""
    return learn(Listening(), lambda _: None)


@pytest_asyncio.fixture
async def running(store: Store, first_model: bytes, tmp_path: Path) -> AsyncIterator[Running]:
    jobs = JobsHere(store, first_model)
    library = Library(store, cast("Jobs", jobs), tmp_path / "models")
    metrics = Metrics()
    built = build_services(store, cast("Jobs", jobs), library, metrics)
    services, training, erasure = built
    yield Running(services, training, library, jobs, store, erasure, metrics)
    library.close()
