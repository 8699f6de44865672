"""Opening and closing the site."""

from __future__ import annotations

import asyncio
import logging

import pytest
from aiohttp import ClientError

from bot.errors import UserError
from bot.settings import Settings
from bot.web.site import build_site, serve
from tests.unit.web.conftest import Site


async def test_a_taken_port_names_the_setting_to_change(studio: Site) -> None:
    port = int(studio.url.rpartition(":")[2])
    app = build_site(Settings(_env_file=None), studio.services.build(), studio.health)

    with pytest.raises(UserError, match=rf"Port {port} .* WEB_PORT"):
        async with serve(app, "127.0.0.1", port):
            pass
    assert (await studio.get("/livez")).status == 200


@pytest.mark.parametrize("host", ["192.0.2.7", "no-such-host.invalid"])
async def test_a_host_that_is_not_ours_names_the_setting_to_change(parts: Site, host: str) -> None:
    app = build_site(Settings(_env_file=None), parts.services.build(), parts.health)

    with pytest.raises(UserError, match=r"WEB_HOST"):
        async with serve(app, host, 0):
            pass


async def test_closing_lets_running_requests_finish(parts: Site) -> None:
    parts.services.jobs.seconds = 0.5
    async with parts.running():
        running = asyncio.create_task(parts.jam())
        await asyncio.sleep(0.2)

    assert (await running)["title"].startswith("Synthwave")
    with pytest.raises(ClientError):
        await parts.get("/livez")


async def test_beyond_this_machine_the_log_says_why_there_is_no_studio(
    parts: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with parts.running(web_host="192.0.2.7"):
        assert (await parts.get("/")).status == 404
    assert "WEB_HOST=127.0.0.1" in caplog.text
    caplog.clear()
    async with parts.running(web_host="192.0.2.7", discord_token="token"):
        pass
    assert "WEB_HOST" not in caplog.text
