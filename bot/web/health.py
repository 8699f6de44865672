"""`/livez`, `/readyz` and `/metrics`: what balancers, supervisors and operators ask."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.errors import UserError
from bot.metrics import Metrics
from bot.web.loopback import is_loopback

Check = Callable[[], bool | Awaitable[bool]]
CHECK_SECONDS: Final = 2.0
FORWARDING: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


class Health:
    """What has to be ready before Nightjar takes work, and the counters it keeps meanwhile.

    A check MUST return whether its part is ready; one that raises UserError or OSError, or takes
    over two seconds, counts as not ready.
    """

    def __init__(self, metrics: Metrics | None = None) -> None:
        self.metrics = metrics or Metrics()
        self._checks: dict[str, Check] = {}
        self._closed = False

    def add(self, name: str, check: Check) -> None:
        """Makes readiness depend on ``check``; `/readyz` lists ``name`` while it is missing."""
        self._checks[name] = check

    def close(self) -> None:
        """Ends readiness for good, so that balancers look elsewhere while running work finishes."""
        self._closed = True

    async def missing(self) -> list[str]:
        """The names of all parts that are not ready; empty when Nightjar takes work."""
        if self._closed:
            return ["shutting down"]
        names = list(self._checks)
        ready = await asyncio.gather(*(_passes(self._checks[name]) for name in names))
        return [name for name, passed in zip(names, ready, strict=True) if not passed]


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            result = check()
            return bool(await result if inspect.isawaitable(result) else result)
    except (UserError, OSError):
        return False


def health_routes(health: Health) -> list[web.RouteDef]:
    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_request: web.Request) -> web.Response:
        missing = await health.missing()
        status = 503 if missing else 200
        return web.json_response({"ready": not missing, "missing": missing}, status=status)

    async def metrics(request: web.Request) -> web.Response:
        if not _asked_from_here(request):
            raise web.HTTPNotFound
        return web.Response(
            body=health.metrics.text(), headers={"Content-Type": health.metrics.content_type}
        )

    return [web.get("/livez", live), web.get("/readyz", ready), web.get("/metrics", metrics)]


def _asked_from_here(request: web.Request) -> bool:
    forwarded = any(name in request.headers for name in FORWARDING)
    return is_loopback(request.remote or "") and not forwarded
