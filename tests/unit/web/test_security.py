"""What the site refuses, and what every answer carries."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.unit.web.conftest import Site

PAGES = ("/", "/livez", "/readyz", "/metrics", "/static/studio.js", "/nowhere", "/api/styles")


class Inline(HTMLParser):
    """Collects everything in a page that a strict policy forbids, and every address it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.loaded: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.forbidden += [f"{tag} {name}" for name in named if name == "style" or name[:2] == "on"]
        self._script = tag in ("script", "style")
        if tag == "script" and "src" not in named:
            self.forbidden.append("inline script")
        loads = {"link": "href", "use": "href"}.get(tag, "src")
        if address := named.get(loads):
            self.loaded.append(address)

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.forbidden.append(data.strip())


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_carries_the_strict_headers(studio: Site, path: str) -> None:
    answer = await studio.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"unsafe|\*|http|data:|blob:", policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == ("no-cache" if "/static/" in path else "no-store")
    assert "aiohttp" not in answer.headers["Server"]


async def test_pages_live_within_their_own_policy(studio: Site) -> None:
    clip = await studio.jam()
    for path in ("/", clip["urls"]["page"]):
        page = Inline()
        page.feed(await (await studio.get(path)).text())

        assert page.forbidden == []
        assert page.loaded
        assert all(re.match(r"/static/|/clips/|#", address) for address in page.loaded)
        for address in page.loaded:
            if not address.startswith("#"):
                assert (await studio.get(address)).status == 200


@pytest.mark.parametrize("host", ["nightjar.example", "127.0.0.1.example:80", "10.0.0.1", "[", ""])
async def test_a_page_that_rebinds_its_name_reaches_nothing(studio: Site, host: str) -> None:
    for path in ("/", "/api/taste", "/api/styles"):
        answer = await studio.get(path, Host=host)
        assert answer.status == 403
        assert "Com Truise" not in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.elsewhere.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
async def test_other_pages_cannot_use_the_studio(studio: Site, headers: dict[str, str]) -> None:
    answer = await studio.post("/api/taste/add", {"artist": "Kavinsky"}, **headers)

    assert answer.status == 403
    assert await answer.json() == {"error": "The studio takes requests only from its own page."}
    assert studio.services.listening.added == {}


async def test_the_studios_own_page_is_served_under_every_name_of_this_machine(
    studio: Site,
) -> None:
    port = studio.url.rpartition(":")[2]
    for name in ("127.0.0.1", "localhost", "[::1]", "127.8.8.8"):
        host = f"{name}:{port}"
        answer = await studio.post(
            "/api/taste/add", {"artist": "Kavinsky"}, Host=host, Origin=f"http://{host}"
        )
        assert answer.status == 200


@pytest.mark.parametrize("changes", [{"discord_token": "a.b.c"}, {"web_host": "0.0.0.0"}])  # noqa: S104
async def test_the_studio_is_absent_beside_a_bot_and_off_loopback(
    parts: Site, changes: dict[str, str]
) -> None:
    async with parts.running(**changes):
        for path in ("/", "/api/styles", "/api/taste"):
            assert (await parts.get(path)).status == 404
        assert (await parts.get("/livez")).status == 200


async def test_static_files_stay_inside_their_folder(studio: Site) -> None:
    for path in (
        "/static/../site.py",
        "/static/%2e%2e/site.py",
        "/static/",
        "/static/..%2fsite.py",
    ):
        answer = await studio.get(path)
        assert answer.status in (403, 404)


async def test_simple_forms_of_other_pages_are_no_json(studio: Site) -> None:
    answer = await studio.client.post(
        f"{studio.url}/api/taste/add",
        data='{"artist":"Kavinsky"}',
        headers={"Content-Type": "text/plain"},
    )

    assert answer.status == 415
    assert studio.services.listening.added == {}
