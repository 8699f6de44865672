"""The workers as they are shipped: a clip is rendered, a model is trained."""

from __future__ import annotations

import time

import pytest

from bot.errors import UserError
from bot.jobs.embedded import embedded_workers
from bot.jobs.queue import Jobs
from bot.settings import Settings
from bot.store.store import Store
from generator.clip import make_clip
from generator.export.bundle import export_clip
from generator.request import resolve
from tests.unit.jobs.conftest import until


async def test_a_worker_makes_the_same_clip_as_this_process(
    settings: Settings, store: Store, jobs: Jobs
) -> None:
    spec = resolve("synthwave", bars=4, seed=7)
    nobody_knows = {**spec.to_json(), "mood": "purple"}
    await store.clips.put_spec(spec.id, spec.to_json())
    await store.clips.put_spec("purple", nobody_knows)
    await store.clips.put_spec("nonsense", {"bpm": 99})
    async with embedded_workers(settings, store.address):
        await until(jobs.workers, 60)
        began = time.monotonic()
        await jobs.render(spec.id)
        assert time.monotonic() - began < 5.0
        assert await store.clips.files(spec.id) == export_clip(make_clip(spec))
        with pytest.raises(UserError, match="purple"):
            await jobs.render("purple")
        with pytest.raises(UserError, match="not a clip's spec"):
            await jobs.render("nonsense")
        with pytest.raises(UserError, match="ask for it anew"):
            await jobs.render("never stored")
