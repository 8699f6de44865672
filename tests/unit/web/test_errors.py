"""Failures are one sentence; nothing of the inside is shown."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.errors import Unavailable
from tests.unit.web.conftest import Site


async def test_what_a_person_can_mend_is_said(studio: Site) -> None:
    answer = await studio.post("/api/jam", {"style": "synthwav"})

    assert answer.status == 400
    assert "synthwave" in (await answer.json())["error"]


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"style": "synthwave", "bpm": 1000}, "bpm"),
        ({"style": "synthwave", "bpm": "fast"}, "bpm"),
        ({"style": "synthwave", "bpm": True}, "bpm"),
        ({"style": "synthwave", "bpm": 96.5}, "bpm"),
        ({"style": "synthwave", "bars": 5}, "bars"),
        ({"style": "synthwave", "key": "H quux"}, "H quux"),
        ({"style": "synthwave", "seed": -1}, "seed"),
        ({"style": "synthwave", "seed": 10**40}, "seed"),
        ({"style": "synthwave", "mood": ["dark"]}, "mood"),
        ({"style": "x" * 1000}, "style"),
        ({"style": "\ud800"}, "style"),
        ({}, "style"),
    ],
)
async def test_a_wrong_wish_names_what_is_wrong(
    studio: Site, wish: dict[str, object], word: str
) -> None:
    answer = await studio.post("/api/jam", wish)

    assert answer.status == 400
    sentence = (await answer.json())["error"]
    assert word in sentence
    assert sentence.endswith((".", "?"))
    assert studio.services.jobs.rendered == []


async def test_unknown_clips_are_not_found(studio: Site) -> None:
    for path in ("/clips/0123456789abcdef", "/clips/0123456789abcdef/clip.mp3", "/clips/zz"):
        assert (await studio.get(path)).status == 404
    answer = await studio.post("/api/clips/0123456789abcdef/vary", {"part": "bass"})
    assert answer.status == 404
    assert "no longer remembered" in (await answer.json())["error"]


async def test_a_part_that_is_away_asks_for_patience(studio: Site) -> None:
    studio.services.jobs.failing = Unavailable("The storage is away for a moment.")

    answer = await studio.post("/api/jam", {"style": "synthwave"})

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert await answer.json() == {"error": "The storage is away for a moment."}


async def test_a_defect_shows_its_id_and_logs_its_trace(
    studio: Site, caplog: pytest.LogCaptureFixture
) -> None:
    studio.services.jobs.failing = RuntimeError("the inside of the machine")

    answer = await studio.post("/api/jam", {"style": "synthwave"})

    assert answer.status == 500
    document = await answer.json()
    assert document["id"] in document["error"]
    assert "inside" not in str(document)
    [record] = [record for record in caplog.records if record.name.startswith("bot.web")]
    assert document["id"] in record.getMessage()
    assert "the inside of the machine" in str(record.exc_text or record.exc_info)


async def test_people_get_a_page_and_programs_get_json(studio: Site) -> None:
    page = await studio.get("/nowhere", Accept="text/html,*/*;q=0.8")
    assert page.status == 404
    assert page.content_type == "text/html"
    assert "There is nothing at this address." in await page.text()

    document = await studio.get("/nowhere")
    assert await document.json() == {"error": "There is nothing at this address."}


async def test_names_in_pages_cannot_become_markup(studio: Site) -> None:
    page = await studio.get("/clips/%3Cscript%3Ealert(1)%3C/script%3E", Accept="text/html")

    assert page.status == 404
    assert "<script>alert" not in await page.text()


async def test_a_wrong_method_names_the_right_one(studio: Site) -> None:
    answer = await studio.get("/api/jam")

    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"


async def test_somebody_who_hangs_up_is_no_defect(
    studio: Site, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = studio.url.removeprefix("http://").split(":")
    with caplog.at_level(logging.WARNING):
        _, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /api/jam HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 5000\r\n"
        writer.write(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.05)

    assert (await studio.get("/livez")).status == 200
    assert [record.getMessage() for record in caplog.records] == []
