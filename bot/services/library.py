"""The model in use: the newest one published, loaded once and kept until a newer one stands."""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path

from bot.errors import Unavailable
from bot.jobs.queue import Jobs
from bot.services.liking import unknown_artist
from bot.store.store import Store
from recommender.artefact import load, unpack
from recommender.catalogue import Catalogue, load_starter
from recommender.errors import DataError
from recommender.model import Model

log = logging.getLogger(__name__)

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
        """The current model; waits for the first training on a fresh machine."""
        current = await self._store.models.current()
        if current == self._version and self._model is not None:
            return self._model
        async with self._lock:
            current = await self._store.models.current() or await self._jobs.train()
            if current != self._version or self._model is None:
                self._model, self._version = await self._load(current)
        return self._model

    async def _load(self, version: str) -> tuple[Model, str]:
        """The model and its version, which is a new one when the one asked for cannot be read."""
        try:
            return await self._open(version), version
        except DataError as error:
            # Left by another release of Nightjar, say: it is made anew from what it was made of.
            log.warning("Model %s cannot be used (%s); training anew", version, error)
        version = await self._jobs.train()
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
        shutil.rmtree(home, ignore_errors=True)
        unpack(packed, home)
    model = load(home)
    model.learnt.index.prepare()
    return model


def _remove_others(directory: Path, version: str) -> None:
    # A retired model holds the names of artists whose listeners may have left since.
    for other in directory.iterdir():
        if other.name != version:
            shutil.rmtree(other, ignore_errors=True)
