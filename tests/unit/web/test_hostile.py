"""Hostile bodies: too large, not JSON, JSON of any shape. Never a defect, always a sentence."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web import bodies, site
from tests.unit.web.conftest import Site

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
fields = st.sampled_from(
    [
        "style",
        "key",
        "bpm",
        "bars",
        "mood",
        "seed",
        "part",
        "artist",
        "like",
        "mode",
        "count",
        "rank",
        "value",
    ]
)
addresses = st.sampled_from(
    [
        "jam",
        "taste/add",
        "recommend",
        "import",
        "answers/abc/vote",
        "answers/abc/more",
        "clips/0123456789abcdef/new",
        "clips/0123456789abcdef/vary",
    ]
)


async def refused_politely(studio: Site, path: str, body: bytes) -> None:
    answer = await studio.client.post(
        f"{studio.url}/api/{path}", data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status < 500
    document = await answer.json()
    if answer.status >= 400:
        assert set(document) == {"error"}
        assert len(document["error"]) < 400


@quick
@given(path=addresses, body=st.binary(max_size=200))
async def test_bytes_that_are_no_json(studio: Site, path: str, body: bytes) -> None:
    await refused_politely(studio, path, body)


@quick
@given(path=addresses, body=st.dictionaries(fields, anything, max_size=5) | anything)
async def test_json_of_any_shape(studio: Site, path: str, body: object) -> None:
    await refused_politely(studio, path, json.dumps(body).encode())


async def test_json_nested_to_the_stack_limit(studio: Site) -> None:
    await refused_politely(studio, "jam", b"[" * 100_000)
    await refused_politely(studio, "jam", b'{"seed":' + b"9" * 100_000 + b"}")


async def test_a_body_over_the_limit_is_refused(studio: Site) -> None:
    answer = await studio.post("/api/jam", {"style": "synthwave", "mood": "x" * 300_000})

    assert answer.status == 413
    assert "larger" in (await answer.json())["error"]


async def test_an_export_may_be_larger_than_other_bodies(studio: Site) -> None:
    data = b"x" * 3_000_000
    answer = await studio.client.post(
        f"{studio.url}/api/import?filename=my_spotify_data.zip", data=io.BytesIO(data)
    )

    assert answer.status == 200
    assert studio.services.listening.imported["local"] == ("my_spotify_data.zip", data)
    assert (await answer.json())["plays"] == 812


async def test_an_export_over_the_limit_is_refused_however_it_comes(
    parts: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "DRAIN_SECONDS", 0.1)  # the rest of an upload is not waited for
    block = bytes(2**20)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(bodies.IMPORT_LIMIT // len(block) + 2):
            yield block

    async with parts.running():
        for data in (endless(), io.BytesIO(bytes(bodies.IMPORT_LIMIT + 2**20))):
            answer = await parts.client.post(f"{parts.url}/api/import?filename=a.zip", data=data)
            assert answer.status == 413
    assert parts.services.listening.imported == {}


async def test_a_form_upload_works_like_a_raw_one(studio: Site) -> None:
    form = FormData({"note": "for you"})
    form.add_field("file", b"{}", filename="../../StreamingHistory_music_0.json")

    answer = await studio.client.post(f"{studio.url}/api/import", data=form)

    assert answer.status == 200
    assert studio.services.listening.imported["local"] == ("StreamingHistory_music_0.json", b"{}")


async def test_uploads_without_a_file_say_so(studio: Site) -> None:
    broken = {"Content-Type": "multipart/form-data"}
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for query, body, headers in (
        ("", b"data", {}),
        ("?filename=a.zip", b"", {}),
        ("?filename=", b"data", {}),
        ("", b"data", broken),
        ("", b"data", form),
        ("", b"--x\r\n\r\nhi\r\n--x--\r\n", form),
    ):
        answer = await studio.client.post(
            f"{studio.url}/api/import{query}", data=body, headers=headers
        )
        assert answer.status == 400
        assert (await answer.json())["error"].endswith(".")
    assert studio.services.listening.imported == {}
