"""The render job: a stored spec in, its files in the store out."""

from __future__ import annotations

from typing import Final

from bot.errors import UserError
from bot.jobs.performance import patiently
from bot.store.store import Store
from bot.store.tickets import Ticket
from generator.clip import make_clip
from generator.export.bundle import export_clip
from generator.request import resolve
from generator.spec import ClipSpec

WARM_STYLE: Final = "synthwave"


async def render(store: Store, ticket: Ticket) -> str:
    """Makes the clip whose spec is stored under the ticket's id."""
    document = await patiently(lambda: store.clips.spec(ticket.id))
    if document is None:
        raise UserError("This clip's settings are not known any more; ask for it anew.")
    files = export_clip(make_clip(ClipSpec.from_json(document)))
    await patiently(lambda: store.clips.put_files(ticket.id, files))
    return ""


def warm_up() -> None:
    """Makes a small clip for nobody, so that the first one somebody asks for finds code and tables
    loaded."""
    export_clip(make_clip(resolve(WARM_STYLE, bars=4, seed=0)))
