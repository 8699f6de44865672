"""The REST side: every request is recorded, held against the rules, and only then served."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from tests.discord import routes_interactions, routes_resources
from tests.discord.limits import Bucket
from tests.discord.routing import Route
from tests.discord.rules import FILE_LIMIT
from tests.discord.schema import rule_book
from tests.discord.world import Recorded, Refused, World

PREFIX: Final = "/api/v10"
ROUTES: Final = (*routes_interactions.ROUTES, *routes_resources.ROUTES)
Served = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    """Serves ``/api/v10`` and the CDN for one world. ``up`` False answers 503 to everything."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.up = True

    async def serve(self, request: web.Request) -> web.Response:
        """One API request from the bot."""
        if not self.up:
            return web.Response(status=503, text="upstream connect error")
        recorded = await _record(request)
        self.world.requests.append(recorded)
        route, ids = self._find(recorded)
        headers: dict[str, str] = {}
        try:
            headers = self._admit(request, route)
            recorded.violations += self._check(recorded)
            if route is None:
                raise Refused(404, 0, "404: Not Found")
            if recorded.violations:
                raise Refused(400, 50035, "Invalid Form Body", fault=False)
            status, document = route.handler(self.world, recorded, ids)
        except Refused as refused:
            if refused.fault:
                recorded.violations.append(f"{refused} (code {refused.code})")
            status = refused.status
            document = {"code": refused.code, "message": str(refused)}
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                headers, document = self._turned_away(route)
        recorded.status = status
        return _answer(status, document, headers)

    async def download(self, request: web.Request) -> web.Response:
        """One file from the CDN."""
        upload = self.world.uploads.get(request.match_info["id"])
        if upload is None or upload.filename != request.match_info["filename"]:
            return web.Response(status=404, text="This content is no longer available.")
        kind = upload.payload()["content_type"]
        return web.Response(body=upload.data, content_type=kind)

    def _find(self, recorded: Recorded) -> tuple[Route | None, dict[str, str]]:
        for route in ROUTES:
            found = route.pattern.fullmatch(recorded.path)
            if found and route.method == recorded.method:
                return route, found.groupdict()
        return None, {}

    def _check(self, recorded: Recorded) -> list[str]:
        if any(len(data) > FILE_LIMIT for data in recorded.data.values()):
            raise Refused(413, 40005, "Request entity too large")
        book = rule_book()
        if book is None:
            return []
        names = set(recorded.query)
        return list(book.violations(recorded.method, recorded.path, names, recorded.body))

    def _admit(self, request: web.Request, route: Route | None) -> dict[str, str]:
        """Authorisation, planned failures and rate limits; the headers of the route's bucket."""
        if route is None:
            return {}
        allowed = f"Bot {self.world.token}"
        if route.needs_token and request.headers.get("Authorization") != allowed:
            raise Refused(401, 0, "401: Unauthorized", fault=False)
        planned = self.world.failures.get((route.method, route.template))
        if planned:
            raise Refused(planned.pop(0), 0, "Internal Server Error", fault=False)
        bucket = self.world.buckets.get((route.method, route.template))
        if bucket is None:
            return {}
        if bucket.take() is not None:
            raise Refused(429, 0, "You are being rate limited.", fault=False)
        return bucket.headers(_bucket_name(route))

    def _turned_away(self, route: Route | None) -> tuple[dict[str, str], dict[str, Any]]:
        assert route is not None
        bucket: Bucket = self.world.buckets[(route.method, route.template)]
        wait = max(0.0, bucket.remaining_seconds)
        headers = {
            **bucket.headers(_bucket_name(route)),
            "Retry-After": str(int(wait) + 1),
            "Via": "1.1 google",
            "X-RateLimit-Scope": "user",
        }
        message = "You are being rate limited."
        return headers, {"message": message, "retry_after": wait, "global": False}


def _bucket_name(route: Route) -> str:
    return f"{hash((route.method, route.template)) & 0xFFFFFFFF:08x}"


async def _record(request: web.Request) -> Recorded:
    path = request.path.removeprefix(PREFIX)
    recorded = Recorded(request.method, path, query=dict(request.query))
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for name, value in form.items():
            if isinstance(value, web.FileField):
                recorded.files[name] = (value.filename, value.file.read())
                value.file.close()
            elif name == "payload_json":
                recorded.body = json.loads(value)
    elif request.can_read_body:
        recorded.body = await request.json()
    return recorded


def _answer(status: int, document: Any, headers: dict[str, str]) -> web.Response:
    """JSON with ``application/json`` exactly: with a charset behind it discord.py sees text."""
    if document is None:
        return web.Response(status=status, headers=headers)
    typed = {**headers, "Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(document).encode(), headers=typed)
