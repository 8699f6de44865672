"""The site on a real socket, with services that answer from memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession

from bot.settings import Settings
from bot.web.health import Health
from bot.web.site import build_site, serve
from tests.services_double import QuickServices


@dataclass
class Site:
    """A running site, what stands behind it, and a client that talks to it."""

    client: ClientSession
    services: QuickServices = field(default_factory=QuickServices)
    health: Health = field(init=False)
    url: str = ""

    def __post_init__(self) -> None:
        self.health = Health(self.services.metrics)

    @asynccontextmanager
    async def running(self, **changes: object) -> AsyncIterator[Site]:
        settings = Settings(_env_file=None, data_dir=Path("unused"), **changes)
        app = build_site(settings, self.services.build(), self.health)
        async with serve(app, "127.0.0.1", 0) as self.url:
            yield self

    async def get(self, path: str, **headers: str) -> ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(self.url + path, headers=named)

    async def post(self, path: str, body: object = None, **headers: str) -> ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(self.url + path, json=body or {}, headers=named)

    async def jam(self, **wishes: object) -> dict[str, Any]:
        """A finished clip, as the page is told about it."""
        answer = await self.post("/api/jam", {"style": "synthwave", "seed": 7, **wishes})
        assert answer.status == 200, await answer.text()
        document: dict[str, Any] = await answer.json()
        return document


@pytest.fixture
async def parts() -> AsyncIterator[Site]:
    """Everything a site needs, not yet running."""
    async with ClientSession() as client:
        yield Site(client)


@pytest.fixture
async def studio(parts: Site) -> AsyncIterator[Site]:
    """The local studio, running."""
    async with parts.running():
        yield parts
