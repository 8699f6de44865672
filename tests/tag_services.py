"""MusicBrainz, ListenBrainz and Last.fm on loopback: small real servers that follow the documented
shapes (https://musicbrainz.org/doc/MusicBrainz_API/Search, ListenBrainz' metadata API,
https://www.last.fm/api/show/artist.getTopTags) and know a handful of made-up artists.

``mishap`` makes every service answer badly in one of the ways services do.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from aiohttp import web

Mishap = Literal[
    "429", "503", "503 date", "500", "slow", "cut off", "garbage", "huge", "bomb", "elsewhere",
    "odd shapes", "nothing",
]  # fmt: skip
KEY: Final = "key-of-the-operator"

_PHRASE: Final = re.compile(r'artist:"((?:[^"\\]|\\.)*)"')
_ODD: Final[tuple[Any, ...]] = (
    [], {}, None, 7, "artists", {"artists": 3}, {"artists": [3, {"name": 5, "score": 100}]},
    {"artists": [{"name": "Moth Parade", "score": "100"}]}, {"toptags": []},
    {"toptags": {"tag": 3}}, {"error": None}, [{"artist_mbid": 9}], [[]],
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """An artist of the pretended world; ``at_lastfm`` are other tags there."""

    name: str
    tags: Mapping[str, int]
    score: int = 100
    aliases: tuple[str, ...] = ()
    at_lastfm: Mapping[str, int] = field(default_factory=dict)

    @property
    def mbid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name} {self.score} {self.tags}"))


ACTS: Final = (
    Act("Moth Parade", {"synth-pop": 9, "Electronica": 6, "seen live": 4, "New Wave": 5}),
    Act("Ångström Choir", {"ambient": 4, "modern classical": 3, "drone": 2}, aliases=("Angstrom",)),
    Act('The "Quoted" \\ Ones', {"punk": 3, "uk": 2, "emo": 2}),
    Act("Twin", {"rock": 5, "grunge": 9}),
    Act("Twin", {"jazz": 5, "swing": 2}, score=98),
    Act("Big Namesake", {"techno": 9, "house": 4, "trance": 3}),
    Act("Big Namesake", {"polka": 2}, score=70),
    Act("Almost Called Sparrow", {"folk": 9}, score=95),
    Act("Untagged", {}, at_lastfm={"Hip-Hop": 100, "boom bap": 60, "rap": 55, "90s": 20}),
    Act("Gemütlich", {"seen live": 3}),
)


@dataclass(slots=True)
class TagServices:
    """What was asked, and how to misbehave."""

    base: str = ""
    mishap: Mishap | None = None
    mends_after: int | None = None
    asked: list[tuple[float, str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    def settings(self) -> dict[str, object]:
        """Settings that lead to these servers."""
        return {
            "musicbrainz_api_base": f"{self.base}/ws/2",
            "listenbrainz_api_base": f"{self.base}/1",
            "lastfm_api_base": f"{self.base}/2.0",
            "lastfm_api_key": KEY,
        }

    def names_asked(self) -> list[str]:
        """Each question's path and what it named."""
        told = ("query", "artist_mbids", "artist")
        return [
            f"{path} {next((query[name] for name in told if name in query), '')}"
            for _, path, query, _ in self.asked
        ]


@asynccontextmanager
async def tag_services() -> AsyncIterator[TagServices]:
    """The three services under one address."""
    services = TagServices()

    @web.middleware
    async def note(request: web.Request, handler: Any) -> web.StreamResponse:
        query, headers = dict(request.query), dict(request.headers)
        services.asked.append((time.monotonic(), request.path, query, headers))
        if services.mends_after is not None and len(services.asked) > services.mends_after:
            services.mishap = None
        if services.mishap is not None:
            return await _misbehave(request, services)
        answer: web.StreamResponse = await handler(request)
        return answer

    site = web.Application(middlewares=[note])
    site.router.add_get("/ws/2/artist", _musicbrainz)
    site.router.add_get("/1/metadata/artist/", _listenbrainz)
    site.router.add_get("/2.0/", _lastfm)
    site.router.add_get("/elsewhere", _elsewhere)
    runner = web.AppRunner(site, shutdown_timeout=0.1)
    await runner.setup()
    try:
        endpoint = web.TCPSite(runner, "127.0.0.1", 0)
        await endpoint.start()
        port = runner.addresses[0][1]
        services.base = f"http://127.0.0.1:{port}"
        yield services
    finally:
        await runner.cleanup()


