"""Who may reach the studio: only this machine, and only pages the studio itself has served."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import UserError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OWN_FETCHES: Final = (None, "same-origin", "none")


class Stranger(UserError):
    """A request that did not come from the studio's own page."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without its port, can only mean this machine."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_own_host(request: web.Request) -> None:
    """Refuses requests that reach us under a foreign name, as a page does after DNS rebinding."""
    if not is_loopback(_host_name(request.headers.get("Host", ""))):
        raise Stranger("The studio answers only on this machine's own address, such as 127.0.0.1.")


def require_own_page(request: web.Request) -> None:
    """Refuses what another site's page sends here: foreign names, origins and embedded fetches."""
    require_own_host(request)
    origin = request.headers.get("Origin")
    foreign = origin is not None and _netloc(origin) != request.headers["Host"]
    if foreign or request.headers.get("Sec-Fetch-Site") not in OWN_FETCHES:
        raise Stranger("The studio takes requests only from its own page.")


@web.middleware
async def own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """`require_own_page` for every route of an application."""
    require_own_page(request)
    return await handler(request)


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _host_name(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
