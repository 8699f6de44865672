"""The model in use: the newest one published, loaded once and kept until a newer one stands."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.jobs.queue import Jobs
from bot.store.store import Store
from recommender.artefact import load, unpack
from recommender.catalogue import Catalogue, load_starter
from recommender.errors import DataError
from recommender.model import Model

log = logging.getLogger(__name__)


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

    @property
    def catalogue(self) -> Catalogue:
        """Every artist known right now: the model's, or the starter's before the first model."""
        return self._catalogue

    @property
    def ready(self) -> bool:
        return self._model is not None

    async def model(self) -> Model:
        """The current model; waits for the first training on a fresh machine."""
        current = await self._store.models.current()
        if current == self._version and self._model is not None:
            return self._model
        async with self._lock:
            current = await self._store.models.current() or await self._jobs.train()
            if current != self._version or self._model is None:
                self._model = await self._load(current)
                self._version = current
                self._catalogue = self._model.catalogue
        return self._model

    async def _load(self, version: str) -> Model:
        home = self._directory / version
        try:
            return await asyncio.to_thread(load, home)
        except DataError as error:
            log.info("Fetching model %s from the store: %s", version, error)
        packed = await self._store.models.packed(version)
        if packed is None:
            log.warning("Model %s is gone from the store; training anew", version)
            version = await self._jobs.train()
            home = self._directory / version
            packed = await self._store.models.packed(version)
        if packed is not None:
            await asyncio.to_thread(unpack, packed, home)
        return await asyncio.to_thread(load, home)
