"""Builds the site and keeps it open."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.errors import UserError
from bot.services import Services
from bot.settings import Settings
from bot.web.clips import clip_routes, studio_is_on
from bot.web.health import Health, health_routes
from bot.web.keys import HEALTH, SERVICES, SETTINGS, TEMPLATES
from bot.web.middleware import add_headers, count_requests, errors_as_sentences
from bot.web.pages import load_templates
from bot.web.studio import build_studio_api, show_studio

log = logging.getLogger(__name__)

BODY_LIMIT: Final = 256 * 1024
STATIC: Final = Path(__file__).parent / "static"
KEEPALIVE_SECONDS: Final = 30.0
DRAIN_SECONDS: Final = 5.0
_WAITS: Final = 2  # aiohttp waits twice for a running request, each time as long as it is told


def build_site(settings: Settings, services: Services, health: Health) -> web.Application:
    """Health, clip pages and, without a Discord token and on loopback, the studio."""
    app = web.Application(
        middlewares=[count_requests, errors_as_sentences], client_max_size=BODY_LIMIT
    )
    app[SETTINGS], app[SERVICES], app[HEALTH] = settings, services, health
    app[TEMPLATES] = load_templates()
    app.on_response_prepare.append(add_headers)
    app.add_routes([*health_routes(health), *clip_routes()])
    app.router.add_static("/static/", STATIC)
    if studio_is_on(settings):
        app.router.add_get("/", show_studio)
        app.add_subapp("/api/", build_studio_api())
    return app


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Listens while the context is open; yields the address, with the port chosen for ``port=0``.

    On leaving, running requests get five seconds to finish. UserError when the port or the host
    cannot be had.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=KEEPALIVE_SECONDS,
        shutdown_timeout=DRAIN_SECONDS / _WAITS,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise UserError(_why_not(error, host, port)) from error
        bound = runner.addresses[0]
        address = f"http://{f'[{host}]' if ':' in host else host}:{bound[1]}"
        log.info("%s: %s", "Studio" if studio_is_on(app[SETTINGS]) else "Web", address)
        _explain_missing_studio(app[SETTINGS])
        yield address
    finally:
        await runner.cleanup()


def _explain_missing_studio(settings: Settings) -> None:
    if settings.discord_token is None and not studio_is_on(settings):
        log.warning(
            "The studio is served on this machine's own address only, not on WEB_HOST=%s: set"
            " WEB_HOST=127.0.0.1 to have it, or DISCORD_TOKEN to have the bot on Discord.",
            settings.web_host,
        )


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program;"
            " stop that one or set WEB_PORT (or PORT) to a free port."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights; set WEB_PORT (or PORT) to one above 1023."
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine; set WEB_HOST to one, such as 127.0.0.1."
    return f"Cannot listen on {host}:{port} ({error.strerror}); change WEB_HOST or WEB_PORT."
