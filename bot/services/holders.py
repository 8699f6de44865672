"""Where something of a member is kept: each place can show it, hand it over and forget it.

A new store that holds something of a member registers in `holders`; one that holds nothing of
anybody says why in `NAMELESS`. A test fails for a store that stands in neither.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from bot.services.tastes import MemberTaste, Tastes
from bot.sources.history import ListeningHistory
from bot.store.answers import AnswerStore
from bot.store.marks import Kind
from bot.store.store import Store
from bot.store.tastes import Source, TasteStore
from recommender.plays import TrackName

NAMELESS: Final[Mapping[str, str]] = {
    "clips": "a clip's settings and files, by a fingerprint of the settings, without who asked",
    "models": "what was learnt of everybody together, trained anew after a deletion",
    "notes": "small values of the program, such as which commands are registered",
    "tickets": "which clips and trainings are under way, by clip, without who asked",
    "trainings": "what asks for the next training and how the last one ended",
    "artists": "tags of artists that somebody plays, without who; the next training drops the rest",
    "erasures": "that a deletion is to be finished, without whose",
}
MARK_NAMES: Final[Mapping[Kind, str]] = {
    "add": "added",
    "up": "thumb up",
    "known": "known already",
    "down": "thumb down",
    "liked": "added or thumb up",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of what is held: ``text`` says what and where it is from, ``since`` (seconds since
    1970) from when the oldest of it is, None where nobody knows."""

    title: str
    text: str
    since: float | None


@dataclass(frozen=True, slots=True)
class Document:
    """One file of an export; ``about`` is its line in the README."""

    name: str
    about: str
    data: bytes


class Holder(Protocol):
    """A place where something of members is kept.

    ``holds`` and ``forget`` MUST work for what is damaged too. ``forget`` MUST leave nothing by
    which the member, or what is theirs, could be found there; ``show`` and ``export`` MUST tell of
    all that, and give nothing for a member of whom nothing is held.
    """

    @property
    def place(self) -> str:
        """Its name in `Store`."""
        ...

    async def holds(self, member: str) -> bool: ...

    async def show(self, member: str) -> Sequence[Held]: ...

    async def export(self, member: str) -> Sequence[Document]: ...

    async def forget(self, member: str) -> None: ...


def holders(store: Store, tastes: Tastes) -> tuple[Holder, ...]:
    """Every place where something of a member is kept, in the order it is shown."""
    return (TasteHolder(store.tastes, tastes), CardHolder(store.answers))


class TasteHolder:
    """Imported listening, adds, votes, and what was recommended of late."""

    place: Final = "tastes"

    def __init__(self, store: TasteStore, tastes: Tastes) -> None:
        self._store = store
        self._tastes = tastes

    async def holds(self, member: str) -> bool:
        return await self._store.holds(member)

    async def show(self, member: str) -> Sequence[Held]:
        taste = await self._tastes.read(member)
        sources = await self._store.sources(member)
        shown = await self._store.shown(member)
        return [*_listening(taste, sources), *_marks(taste), *_shown(shown)]

    async def export(self, member: str) -> Sequence[Document]:
        taste = await self._tastes.read(member)
        sources = await self._store.sources(member)
        shown = await self._store.shown(member)
        documents = await asyncio.to_thread(_taste_documents, taste, sources)
        return [*documents, *_shown_documents(shown)]

    async def forget(self, member: str) -> None:
        await self._store.forget(member)


class CardHolder:
    """Recommendation cards that can still be voted on."""

    place: Final = "answers"

    def __init__(self, store: AnswerStore) -> None:
        self._store = store

    async def holds(self, member: str) -> bool:
        return bool(await self._store.of(member))

    async def show(self, member: str) -> Sequence[Held]:
        cards = await self._store.of(member)
        if not cards:
            return []
        number = "1 list" if len(cards) == 1 else f"{len(cards)} lists"
        text = f"{number} of recommendations, kept for 30 days so that the buttons work."
        return [Held("Remembered lists", text, cards[0][0])]

    async def export(self, member: str) -> Sequence[Document]:
        cards = [{"given": iso(at), **card} for at, card in await self._store.of(member)]
        about = "recommendations of the last 30 days, as they were shown"
        return [Document("lists.json", about, _json(cards))] if cards else []

    async def forget(self, member: str) -> None:
        await self._store.forget(member)


