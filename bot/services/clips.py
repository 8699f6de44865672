"""Making clips: from a half-filled request to files, through the queue and its cache."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import Unavailable, UserError
from bot.jobs.queue import Jobs
from bot.metrics import Metrics
from bot.refusals import refusals_shown
from bot.services.liking import liked_artists
from bot.store.clips import MAX_FILES_BYTES, stems_id
from bot.store.store import Store
from generator.request import resolve
from generator.seed import Seed
from generator.spec import BAR_CHOICES, ClipSpec
from generator.style import Style, list_styles, load_style, nearest_styles
from generator.theory import Key
from recommender.catalogue import Catalogue

MAX_CHOICES = 25  # what one autocomplete answer or select may hold on Discord
DEEP_BYTES_A_SECOND = 140_000
"""What a second of one part takes at most as FLAC of 24 bits; it was 83,000 to 128,000."""

MARGIN = 1.1  # how much larger a bar of a shorter clip may turn out
MEGABYTE = 2**20


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
        like = "".join(f" like:{name}" for name in spec.like[:1]).replace("`", "'")
        return (
            f"/jam style:{spec.style} key:{spec.key} bpm:{spec.bpm} bars:{spec.bars}"
            f" mood:{spec.mood} seed:{spec.seed}{like}"
        )

    @property
    def likeness(self) -> tuple[str, ...]:
        """What the artists named did to it, a sentence each."""
        return tuple(self.summary.get("like", ()))


class StemsTooLarge(UserError):
    """Stems that do not pass where they were asked for; ``shorter`` is the longest clip of the same
    kind whose stems do, if any."""

    def __init__(self, spec: ClipSpec, size: int, limit: int) -> None:
        fitting = [bars for bars in BAR_CHOICES if size * MARGIN * bars / spec.bars <= limit]
        shorter = [bars for bars in fitting if bars < spec.bars]
        self.shorter = replace(spec, bars=shorter[-1]) if shorter else None
        hint = f"{shorter[-1]} bars fit." if shorter else "`nightjar jam --stems` has no limit."
        super().__init__(
            f"{spec.bars} bars of stems are {size / MEGABYTE:.1f} MB, and only"
            f" {limit / MEGABYTE:.0f} MB can be sent here; {hint}"
        )


class Clips:
    """`/jam` and its buttons, for every surface."""

    def __init__(self, store: Store, jobs: Jobs, metrics: Metrics, catalogue: Catalogue) -> None:
        self._store = store
        self._jobs = jobs
        self._metrics = metrics
        self._catalogue = catalogue
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

    def suggest_artists(self, typed: str) -> list[str]:
        """Artists whose tags are known, for half-typed text, from memory."""
        return self._catalogue.suggest(typed, limit=MAX_CHOICES)

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
        like: Sequence[str] = (),
    ) -> ClipSpec:
        """The complete spec of a half-filled request; UserError says what cannot be had, or which
        artist of ``like`` nobody knows."""
        artists = liked_artists(self._catalogue, like)
        with refusals_shown():
            return resolve(
                style,
                key=key,
                bpm=bpm,
                bars=bars,
                mood=mood,
                seed=seed,
                parts=parts,
                format=format,
                like=artists,
            )

    async def make(self, spec: ClipSpec) -> RenderedClip:
        """The clip's files: from the cache, or rendered by a worker.

        Two people asking for one spec at the same time share one rendering. UserError when the
        queue is full or the storage is away.
        """
        with self._metrics.clip(spec.style):
            files = await self._files(spec, spec.id)
        return RenderedClip(spec.id, spec, json.loads(files["clip.json"]), files)

    async def stems(self, spec: ClipSpec, limit: int = MAX_FILES_BYTES) -> bytes:
        """A zip of at most ``limit`` bytes with the clip's parts as FLAC files: in 24 bits, or in
        16 where the deeper ones would not pass.

        StemsTooLarge when neither does; the shorter clip it offers can be found by its id.
        """
        deepest = DEEP_BYTES_A_SECOND * len(spec.parts) * spec.bars * 240.0 / spec.bpm
        for bits in (24, 16) if deepest <= limit else (16,):
            files = await self._files(spec, stems_id(spec.id, bits))
            [data] = files.values()
            if len(data) <= limit:
                return data
        refusal = StemsTooLarge(spec, len(data), limit)
        if refusal.shorter is not None:
            await self._store.clips.put_spec(refusal.shorter.id, refusal.shorter.to_json())
        raise refusal

    async def _files(self, spec: ClipSpec, name: str) -> Mapping[str, bytes]:
        await self._store.clips.put_spec(spec.id, spec.to_json())
        files = await self._store.clips.files(name)
        if files is None:
            await self._jobs.render(name)
            files = await self._store.clips.files(name)
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
