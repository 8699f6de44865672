"""Making clips: from a half-filled request to files, through the queue and its cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import Unavailable, UserError
from bot.jobs.queue import Jobs
from bot.metrics import Metrics
from bot.refusals import refusals_shown
from bot.store.store import Store
from generator.request import resolve
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style, list_styles, load_style, nearest_styles
from generator.theory import Key

MAX_CHOICES = 25  # what one autocomplete answer or select may hold on Discord


@dataclass(frozen=True, slots=True)
class StyleInfo:
    """What a person needs to know to choose a style."""

    slug: str
    name: str
    description: str
    tempo_low: int
    tempo_high: int
    moods: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedClip:
    """A finished clip and its files.

    ``files`` are `clip.<format>`, `clip.mid`, `pianoroll.png` and `clip.json`; ``summary``
    is the document inside `clip.json`.
    """

    id: str
    spec: ClipSpec
    summary: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def audio_name(self) -> str:
        return f"clip.{self.spec.format}"

    @property
    def command(self) -> str:
        """The slash command that gives this very clip again, every choice spelled out."""
        spec = self.spec
        return (
            f"/jam style:{spec.style} key:{spec.key} bpm:{spec.bpm} bars:{spec.bars}"
            f" mood:{spec.mood} seed:{spec.seed}"
        )


class Clips:
    """`/jam` and its buttons, for every surface."""

    def __init__(self, store: Store, jobs: Jobs, metrics: Metrics) -> None:
        self._store = store
        self._jobs = jobs
        self._metrics = metrics
        list_styles()  # read now, so that the first person to type does not wait for the files

    def styles(self) -> list[StyleInfo]:
        """All styles, by slug."""
        return [_info(style) for style in list_styles()]

    def suggest_styles(self, typed: str) -> list[StyleInfo]:
        """The styles nearest to half-typed text; all of them for empty text."""
        if not typed.strip():
            return self.styles()[:MAX_CHOICES]
        return [_info(style) for style in nearest_styles(typed, limit=MAX_CHOICES)]

    def suggest_keys(self, typed: str) -> list[str]:
        """Keys whose name begins as typed, for autocomplete."""
        wanted = typed.strip().casefold()
        keys = [str(Key(tonic, mode)) for mode in ("minor", "major") for tonic in range(12)]
        return [key for key in keys if key.casefold().startswith(wanted)][:MAX_CHOICES]

    def moods(self, style: str | None = None) -> list[str]:
        """The moods of a style, or of all styles together when it is not named or unknown."""
        slugs = {each.slug for each in list_styles()}
        chosen = [load_style(style)] if style in slugs and style else list(list_styles())
        return sorted({mood for each in chosen for mood in each.moods})

    def request(
        self,
        style: str,
        *,
        key: str | None = None,
        bpm: int | None = None,
        bars: int | None = None,
        mood: str | None = None,
        seed: int | None = None,
        parts: tuple[str, ...] | None = None,
        format: str = "mp3",  # noqa: A002  the field's own name
    ) -> ClipSpec:
        """The complete spec of a half-filled request; UserError says what cannot be had."""
        with refusals_shown():
            return resolve(
                style, key=key, bpm=bpm, bars=bars, mood=mood, seed=seed, parts=parts, format=format
            )

    async def make(self, spec: ClipSpec) -> RenderedClip:
        """The clip's files: from the cache, or rendered by a worker.

        Two people asking for one spec at the same time share one rendering. UserError when the
        queue is full or the storage is away.
        """
        with self._metrics.clip(spec.style):
            files = await self._files(spec)
        return RenderedClip(spec.id, spec, json.loads(files["clip.json"]), files)

    async def _files(self, spec: ClipSpec) -> Mapping[str, bytes]:
        await self._store.clips.put_spec(spec.id, spec.to_json())
        files = await self._store.clips.files(spec.id)
        if files is None:
            await self._jobs.render(spec.id)
            files = await self._store.clips.files(spec.id)
        if files is None:
            raise Unavailable("The clip was made but could not be kept; please ask for it again.")
        return files

    async def find(self, clip_id: str) -> ClipSpec:
        """The spec behind a clip's id; UserError once it has been forgotten (after half a year)."""
        document = await self._store.clips.spec(clip_id)
        if document is None:
            raise UserError("That clip is no longer remembered; make a new one with /jam.")
        with refusals_shown():
            return ClipSpec.from_json(document)

    def new_take(self, spec: ClipSpec) -> ClipSpec:
        """The same request from a seed nobody has chosen."""
        return spec.new_take(Seed.fresh())

    def vary(self, spec: ClipSpec, part: str) -> ClipSpec:
        """The same clip with one part written anew; UserError if it has no such part."""
        with refusals_shown():
            return spec.vary(part)


def _info(style: Style) -> StyleInfo:
    return StyleInfo(
        slug=style.slug,
        name=style.name,
        description=style.description,
        tempo_low=style.tempo_low,
        tempo_high=style.tempo_high,
        moods=style.moods,
        parts=style.parts,
    )
