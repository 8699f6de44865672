"""Services without a store, a queue or a model, for tests of what stands in front of them.

The clips are the real service over memory and a renderer that writes a few bytes at once; listening
and recommendations are small, but keep every promise their callers rely on.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Final

from bot.errors import UserError
from bot.metrics import Metrics
from bot.services import (
    Answer,
    Clips,
    Compared,
    Holdings,
    ImportReport,
    Mark,
    MixLine,
    NamedMix,
    Services,
    Shown,
    Suggestion,
    Taste,
)
from bot.services.recommendations import listen_link, track_link
from bot.store.clips import read_stems_id
from recommender.catalogue import Artist, Catalogue
from recommender.tracks import Track

ARTISTS: Final = (
    "Kavinsky",
    "Com Truise",
    "Boards of Canada",
    "The Midnight",
    "Gunship",
    "Perturbator",
    "Carpenter Brut",
    "Lazerhawk",
    "Mitch Murder",
    "Timecop1983",
    "FM-84",
    "M83",
    "Sally Shapiro",
    "College",
    "*Stars* [Live]",
)
STARTS: Final = {"FM-84": "Running in the Night", "*Stars* [Live]": "*Up* (Down)"}
TAGS: Final = {"ambient": 5.0, "dreamy": 3.0, "80s": 4.0}
PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class MemoryClips:
    """Specs and files in two dictionaries."""

    def __init__(self) -> None:
        self.specs: dict[str, dict[str, Any]] = {}
        self.rendered: dict[str, dict[str, bytes]] = {}

    async def put_spec(self, spec_id: str, spec: dict[str, Any]) -> None:
        self.specs[spec_id] = spec

    async def spec(self, spec_id: str) -> dict[str, Any] | None:
        return self.specs.get(spec_id)

    async def files(self, spec_id: str) -> dict[str, bytes] | None:
        return self.rendered.get(spec_id)


@dataclass
class QuickJobs:
    """Renders at once, or after ``seconds``; ``failing`` is raised instead. Stems of 24 bits are as
    large as a test says."""

    clips: MemoryClips
    seconds: float = 0.0
    failing: Exception | None = None
    stem_bytes_a_bar: int = 1000
    rendered: list[str] = field(default_factory=list)

    async def render(self, spec_id: str) -> None:
        await asyncio.sleep(self.seconds)
        if self.failing is not None:
            raise self.failing
        clip_id, bits = read_stems_id(spec_id)
        spec = self.clips.specs[clip_id]
        self.rendered.append(spec_id)
        if bits:
            size = self.stem_bytes_a_bar * spec["bars"] * bits // 24
            self.clips.rendered[spec_id] = {"stems.zip": b"PK\x03\x04".ljust(size, b"\0")}
            return
        seconds = spec["bars"] * 4 * 60 / spec["bpm"]
        likeness = [f"{tag} (from {who}): moved" for tag, _, who in spec.get("tags", ())]
        self.clips.rendered[spec_id] = {
            f"clip.{spec['format']}": b"ID3" + spec_id.encode(),
            "clip.mid": b"MThd" + spec_id.encode(),
            "pianoroll.png": PIXEL,
            "clip.json": json.dumps({**spec, "seconds": seconds, "like": likeness}).encode(),
        }


def _suggestion(rank: int, artist: str, reason: str) -> Suggestion:
    title = STARTS.get(artist, "")
    sought = track_link(Track(artist, title) if title else None)
    return Suggestion(rank, artist, listen_link(artist), reason, (), None, title, sought)


class QuickRecommendations:
    """Recommends the next artists of one list; keeps its answers."""

    def __init__(self, metrics: Metrics) -> None:
        self.answers: dict[str, Answer] = {}
        self._metrics = metrics
        self.seconds = 0.0

    async def recommend(
        self, member: str, *, like: str | None = None, mode: str = "balanced", count: int = 5
    ) -> Answer:
        await asyncio.sleep(self.seconds)
        with self._metrics.recommendation(mode):
            if like is not None and like not in ARTISTS:
                raise UserError(f"I do not know {like!r} yet; check the spelling or try another.")
        found = [name for name in ARTISTS if name != like][-count:]
        reason = f"because you play {like or 'M83'}"
        items = tuple(_suggestion(rank, name, reason) for rank, name in enumerate(found, start=1))
        basis = f"close to {like}" if like else "from 812 artists you play"
        answer = Answer(secrets.token_hex(6), member, mode, basis, items)
        self.answers[answer.id] = answer
        return answer

    async def find(self, answer_id: str) -> Answer:
        if answer_id not in self.answers:
            raise UserError("That list is no longer remembered; ask for a new one with /recommend.")
        return self.answers[answer_id]

    async def vote(self, member: str, answer_id: str, rank: int, value: int) -> str:
        answer = await self.find(answer_id)
        if answer.member != member:
            raise UserError("This list belongs to somebody else; get your own with /recommend.")
        [old] = [item for item in answer.items if item.rank == rank]
        new = replace(old, vote=None if old.vote == value else value)
        items = tuple(new if item is old else item for item in answer.items)
        self.answers[answer_id] = replace(answer, items=items)
        return f"Noted: {new.vote} for {new.artist}."

    async def more_like(self, member: str, answer_id: str, rank: int) -> Answer:
        answer = await self.find(answer_id)
        [item] = [item for item in answer.items if item.rank == rank]
        return await self.recommend(
            member, like=item.artist, mode=answer.mode, count=len(answer.items)
        )


class QuickMixes:
    """Everybody has the same mixes, unless a test says otherwise; ``refusing`` is raised."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.refusing: UserError | None = None
        self.asked_by: list[str] = []
        self.mixes = tuple(
            _mix(name, number) for name, number in (("Synthwave & Darksynth", 32), ("Lo-fi", 20))
        )

    async def of(self, member: str) -> tuple[NamedMix, ...]:
        self.asked_by.append(member)
        await asyncio.sleep(self.seconds)
        if self.refusing is not None:
            raise self.refusing
        return self.mixes

    async def find(self, member: str, mix_id: str) -> tuple[NamedMix, tuple[NamedMix, ...]]:
        for mix in await self.of(member):
            if mix.id == mix_id:
                return mix, self.mixes
        raise UserError("Your listening has moved on and that mix with it; ask for /mix again.")


