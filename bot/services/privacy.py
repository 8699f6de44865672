"""`/privacy`: what is held on a member, all of it, to look at, to take along and to be rid of."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.services.erasure import Erasure
from bot.services.holders import Document, Held, Holder, iso
from bot.services.members import Members
from bot.services.tastes import Tastes
from bot.store.marks import Mark

EXPORT_NAME: Final = "nightjar-my-data.zip"
_ELSEWHERE: Final = (
    "Nothing else is kept by who you are. Answers I posted on Discord lie there until they are"
    " deleted there; a clip's settings are kept without who asked for it."
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything held on a member: ``parts`` by kind, and ``marks``, the adds and votes that can be
    taken back one by one, the newest first."""

    parts: tuple[Held, ...]
    marks: tuple[Mark, ...]


class Privacy:
    """Shows, hands over and deletes, wherever it is kept."""

    def __init__(
        self,
        places: Sequence[Holder],
        tastes: Tastes,
        members: Members,
        erasure: Erasure,
        clock: Callable[[], float],
    ) -> None:
        self._places = places
        self._tastes = tastes
        self._members = members
        self._erasure = erasure
        self._clock = clock

    async def show(self, member: str) -> Holdings:
        """What is held, from where and since when; empty for a stranger."""
        parts = [await place.show(member) for place in self._places]
        marks = await self._tastes.marks(member)
        return Holdings(tuple(chain.from_iterable(parts)), tuple(reversed(marks)))

    async def export(self, member: str) -> bytes:
        """All of it as a zip: a README.txt and a file of each kind."""
        held = (await self.show(member)).parts
        found = [await place.export(member) for place in self._places]
        documents = list(chain.from_iterable(found))
        readme = _readme(held, documents, self._clock())
        return await asyncio.to_thread(_zip, [readme, *documents])

    async def undo(self, member: str, mark_id: str) -> Mark | None:
        """Takes one add or vote back; None when it does not stand any more."""
        async with self._members.lock(member):
            return await self._tastes.undo(member, mark_id)

    async def delete(self, member: str) -> bool:
        """Everything held on the member is gone at once, and what was under way for them is not
        kept; False when there was nothing.

        The server's log and the models follow by themselves (see `Erasure`).
        """
        self._members.leave(member)
        async with self._members.lock(member):
            if not any([await place.holds(member) for place in self._places]):
                return False
            await self._erasure.prepare()
            for place in self._places:
                await place.forget(member)
            await self._erasure.begin()
        return True


def _readme(held: Sequence[Held], documents: Sequence[Document], now: float) -> Document:
    lines = ["What Nightjar holds on you", f"as of {iso(now)}", ""]
    for part in held:
        since = f" (since {iso(part.since)})" if part.since is not None else ""
        lines += [f"{part.title}{since}", f"  {part.text}", ""]
    lines += ["Files", *(f"  {document.name}: {document.about}" for document in documents), ""]
    if not held:
        lines = [*lines[:3], "Nothing.", ""]
    text = "\r\n".join([*lines, _ELSEWHERE, ""])
    return Document("README.txt", "", text.encode())


def _zip(documents: Sequence[Document]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for document in documents:
            package.writestr(document.name, document.data)
    return stream.getvalue()
