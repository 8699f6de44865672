"""Clip pages and their files. A clip's id names its bytes, so its files never change."""

from __future__ import annotations

import re
from typing import Any, Final

from aiohttp import web

from bot.errors import NothingFound, Unavailable, UserError
from bot.services import RenderedClip
from bot.settings import Settings
from bot.web.keys import SERVICES, SETTINGS
from bot.web.loopback import is_loopback
from bot.web.pages import render
from bot.web.ranges import send_bytes
from generator.spec import ClipSpec

ID: Final = "{id:[0-9a-f]{16}}"
TYPES: Final = {
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mid": "audio/midi",
    "png": "image/png",
    "json": "application/json",
}


def clip_routes() -> list[web.RouteDef]:
    return [web.get(f"/clips/{ID}", show_clip), web.get(f"/clips/{ID}/{{name}}", send_file)]


async def show_clip(request: web.Request) -> web.Response:
    clip = await make_clip(request, await find_spec(request))
    settings = request.config_dict[SETTINGS]
    return render(
        request,
        "clip.html",
        clip=clip_document(request, clip),
        base=(settings.public_url or "").rstrip("/"),
        studio=studio_is_on(settings),
    )


async def send_file(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    spec = await find_spec(request)
    if name not in (f"clip.{spec.format}", "clip.mid", "pianoroll.png", "clip.json"):
        raise NothingFound("This clip has no such file.")
    clip = await make_clip(request, spec)
    suffix = name.rpartition(".")[2]
    return send_bytes(
        request,
        clip.files[name],
        content_type=TYPES[suffix],
        name=f"{file_stem(spec)}.{suffix}",
        tag=f"{spec.id}-{suffix}",
    )


async def find_spec(request: web.Request) -> ClipSpec:
    """The spec of the clip in the address; NothingFound when it is forgotten or never was."""
    try:
        return await request.config_dict[SERVICES].clips.find(request.match_info["id"])
    except Unavailable:
        raise
    except UserError as error:
        raise NothingFound(str(error)) from error


async def make_clip(request: web.Request, spec: ClipSpec) -> RenderedClip:
    """The finished clip."""
    return await request.config_dict[SERVICES].clips.make(spec)


def clip_document(request: web.Request, clip: RenderedClip) -> dict[str, Any]:
    """What a page needs to show and play the clip, as JSON values."""
    spec = clip.spec
    page = f"/clips/{clip.id}"
    studio = studio_is_on(request.config_dict[SETTINGS])
    names = {style.slug: style.name for style in request.config_dict[SERVICES].clips.styles()}
    return {
        "id": clip.id,
        "title": f"{names.get(spec.style, spec.style)} in {printed(spec.key)}",
        "summary": dict(clip.summary),
        "urls": {
            "page": page,
            "audio": f"{page}/clip.{spec.format}",
            "midi": f"{page}/clip.mid",
            "picture": f"{page}/pianoroll.png",
            "json": f"{page}/clip.json",
            **({"stems": f"/api/clips/{clip.id}/stems"} if studio else {}),
        },
    }


def printed(key: str) -> str:
    """A key as music prints it: "Bb minor" becomes "B♭ minor"."""
    return re.sub(r"^([A-G])b", r"\1♭", key).replace("#", "♯")


def file_stem(spec: ClipSpec) -> str:
    """A file name that tells clips apart in a download folder: letters, digits and hyphens."""
    words = f"nightjar {spec.style} {spec.key} {spec.bpm}bpm {spec.seed}".replace("#", "-sharp")
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")


def studio_is_on(settings: Settings) -> bool:
    """Whether this site is the local studio: no Discord token, and bound to this machine only."""
    return settings.discord_token is None and is_loopback(settings.web_host)