def _mix(name: str, count: int) -> NamedMix:
    lines = tuple(_mix_line(number) for number in range(1, count + 1))
    return NamedMix(name.split()[0].casefold(), name, ("synthwave", "80s"), lines)


def _mix_line(number: int) -> MixLine:
    known = number % 2 == 1
    artist = ARTISTS[number % len(ARTISTS)]
    title = "" if number % 10 == 4 else f"Song *{number}* [Live]"
    reason = "you play it" if known else "new: because you play M83: 80s"
    link = track_link(Track(artist, title)) if title else listen_link(artist)
    return MixLine(artist, title, known, reason, link)


class QuickComparisons:
    """Members in ``known`` have a taste; all tastes are alike."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.known: set[str] = set()
        self.compared: list[tuple[str, str, tuple[str, str]]] = []

    async def check(self, member: str) -> None:
        if member not in self.known:
            raise UserError("I do not know your taste yet: add a few artists with /taste add.")

    async def compare(self, asker: str, asked: str, names: tuple[str, str]) -> Compared:
        await asyncio.sleep(self.seconds)
        await self.check(asked)
        self.compared.append((asker, asked, names))
        shown = tuple(Shown(name, listen_link(name), ("M83",)) for name in ARTISTS[-5:])
        return Compared(43, 0.31, 0.55, ARTISTS[:10], shown, (), PIXEL, "A map, 43% in common.")


class QuickListening:
    """Takes any file that is not empty; remembers who added whom."""

    def __init__(self) -> None:
        self.imported: dict[str, tuple[str, bytes]] = {}
        self.added: dict[str, list[str]] = {}

    async def import_file(self, member: str, filename: str, data: bytes) -> ImportReport:
        if not data:
            raise UserError("That file is empty; attach the zip from Spotify as it came.")
        self.imported[member] = (filename, data)
        return ImportReport("account data", 812, 43, 301, 12, 2024, 2025, {}, {2024: 400})

    async def add(self, member: str, text: str) -> str:
        found = self.suggest(text)
        if not found:
            raise UserError(f"I do not know {text!r} yet; check the spelling or try another.")
        self.added.setdefault(member, []).append(found[0])
        return found[0]

    def suggest(self, typed: str) -> list[str]:
        return [name for name in ARTISTS if name.casefold().startswith(typed.casefold())]

    async def show(self, member: str) -> Taste:
        names = self.added.get(member, [])
        return Taste((), (), (("added", len(names)),), PIXEL, f"You like: {', '.join(names)}.")


class QuickPrivacy:
    """Holds what a test gives it; hands over a few bytes."""

    def __init__(self) -> None:
        self.held: dict[str, Holdings] = {}
        self.exported = b"PK\x05\x06" + bytes(18)

    async def show(self, member: str) -> Holdings:
        return self.held.get(member, Holdings((), ()))

    async def export(self, member: str) -> bytes:
        assert member
        return self.exported

    async def undo(self, member: str, mark_id: str) -> Mark | None:
        held = await self.show(member)
        found = [mark for mark in held.marks if mark.id == mark_id]
        left = tuple(mark for mark in held.marks if mark.id != mark_id)
        self.held[member] = replace(held, marks=left)
        return found[0] if found else None

    async def delete(self, member: str) -> bool:
        return self.held.pop(member, None) is not None


class QuickServices:
    """All of them behind the shape cogs are given, and the parts a test looks into."""

    def __init__(self) -> None:
        self.clips = MemoryClips()
        self.jobs = QuickJobs(self.clips)
        self.metrics = Metrics()
        self.recommendations = QuickRecommendations(self.metrics)
        self.listening = QuickListening()
        self.privacy = QuickPrivacy()
        self.mixes = QuickMixes()
        self.comparisons = QuickComparisons()

    def build(self) -> Services:
        store: Any = SimpleNamespace(clips=self.clips)
        jobs: Any = self.jobs
        listening: Any = self.listening
        recommendations: Any = self.recommendations
        catalogue = Catalogue(Artist(name, TAGS) for name in ARTISTS)
        clips = Clips(store, jobs, self.metrics, catalogue)
        privacy: Any = self.privacy
        mixes: Any = self.mixes
        comparisons: Any = self.comparisons
        return Services(clips, listening, recommendations, privacy, mixes, comparisons)


class MemoryNotes:
    """Notes in a dictionary."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.texts.get(name)

    async def put(self, name: str, text: str) -> None:
        self.texts[name] = text
