"""Pages from templates, and errors a person can read."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import jinja2
from aiohttp import web

from bot.web.keys import TEMPLATES

SENTENCES: Final = {
    403: "This page is not for you.",
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    408: "The request took too long to arrive; send it again.",
    413: "That is larger than Nightjar takes here.",
    415: "Send this request as application/json.",
    416: "The file ends before the range you asked for.",
    503: "Nightjar is busy; please try again in a minute.",
}


def load_templates() -> jinja2.Environment:
    """The package's templates, escaping everything and refusing undefined names."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("bot.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
    """The filled template as an HTML page nobody may store."""
    text = request.config_dict[TEMPLATES].get_template(template).render(values)
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def sentence_for(status: int) -> str:
    return SENTENCES.get(status, f"{HTTPStatus(status).phrase}.")


def error_answer(
    request: web.Request, status: int, sentence: str, error_id: str | None = None
) -> web.Response:
    """One sentence, as a page where a page is wanted and as ``{"error": ...}`` elsewhere."""
    if _wants_page(request):
        return render(request, "error.html", status, sentence=sentence, error_id=error_id)
    document = {"error": sentence} | ({"id": error_id} if error_id else {})
    return web.json_response(document, status=status, headers={"Cache-Control": "no-store"})


def _wants_page(request: web.Request) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")
