"""The studio's "Your data": what is held on its member, as JSON, as a zip, or gone."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from bot.services import Holdings
from bot.services.holders import MARK_NAMES
from bot.services.privacy import EXPORT_NAME
from bot.web.bodies import read_fields
from bot.web.keys import SERVICES

MEMBER: Final = "local"


def privacy_routes() -> list[web.RouteDef]:
    return [
        web.get("/privacy", show_held),
        web.get("/privacy/export.zip", send_export),
        web.post("/privacy/undo", undo),
        web.post("/privacy/delete", delete),
    ]


async def show_held(request: web.Request) -> web.Response:
    privacy = request.config_dict[SERVICES].privacy
    return web.json_response(_document(await privacy.show(MEMBER)))


async def send_export(request: web.Request) -> web.Response:
    data = await request.config_dict[SERVICES].privacy.export(MEMBER)
    headers = {"Content-Disposition": f'attachment; filename="{EXPORT_NAME}"'}
    return web.Response(body=data, content_type="application/zip", headers=headers)


async def undo(request: web.Request) -> web.Response:
    """Takes back one add or vote; the answer is what is held then."""
    fields = await read_fields(request)
    privacy = request.config_dict[SERVICES].privacy
    await privacy.undo(MEMBER, fields.needed_text("id"))
    return web.json_response(_document(await privacy.show(MEMBER)))


async def delete(request: web.Request) -> web.Response:
    await read_fields(request)
    privacy = request.config_dict[SERVICES].privacy
    await privacy.delete(MEMBER)
    return web.json_response(_document(await privacy.show(MEMBER)))


def _document(held: Holdings) -> dict[str, Any]:
    return {
        "parts": [
            {"title": part.title, "text": part.text, "since": part.since} for part in held.parts
        ],
        "marks": [
            {"id": m.id, "kind": m.kind, "says": MARK_NAMES[m.kind], "artist": m.artist, "at": m.at}
            for m in held.marks
        ],
    }
