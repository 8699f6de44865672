"""The render job: a stored spec in, its files, or its stems, in the store out."""

from __future__ import annotations

from typing import Final

from bot.errors import UserError
from bot.jobs.performance import patiently
from bot.store.clips import read_stems_id
from bot.store.store import Store
from bot.store.tickets import Ticket
from generator.clip import make_clip
from generator.export.bundle import export_clip
from generator.export.stems import export_stems, zip_stems
from generator.request import resolve
from generator.spec import ClipSpec

WARM_STYLE: Final = "synthwave"
STEMS: Final = "stems.zip"


async def render(store: Store, ticket: Ticket) -> str:
    """Makes the clip whose spec is stored under the ticket's id, or that clip's stems."""
    spec_id, bits = read_stems_id(ticket.id)
    document = await patiently(lambda: store.clips.spec(spec_id))
    if document is None:
        raise UserError("This clip's settings are not known any more; ask for it anew.")
    files = _made(ClipSpec.from_json(document), bits)
    await patiently(lambda: store.clips.put_files(ticket.id, files))
    return ""


def _made(spec: ClipSpec, bits: int) -> dict[str, bytes]:
    if bits:
        return {STEMS: zip_stems(export_stems(spec, bits))}
    return export_clip(make_clip(spec))


def warm_up() -> None:
    """Makes a small clip for nobody, so that the first one somebody asks for finds code and tables
    loaded."""
    export_clip(make_clip(resolve(WARM_STYLE, bars=4, seed=0)))
