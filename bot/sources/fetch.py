"""One GET for a JSON document from a service that owes us nothing and is not to be trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

MAX_BYTES: Final = 1024 * 1024
PATIENCE: Final = aiohttp.ClientTimeout(total=15, sock_connect=5)
LONGEST_WAIT: Final = 3_600.0


class TryLater(Exception):
    """The service does not answer now. ``seconds``: how long it asks to be left alone, or None."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


def make_session(agent: str) -> aiohttp.ClientSession:
    """A session that says who asks; nothing a service sends is kept."""
    return aiohttp.ClientSession(
        headers={"User-Agent": agent, "Accept": "application/json"},
        timeout=PATIENCE,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def get_json(
    session: aiohttp.ClientSession, url: str, params: Mapping[str, str]
) -> tuple[int, Any]:
    """The status, below 500, and the document (None when a refusal has none).

    TryLater for limits, faults and silence, for answers that are no JSON or above 1 MiB, and for
    redirections: what is asked stays with the service it was asked of.
    """
    try:
        async with session.get(url, params=params, allow_redirects=False) as response:
            if response.status == 429 or response.status >= 500:
                wait = _retry_after(response.headers.get("Retry-After", ""))
                raise TryLater(f"answered {response.status}", wait)
            if 300 <= response.status < 400:
                raise TryLater("sends us elsewhere")
            body = await _body(response)
            status = response.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise TryLater(f"cannot be reached ({type(error).__name__})") from error
    try:
        return status, json.loads(body)
    except (ValueError, RecursionError):
        if status >= 400:
            return status, None
        raise TryLater("answered something that is no JSON") from None


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The whole answer; what is compressed counts as inflated."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise TryLater("answered more than a document")
    return bytes(body)


def _retry_after(text: str) -> float | None:
    """Seconds, from a number or a date (RFC 9110, 10.2.3); an hour at most."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            then = parsedate_to_datetime(text)
        except ValueError:
            return None
        seconds = (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else None