def iso(at: float) -> str:
    """A moment as people and programs can both read it, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def day(at: float) -> str:
    """The day of a moment, in UTC: "27 November 2026"."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%B %Y}"


def _listening(taste: MemberTaste, sources: Sequence[Source]) -> list[Held]:
    if taste.history is None:
        return []
    tracks = taste.history.tracks
    plays = sum(track.plays for track in tracks)
    counts = f"{plays:,} plays of {len(taste.plays):,} artists, {len(tracks):,} tracks"
    said = [f"{counts}{_span(taste)}."]
    said += [f"From {s.name}, read {day(s.last)}: {s.plays:,} plays." for s in sources]
    if not sources:
        said.append("From an import of before I kept where from and when.")
    since = min((source.first for source in sources), default=None)
    return [Held("Imported listening", " ".join(said), since)]


def _span(taste: MemberTaste) -> str:
    tracks = taste.history.tracks if taste.history else ()
    years = {year.year for track in tracks for year in track.years if year.year}
    if not years:
        return ""
    first, last = min(years), max(years)
    return f", {first}" if first == last else f", {first} to {last}"


def _marks(taste: MemberTaste) -> list[Held]:
    if not taste.marks:
        return []
    counts: dict[str, int] = {}
    for mark in taste.marks:
        name = MARK_NAMES[mark.kind]
        counts[name] = counts.get(name, 0) + 1
    text = ", ".join(
        f"{count:,} {name if count == 1 else name.replace('thumb', 'thumbs')}"
        for name, count in counts.items()
    )
    return [Held("Adds and votes", f"{text}. From you, here.", taste.marks[0].at)]


def _shown(shown: Sequence[TrackName]) -> list[Held]:
    if not shown:
        return []
    number = "1 artist or track" if len(shown) == 1 else f"{len(shown)} artists or tracks"
    text = f"{number} you were shown last, kept for two days so that the next list brings others."
    return [Held("Shown of late", text, None)]


def _shown_documents(shown: Sequence[TrackName]) -> list[Document]:
    about = "what you were recommended of late, newest first; track empty where it was the artist"
    data = _csv(("artist", "track"), shown)
    return [Document("shown.csv", about, data)] if shown else []


def _taste_documents(taste: MemberTaste, sources: Sequence[Source]) -> list[Document]:
    documents = []
    if taste.history is not None:
        about = "imported listening, one row a track and year; year empty where nobody knows it"
        documents.append(Document("listening.csv", about, _plays(taste.history)))
    if sources:
        read = [{**asdict(s), "first": iso(s.first), "last": iso(s.last)} for s in sources]
        documents.append(
            Document("imports.json", "the files that came from, and when", _json(read))
        )
    if taste.marks:
        rows = ((MARK_NAMES[mark.kind], mark.artist, iso(mark.at)) for mark in taste.marks)
        about = "artists you added and your votes"
        documents.append(Document("votes.csv", about, _csv(("vote", "artist", "since"), rows)))
    return documents


def _plays(history: ListeningHistory) -> bytes:
    rows: list[tuple[object, ...]] = []
    for track in history.tracks:
        about = (track.artist, track.track, track.uri or "", "yes" if track.saved else "no")
        last = track.last_played.isoformat() if track.last_played else ""
        rows += [(*about, last, year.year or "", *year[1:]) for year in track.years] or [
            (*about, last, "", 0, 0, 0)
        ]
    head = ("artist", "track", "link", "saved", "last_played", "year", "plays", "skips", "ms")
    return _csv(head, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return stream.getvalue().encode()


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
