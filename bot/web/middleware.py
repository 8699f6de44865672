"""What every answer goes through: counting, errors as sentences, strict headers."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.errors import NothingFound, Unavailable, UserError
from bot.web.keys import HEALTH
from bot.web.loopback import Stranger
from bot.web.pages import error_answer, sentence_for

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "nightjar",
}
KEPT: Final = frozenset({"Allow", "Content-Range"})
STATUS: Final = ((Stranger, 403), (NothingFound, 404), (Unavailable, 503))


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: the headers every answer carries. Our own static files are asked for anew
    each time; nothing else is kept unless it says so."""
    response.headers.update(HEADERS)
    keep = "no-cache" if request.path.startswith("/static/") else "no-store"
    response.headers.setdefault("Cache-Control", keep)


@web.middleware
async def count_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "unknown"
    request.config_dict[HEALTH].metrics.request(route, request.method, response.status)
    return response


@web.middleware
async def errors_as_sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every failure into one sentence; what nobody foresaw is logged under an id."""
    try:
        return await handler(request)
    except UserError as error:
        return _refusal(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        answer = error_answer(request, error.status, sentence_for(error.status))
        for name in KEPT & error.headers.keys():
            answer.headers[name] = error.headers[name]
        return answer
    except Exception:
        error_id = secrets.token_hex(4)
        log.exception("Request %s %s failed [%s]", request.method, request.path, error_id)
        sentence = f"Something went wrong here; it is noted under {error_id}."
        return error_answer(request, 500, sentence, error_id)


def _refusal(request: web.Request, error: UserError) -> web.Response:
    known = [status for kind, status in STATUS if isinstance(error, kind)]
    status = known[0] if known else 400
    answer = error_answer(request, status, str(error))
    if status == 503:
        answer.headers["Retry-After"] = "10"
    return answer
