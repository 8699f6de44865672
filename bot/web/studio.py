"""The local studio: the bot's commands as a page and a JSON API, through the same services."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from bot.errors import UserError
from bot.services import Answer, Services
from bot.web.bodies import TEXT_LIMIT, read_fields, read_upload
from bot.web.clips import ID, clip_document, file_stem, find_spec, make_clip
from bot.web.keys import SERVICES
from bot.web.loopback import own_page_only, require_own_host
from bot.web.pages import render
from bot.web.privacy import MEMBER, privacy_routes
from bot.web.ranges import send_bytes
from generator.spec import BAR_CHOICES, BPM_RANGE

CARD_LINES: Final = 5


async def show_studio(request: web.Request) -> web.Response:
    require_own_host(request)
    return render(request, "studio.html")


def build_studio_api() -> web.Application:
    """The application below `/api`; it answers only the studio's own page."""
    api = web.Application(middlewares=[own_page_only])
    api.add_routes(
        [
            web.get("/styles", list_styles),
            web.post("/jam", jam),
            web.post(f"/clips/{ID}/new", new_take),
            web.post(f"/clips/{ID}/vary", vary),
            web.post(f"/clips/{ID}/stems", make_stems),
            web.get(f"/clips/{ID}/stems.zip", send_stems),
            web.get("/tagged", suggest_tagged),
            web.post("/import", import_file),
            web.get("/artists", suggest_artists),
            web.post("/taste/add", add_artist),
            web.get("/taste", show_taste),
            web.get("/taste/picture.png", show_taste_picture),
            web.get("/mixes", show_mixes),
            web.post("/recommend", recommend),
            web.get("/answers/{id}", show_answer),
            web.post("/answers/{id}/vote", vote),
            web.post("/answers/{id}/more", more_like),
            *privacy_routes(),
        ]
    )
    return api


async def list_styles(request: web.Request) -> web.Response:
    clips = services(request).clips
    styles = [
        {
            "slug": style.slug,
            "name": style.name,
            "description": style.description,
            "tempo_low": style.tempo_low,
            "tempo_high": style.tempo_high,
            "moods": list(style.moods),
            "parts": list(style.parts),
        }
        for style in clips.styles()
    ]
    keys = clips.suggest_keys("")
    return web.json_response(
        {"styles": styles, "keys": keys, "bars": BAR_CHOICES, "bpm": BPM_RANGE}
    )


async def jam(request: web.Request) -> web.Response:
    fields = await read_fields(request)
    like = fields.text("like")
    spec = services(request).clips.request(
        fields.needed_text("style"),
        key=fields.text("key"),
        bpm=fields.whole("bpm"),
        bars=fields.whole("bars"),
        mood=fields.text("mood"),
        seed=fields.whole("seed"),
        like=[like] if like else [],
    )
    return web.json_response(clip_document(request, await make_clip(request, spec)))


async def new_take(request: web.Request) -> web.Response:
    await read_fields(request)
    spec = services(request).clips.new_take(await find_spec(request))
    return web.json_response(clip_document(request, await make_clip(request, spec)))


async def vary(request: web.Request) -> web.Response:
    fields = await read_fields(request)
    spec = services(request).clips.vary(await find_spec(request), fields.needed_text("part"))
    return web.json_response(clip_document(request, await make_clip(request, spec)))


async def make_stems(request: web.Request) -> web.Response:
    """Has the stems made; the answer says where they lie and how large they are."""
    await read_fields(request)
    spec = await find_spec(request)
    data = await services(request).clips.stems(spec)
    return web.json_response({"url": f"/api/clips/{spec.id}/stems.zip", "bytes": len(data)})


async def send_stems(request: web.Request) -> web.Response:
    spec = await find_spec(request)
    data = await services(request).clips.stems(spec)
    return send_bytes(
        request,
        data,
        content_type="application/zip",
        name=f"{file_stem(spec)}-stems.zip",
        tag=f"{spec.id}-stems",
    )


async def suggest_tagged(request: web.Request) -> web.Response:
    """Artists a clip can lean to: those whose tags are known."""
    typed = request.query.get("q", "")[:TEXT_LIMIT].strip()
    names = services(request).clips.suggest_artists(typed) if typed else []
    return web.json_response({"artists": names})


async def import_file(request: web.Request) -> web.Response:
    filename, data = await read_upload(request)
    report = await services(request).listening.import_file(MEMBER, filename, data)
    return web.json_response(
        {
            "package": report.package,
            "plays": report.plays,
            "artists": report.artists,
            "tracks": report.tracks,
            "first_year": report.first_year,
            "last_year": report.last_year,
            "skipped": dict(report.skipped),
            "text": report.text,
        }
    )


async def suggest_artists(request: web.Request) -> web.Response:
    typed = request.query.get("q", "")[:TEXT_LIMIT].strip()
    names = services(request).listening.suggest(typed) if typed else []
    return web.json_response({"artists": names})


async def add_artist(request: web.Request) -> web.Response:
    fields = await read_fields(request)
    artist = await services(request).listening.add(MEMBER, fields.needed_text("artist"))
    return web.json_response({"artist": artist})


async def show_taste(request: web.Request) -> web.Response:
    taste = await services(request).listening.show(MEMBER)
    return web.json_response(
        {
            "artists": [{"name": name, "plays": plays} for name, plays in taste.artists],
            "tags": [{"tag": tag, "share": share} for tag, share in taste.tags],
            "sources": [{"name": name, "count": count} for name, count in taste.sources],
            "text": taste.text,
            "picture": "/api/taste/picture.png",
        }
    )


async def show_taste_picture(request: web.Request) -> web.Response:
    taste = await services(request).listening.show(MEMBER)
    return web.Response(body=taste.picture, content_type="image/png")


async def show_mixes(request: web.Request) -> web.Response:
    mixes = await services(request).mixes.of(MEMBER)
    return web.json_response({"mixes": [mix.to_json() for mix in mixes]})


async def recommend(request: web.Request) -> web.Response:
    fields = await read_fields(request)
    mode = fields.text("mode") or "balanced"
    count = fields.whole("count")
    answer = await services(request).recommendations.recommend(
        MEMBER,
        like=fields.text("like"),
        mode=mode,
        count=CARD_LINES if count is None else count,
    )
    return web.json_response(answer_document(answer))


async def show_answer(request: web.Request) -> web.Response:
    """A card as it was given, with the votes as they are now."""
    answer = await services(request).recommendations.find(request.match_info["id"])
    return web.json_response(answer_document(answer))


async def vote(request: web.Request) -> web.Response:
    fields = await read_fields(request)
    rank, value = fields.needed_whole("rank"), fields.needed_whole("value")
    if value not in (1, 0, -1):
        raise UserError("A vote is 1, 0 (you know it already) or -1.")
    recommendations = services(request).recommendations
    text = await recommendations.vote(MEMBER, request.match_info["id"], rank, value)
    answer = await recommendations.find(request.match_info["id"])
    return web.json_response({"text": text, "answer": answer_document(answer)})


async def more_like(request: web.Request) -> web.Response:
    fields = await read_fields(request)
    answer = await services(request).recommendations.more_like(
        MEMBER, request.match_info["id"], fields.needed_whole("rank")
    )
    return web.json_response(answer_document(answer))


def answer_document(answer: Answer) -> dict[str, Any]:
    document = answer.to_json()
    document.pop("member")
    return document


def services(request: web.Request) -> Services:
    return request.config_dict[SERVICES]
