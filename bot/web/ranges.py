"""Bytes that never change, sent whole or by range (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

from typing import Final

from aiohttp import hdrs, web

YEAR: Final = 365 * 24 * 3600


def send_bytes(
    request: web.Request, data: bytes, *, content_type: str, name: str, tag: str
) -> web.Response:
    """``data`` as the file ``name``; one range is honoured, several at once are answered whole.

    ``tag`` names these very bytes: a client that holds them gets 304. Raises
    HTTPRequestRangeNotSatisfiable for a range behind the end.
    """
    headers = {
        hdrs.CACHE_CONTROL: f"private, max-age={YEAR}, immutable",
        hdrs.ACCEPT_RANGES: "bytes",
        hdrs.CONTENT_DISPOSITION: f'inline; filename="{name}"',
        hdrs.ETAG: f'"{tag}"',
    }
    if _held(request, tag):
        return web.Response(status=304, headers=headers)
    headers[hdrs.CONTENT_TYPE] = content_type
    wanted = _wanted(request, tag)
    if wanted is None:
        return web.Response(body=data, headers=headers)
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(
            headers={hdrs.CONTENT_RANGE: f"bytes */{len(data)}"}
        )
    headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], headers=headers)


def _held(request: web.Request, tag: str) -> bool:
    held = request.if_none_match or ()
    return any(etag.value in (tag, "*") for etag in held)


def _wanted(request: web.Request, tag: str) -> slice | None:
    if request.method != hdrs.METH_GET or hdrs.RANGE not in request.headers:
        return None
    if request.headers.get(hdrs.IF_RANGE, f'"{tag}"') != f'"{tag}"':
        return None
    try:
        return request.http_range
    except ValueError:
        return None
