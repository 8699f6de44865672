"""The model in use: the newest one published, loaded once and kept until a newer one stands."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bot.errors import Unavailable, UserError
from bot.jobs.queue import WAIT_SECONDS, Jobs
from bot.services.liking import unknown_artist
from bot.store.store import Store
from recommender.artefact import load, unpack
from recommender.catalogue import Catalogue, load_starter
from recommender.errors import DataError
from recommender.model import Model

log = logging.getLogger(__name__)

BUILDING = ".building-"
BUILDING_SECONDS = 600.0
RETRY_SECONDS = 60.0
MOST_SUGGESTED = 25  # what one autocomplete answer may hold on Discord


def named_artist(model: Model, text: str) -> str:
    """The model's name for the artist meant by ``text``; UserError with the nearest otherwise."""
    found = model.find(text)
    if found is not None:
        return found
    raise unknown_artist(text, model.nearest(text, limit=3))


class Library:
    """Gives the current model and its catalogue; trains the first model when there is none."""

    def __init__(self, store: Store, jobs: Jobs, directory: Path) -> None:
        self._store = store
        self._jobs = jobs
        self._directory = directory
        self._lock = asyncio.Lock()
        self._version: str | None = None
        self._model: Model | None = None
        self._loading: asyncio.Task[None] | None = None
        self._patient_until = 0.0
        self._catalogue = load_starter().catalogue
        self._catalogue.index.prepare()

    @property
    def catalogue(self) -> Catalogue:
        """The starter catalogue: artists with weighted tags."""
        return self._catalogue

    @property
    def ready(self) -> bool:
        return self._model is not None

    def suggest(self, typed: str) -> list[str]:
        """Artists for half-typed text, from memory: the model's, or before it the catalogue's."""
        known = self._model or self._catalogue
        return known.suggest(typed, limit=MOST_SUGGESTED)

    async def artist(self, text: str) -> str:
        """The name of the artist meant by ``text``; UserError with the nearest names otherwise."""
        return named_artist(await self.model(), text)

    async def model(self) -> Model:
        """The current model; waits for the first training on a fresh machine.

        A newer one is brought in beside: until it is ready, everybody gets the one before. Whoever
        holds a model keeps it whole for as long as they like.
        """
        model = self._model
        if model is None:
            async with self._lock:
                return self._model or await self._first()
        current = await self._store.models.current()
        if current != self._version and self._may_load():
            self._loading = asyncio.create_task(self._renew(), name="next model")
        return model

    def _may_load(self) -> bool:
        idle = self._loading is None or self._loading.done()
        return idle and time.monotonic() >= self._patient_until

    async def newest(self) -> Model:
        """The current model, waited for: what a training just made, say."""
        model = await self.model()
        if self._loading is None or self._loading.done():
            return model
        await asyncio.wait([self._loading])
        return self._model or model

    def close(self) -> None:
        """Stops bringing in a newer model."""
        if self._loading is not None:
            self._loading.cancel()

    async def _first(self) -> Model:
        version = await self._store.models.current() or await self._trained()
        self._model, self._version = await self._load(version)
        return self._model

    async def _trained(self) -> str:
        """A model trained now; people are waiting for it."""
        return await self._jobs.train(wait_seconds=WAIT_SECONDS)

    async def _renew(self) -> None:
        try:
            async with self._lock:
                await self._first()
        except (UserError, RuntimeError) as error:
            log.warning("The newest model has to wait: %s", error)
            self._patient_until = time.monotonic() + RETRY_SECONDS

    async def _load(self, version: str) -> tuple[Model, str]:
        """The model and its version, which is a new one when the one asked for cannot be read."""
        try:
            return await self._open(version), version
        except DataError as error:
            newer = await self._store.models.current()
            if newer is not None and newer != version:
                return await self._load(newer)  # it was replaced and dropped meanwhile
            # Left by another release of Nightjar, say: it is made anew from what it was made of.
            log.warning("Model %s cannot be used (%s); training anew", version, error)
        version = await self._trained()
        try:
            return await self._open(version), version
        except DataError as error:
            log.error("Model %s cannot be used either: %s", version, error)
            raise Unavailable("The recommender is being mended; please try again later.") from error

    async def _open(self, version: str) -> Model:
        home = self._directory / version
        packed = None
        if not home.exists():
            packed = await self._store.models.packed(version)
        try:
            model = await asyncio.to_thread(open_model, packed, home)
        except DataError:
            packed = await self._store.models.packed(version)
            if packed is None:
                raise
            model = await asyncio.to_thread(open_model, packed, home)
        await asyncio.to_thread(_remove_others, self._directory, version)
        return model


def open_model(packed: bytes | None, home: Path) -> Model:
    """The model in ``home``, laid out anew from ``packed`` if that is given.

    Its names are ready to be searched. DataError when there is no usable model.
    """
    if packed is not None:
        _lay_out(packed, home)
    model = load(home)
    model.learnt.index.prepare()
    return model


def _lay_out(packed: bytes, home: Path) -> None:
    """Puts a model into ``home`` in one step: processes that share a data folder may do so at the
    same time, and a reader of what was there keeps it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=BUILDING, dir=home.parent) as folder:
        unpack(packed, Path(folder) / "new")
        with suppress(OSError):
            home.rename(Path(folder) / "old")
        with suppress(OSError):  # another process was quicker
            (Path(folder) / "new").rename(home)


def _remove_others(directory: Path, version: str) -> None:
    # A retired model holds the names of artists whose listeners may have left since. Whoever is in
    # the middle of a request has it mapped, and so keeps it after its files are gone.
    for other in directory.iterdir():
        if other.name != version and not _is_being_built(other):
            shutil.rmtree(other, ignore_errors=True)


def _is_being_built(folder: Path) -> bool:
    """Whether another process may be at work there; what a killed one left behind is older."""
    try:
        return folder.name.startswith(BUILDING) and (
            time.time() - folder.stat().st_mtime < BUILDING_SECONDS
        )
    except OSError:
        return False
