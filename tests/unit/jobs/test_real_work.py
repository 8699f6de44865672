"""`nightjar worker` as it is shipped: a clip is rendered, a model is trained."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.jobs.queue import Jobs
from bot.settings import Settings
from bot.sources.blob import encode_history
from bot.sources.imports import read_import
from bot.store.store import Store
from generator.clip import make_clip
from generator.export.bundle import export_clip
from generator.request import resolve
from recommender.artefact import load, unpack
from recommender.model import Model
from recommender.profile import Profile
from tests.unit.jobs.conftest import until


@asynccontextmanager
async def nightjar_worker(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command, with one render worker, on the test's Redis."""
    chosen = {"REDIS_URL": settings.redis_url or "", "WORKERS": "1", "LOG_LEVEL": "WARNING"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "worker"), env={**os.environ, **chosen}
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        async with asyncio.timeout(12):
            assert await process.wait() == 0


async def test_clips_are_made_while_a_model_is_trained(
    settings: Settings, store: Store, jobs: Jobs, tmp_path: Path
) -> None:
    async with nightjar_worker(settings):
        await until(jobs.workers, 60)
        async with asyncio.timeout(90), asyncio.TaskGroup() as group:
            group.create_task(_the_worker_learns_from_everybodys_listening(store, jobs, tmp_path))
            group.create_task(_the_worker_makes_the_same_clip_as_this_process(store, jobs))


async def _the_worker_makes_the_same_clip_as_this_process(store: Store, jobs: Jobs) -> None:
    spec = resolve("synthwave", bars=4, seed=7)
    await store.clips.put_spec(spec.id, spec.to_json())
    await store.clips.put_spec("purple", {**spec.to_json(), "mood": "purple"})
    await store.clips.put_spec("nonsense", {"bpm": 99})
    began = time.monotonic()
    await jobs.render(spec.id)
    assert time.monotonic() - began < 10.0
    theirs = await store.clips.files(spec.id) or {}
    assert _digests(theirs) == _digests(export_clip(make_clip(spec)))
    with pytest.raises(UserError, match="purple"):
        await jobs.render("purple")
    with pytest.raises(UserError, match="not a clip's spec"):
        await jobs.render("nonsense")
    with pytest.raises(UserError, match="ask for it anew"):
        await jobs.render("never stored")


async def _the_worker_learns_from_everybodys_listening(
    store: Store, jobs: Jobs, folder: Path
) -> None:
    played = (
        b"artist,track,plays\nNobody's Cousins,Cellar Tape,40\nKavinsky,Private Demo,30\n"
        b"Kavinsky,Nightcall,9\nPerturbator,Future Club,20\n"
    )
    history = read_import("plays.csv", played).history
    await store.tastes.put_history("discord:1", encode_history(history))
    await store.tastes.mark("discord:2", "up", "Gunship", 1.0)
    await store.tastes.put_history("discord:3", b"\x01damaged")
    heard: list[float] = []
    version = await jobs.train(heard.append)
    assert await store.models.current() == version
    model = await asyncio.to_thread(_open, await store.models.packed(version), folder)
    assert model.find("Nobody's Cousins") == "Nobody's Cousins"
    shown = model.recommend(Profile(plays={"Kavinsky": 9.0, "Perturbator": 5.0}), count=200)
    assert "Nobody's Cousins" not in [item.artist for item in shown]
    theirs = Profile(tracks={("Kavinsky", "Nightcall"): 9.0})
    tracks = model.recommend(theirs, kind="tracks", mode="familiar", count=900)
    titles = {item.track for item in tracks}
    assert "Nightcall" in titles
    assert not {"Private Demo", "Cellar Tape"} & titles
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def _open(packed: bytes | None, folder: Path) -> Model:
    unpack(packed or b"", folder / "model")
    return load(folder / "model")


def _digests(files: dict[str, bytes]) -> dict[str, str]:
    """Small enough to be shown when they differ."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