async def _musicbrainz(request: web.Request) -> web.Response:
    phrase = _PHRASE.search(request.query["query"])
    if phrase is None or request.query.get("fmt") != "json":
        return web.json_response({"error": "not a query"}, status=400)
    wanted = re.sub(r"\\(.)", r"\1", phrase[1]).casefold()
    found = [_row(act) for act in ACTS if _looks_like(act, wanted)]
    found.sort(key=lambda row: -row["score"])
    document = {"created": "2026-11-27T00:00:00.000Z", "count": len(found), "offset": 0}
    return web.json_response({**document, "artists": found})


def _looks_like(act: Act, wanted: str) -> bool:
    """Search is generous: it finds artists that merely share a word."""
    words = set(wanted.split())
    names = (act.name, *act.aliases)
    return any(words & set(name.casefold().split()) for name in names)


def _row(act: Act) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": act.mbid,
        "type": "Group",
        "score": act.score,
        "name": act.name,
        "sort-name": act.name,
        "aliases": [{"sort-name": name, "name": name, "primary": None} for name in act.aliases],
        "tags": [{"count": count, "name": tag} for tag, count in act.tags.items()],
    }
    return {name: value for name, value in row.items() if value != []}


async def _listenbrainz(request: web.Request) -> web.Response:
    wanted = request.query["artist_mbids"].split(",")
    rows = [
        {
            "artist_mbid": act.mbid,
            "name": act.name,
            "tag": {
                "artist": [
                    {"artist_mbid": act.mbid, "count": count, "tag": tag}
                    for tag, count in act.tags.items()
                ]
            },
        }
        for act in ACTS
        if act.mbid in wanted
    ]
    return web.json_response(rows)


async def _lastfm(request: web.Request) -> web.Response:
    if request.query.get("api_key") != KEY:
        refusal = {"message": "Invalid API key", "error": 10}
        return web.json_response(refusal, status=403)
    for act in ACTS:
        if act.name.casefold() == request.query["artist"].casefold():
            tags = act.at_lastfm or act.tags
            rows = [{"count": count, "name": tag, "url": ""} for tag, count in tags.items()]
            return web.json_response({"toptags": {"tag": rows, "@attr": {"artist": act.name}}})
    unknown = {"error": 6, "message": "The artist you supplied could not be found", "links": []}
    return web.json_response(unknown)


async def _elsewhere(request: web.Request) -> web.Response:
    raise AssertionError("a question followed a redirection")


async def _misbehave(request: web.Request, services: TagServices) -> web.StreamResponse:
    match services.mishap:
        case "slow":
            await asyncio.sleep(3_600)
        case "cut off" if request.transport is not None:
            request.transport.abort()
        case "elsewhere":
            raise web.HTTPFound("/elsewhere")
        case "bomb":
            response = web.Response(body=b"[" * 30_000_000, content_type="application/json")
            response.enable_compression(web.ContentCoding.gzip)
            return response
        case "odd shapes":
            return web.json_response(_ODD[(len(services.asked) - 1) % len(_ODD)])
    status, headers, body = _BAD_ANSWERS.get(services.mishap or "", (200, {}, b""))
    return web.Response(status=status, headers=headers, body=body)


_BAD_ANSWERS: Final[dict[str, tuple[int, dict[str, str], bytes]]] = {
    "429": (429, {"Retry-After": "7"}, b"{}"),
    "503": (503, {"Retry-After": "soon"}, b'{"error": "rate"}'),
    "503 date": (503, {"Retry-After": "Fri, 27 Nov 2099 22:00:00 GMT"}, b"{}"),
    "500": (500, {"Content-Type": "text/html"}, b"<h1>Oops</h1>"),
    "garbage": (200, {"Content-Type": "application/json"}, b'{"artists": [\xff'),
    "huge": (200, {}, b"[" + b"1," * 2_000_000 + b"1]"),
    "nothing": (200, {}, b""),
}
SHAPES: Final = len(_ODD)
