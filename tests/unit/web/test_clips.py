"""Clip pages and files: types, names, caching, ranges."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.web.conftest import Site

few = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def test_the_page_of_a_clip_can_be_shared(studio: Site) -> None:
    clip = await studio.jam(key="D minor", bpm=96)

    page = await (await studio.get(clip["urls"]["page"])).text()

    assert "<title>Synthwave in D minor · Nightjar</title>" in page
    assert 'data-clip="{&#34;id&#34;' in page
    assert "Open the studio" in page
    assert "og:audio" not in page


async def test_no_host_name_breaks_a_clip_page(studio: Site) -> None:
    clip = await studio.jam()
    for host in ('"><script>alert(1)</script>', "[", "a b", "x" * 5000, "\xff"):
        answer = await studio.get(clip["urls"]["page"], Host=host)
        assert answer.status == 200
        assert "<script>alert" not in await answer.text()


async def test_clips_are_shown_beside_a_bot_without_the_studio(parts: Site) -> None:
    async with parts.running():
        clip = await parts.jam()
    async with parts.running(discord_token="a.b.c", public_url="https://nightjar.example/"):
        page = await (await parts.get(clip["urls"]["page"])).text()
        assert (await parts.get(clip["urls"]["audio"])).status == 200

    assert "Open the studio" not in page
    assert f'content="https://nightjar.example{clip["urls"]["picture"]}"' in page
    assert f'content="https://nightjar.example{clip["urls"]["audio"]}"' in page


@pytest.mark.parametrize(
    ("file", "content_type", "suffix"),
    [
        ("audio", "audio/mpeg", "mp3"),
        ("midi", "audio/midi", "mid"),
        ("picture", "image/png", "png"),
        ("json", "application/json", "json"),
    ],
)
async def test_files_have_their_type_and_a_telling_name(
    studio: Site, file: str, content_type: str, suffix: str
) -> None:
    clip = await studio.jam(key="F# minor", bpm=101)

    answer = await studio.get(clip["urls"][file])

    assert answer.content_type == content_type
    name = f"nightjar-synthwave-f-sharp-minor-101bpm-7.{suffix}"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert "immutable" in answer.headers["Cache-Control"]
    files = studio.services.clips.rendered[clip["id"]]
    assert await answer.read() == files[clip["urls"][file].rpartition("/")[2]]


async def test_a_file_that_is_held_is_not_sent_again(studio: Site) -> None:
    clip = await studio.jam()
    tag = (await studio.get(clip["urls"]["audio"])).headers["ETag"]

    again = await studio.get(clip["urls"]["audio"], If_None_Match=tag)

    assert again.status == 304
    assert await again.read() == b""
    other = await studio.get(clip["urls"]["audio"], If_None_Match='"other"')
    assert other.status == 200


async def test_files_nobody_made_are_not_found(studio: Site) -> None:
    clip = await studio.jam()
    for name in ("clip.wav", "clip.exe", "..%2f..%2fsite.py", "CLIP.MP3"):
        assert (await studio.get(f"{clip['urls']['page']}/{name}")).status == 404


async def test_a_clip_whose_files_have_expired_is_made_again(studio: Site) -> None:
    clip = await studio.jam()
    studio.services.clips.rendered.clear()

    assert (await studio.get(clip["urls"]["audio"])).status == 200
    assert studio.services.jobs.rendered == [clip["id"], clip["id"]]


@few
@given(first=st.integers(0, 40), last=st.none() | st.integers(0, 40))
async def test_a_range_is_the_slice_it_names(studio: Site, first: int, last: int | None) -> None:
    clip = await studio.jam()
    whole = studio.services.clips.rendered[clip["id"]]["clip.mp3"]
    stop = len(whole) if last is None else min(last + 1, len(whole))

    answer = await studio.get(
        clip["urls"]["audio"], Range=f"bytes={first}-{'' if last is None else last}"
    )
    body = await answer.read()

    if last is not None and first > last:
        assert (answer.status, body) == (200, whole)
    elif first >= len(whole):
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    else:
        assert (answer.status, body) == (206, whole[first:stop])
        assert answer.headers["Content-Range"] == f"bytes {first}-{stop - 1}/{len(whole)}"


@few
@given(length=st.integers(1, 40))
async def test_a_range_may_be_counted_from_the_end(studio: Site, length: int) -> None:
    clip = await studio.jam()
    whole = studio.services.clips.rendered[clip["id"]]["clip.mp3"]

    answer = await studio.get(clip["urls"]["audio"], Range=f"bytes=-{length}")

    assert (answer.status, await answer.read()) == (206, whole[-length:])


@pytest.mark.parametrize("text", ["bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes=--", "x" * 99])
async def test_ranges_nobody_understands_get_the_whole_file(studio: Site, text: str) -> None:
    clip = await studio.jam()

    answer = await studio.get(clip["urls"]["audio"], Range=text)

    assert answer.status == 200
    assert answer.headers["Accept-Ranges"] == "bytes"


async def test_a_range_of_older_bytes_gets_the_new_file_whole(studio: Site) -> None:
    clip = await studio.jam()
    tag = (await studio.get(clip["urls"]["audio"])).headers["ETag"]

    same = await studio.get(clip["urls"]["audio"], Range="bytes=0-3", If_Range=tag)
    older = await studio.get(clip["urls"]["audio"], Range="bytes=0-3", If_Range='"older"')

    assert (same.status, older.status) == (206, 200)


async def test_head_tells_the_size_without_the_bytes(studio: Site) -> None:
    clip = await studio.jam()

    answer = await studio.client.head(studio.url + clip["urls"]["audio"])

    assert answer.status == 200
    whole = studio.services.clips.rendered[clip["id"]]["clip.mp3"]
    assert int(answer.headers["Content-Length"]) == len(whole)
