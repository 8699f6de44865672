"""What is asked for: a spec with every choice made, so that it alone decides a clip's bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from generator.errors import SpecError
from generator.seed import PARTS, Seed
from generator.version import GENERATOR_VERSION

BAR_CHOICES: Final = (4, 8, 16, 32)
BPM_RANGE: Final = (40, 220)
FORMATS: Final = ("mp3", "ogg", "opus", "flac", "wav")
MOST_BLEND: Final = 0.5
_LEANING: Final = ("like", "tags", "blend")


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """A complete request; ``style`` is a slug, ``key`` reads "D minor", ``parts`` in PARTS order.

    Where artists were named, ``like`` holds their names, ``tags`` what of them counts as (tag,
    weight 0..1, artist), and ``blend`` the styles mixed in as (slug, weight), together at most .5.

    Raises SpecError for values no clip can have; whether the style knows the mood or the part is
    checked by `generator.request.resolve`, which makes specs from half-filled requests.
    """

    style: str
    seed: int
    bpm: int
    key: str
    mood: str
    bars: int
    parts: tuple[str, ...]
    format: str = "mp3"
    like: tuple[str, ...] = ()
    tags: tuple[tuple[str, float, str], ...] = ()
    blend: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        low, high = BPM_RANGE
        if not low <= self.bpm <= high:
            raise SpecError(f"bpm goes from {low} to {high}; {self.bpm} is outside.")
        if self.bars not in BAR_CHOICES:
            raise SpecError(f"bars is one of 4, 8, 16 or 32; {self.bars} is not.")
        if self.format not in FORMATS:
            raise SpecError(f"format is one of {', '.join(FORMATS)}; {self.format!r} is not.")
        if not self.parts or [p for p in PARTS if p in self.parts] != list(self.parts):
            raise SpecError(f"parts are chosen from {', '.join(PARTS)}, in that order, each once.")
        weights = [weight for _, weight in self.blend]
        if any(weight <= 0 for weight in weights) or sum(weights) > MOST_BLEND + 1e-9:
            raise SpecError("A blend's weights are above 0 and at most .5 together.")
        Seed(self.seed)

    @property
    def id(self) -> str:
        """16 hex digits that name the clip's bytes: a hash of all fields and the version."""
        text = json.dumps([GENERATOR_VERSION, self.to_json()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def new_take(self, seed: Seed) -> ClipSpec:
        """The same request from another seed."""
        return replace(self, seed=seed.value)

    def vary(self, part: str) -> ClipSpec:
        """The same clip with one part written anew; SpecError if the clip has no such part."""
        if part not in self.parts:
            raise SpecError(f"This clip has no {part}; it has {', '.join(self.parts)}.")
        return replace(self, seed=Seed(self.seed).with_next_take(part).value)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` is its inverse."""
        document = {**asdict(self), "parts": list(self.parts)}
        for name in _LEANING:
            leaning = [_plain(each) for each in document.pop(name)]
            if leaning:
                document[name] = leaning
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> ClipSpec:
        """The spec `to_json` wrote; SpecError for a missing, unknown or impossible field."""
        try:
            leaning = {name: tuple(map(_frozen, document.get(name, ()))) for name in _LEANING}
            return cls(**{**document, "parts": tuple(document["parts"]), **leaning})
        except (KeyError, TypeError, ValueError) as error:
            raise SpecError(f"This is not a clip's spec: {error}.") from error


def _plain(value: str | Sequence[Any]) -> str | list[Any]:
    return value if isinstance(value, str) else list(value)


def _frozen(value: str | Sequence[Any]) -> str | tuple[Any, ...]:
    return value if isinstance(value, str) else tuple(value)
