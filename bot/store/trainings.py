"""Trainings: what asks for the next one, and how the last one ended."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, cast

from redis.asyncio import Redis

from bot.store.client import as_text, storage
from bot.store.keys import key

Outcome = Literal["published", "unchanged", "refused"]

MAX_REASONS: Final = 20

_TRAINING: Final = key("training")


@dataclass(frozen=True, slots=True)
class LastTraining:
    """How a training ended at ``time`` (Unix seconds).

    ``version`` is the model it made, ``reasons`` why that one was refused, ``figures`` what the
    sanity evaluation measured.
    """

    time: float
    outcome: Outcome
    version: str
    reasons: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """``plays`` brought in and whether a training is ``wanted`` since the last one ``began`` (Unix
    seconds); the ``last`` that ended."""

    plays: int
    wanted: bool
    began: float | None
    last: LastTraining | None


class TrainingStore:
    """Reasons to train. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add_plays(self, count: int) -> None:
        """Counts plays that the model has not learnt from yet."""
        if count > 0:
            async with storage():
                await self._redis.hincrby(_TRAINING, "plays", count)

    async def want(self) -> None:
        """Asks for a training, whatever has come in."""
        async with storage():
            await self._redis.hset(_TRAINING, "wanted", "1")

    async def begin(self) -> None:
        """A training is about to read everything: what asked for it is answered."""
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.hdel(_TRAINING, "plays", "wanted")
            pipe.hset(_TRAINING, "began", str(time.time()))
            await pipe.execute()

    async def end(self, last: LastTraining) -> None:
        """Keeps how a training ended."""
        document = json.dumps({**asdict(last), "reasons": last.reasons[:MAX_REASONS]})
        async with storage():
            await self._redis.hset(_TRAINING, "last", document)

    async def due(self) -> Due:
        """What asks for a training now."""
        async with storage():
            found = await self._redis.hgetall(_TRAINING)
        fields = {as_text(name): as_text(value) for name, value in found.items()}
        last = _last(json.loads(fields["last"])) if "last" in fields else None
        began = float(fields["began"]) if "began" in fields else None
        return Due(int(fields.get("plays", 0)), "wanted" in fields, began, last)


def _last(document: dict[str, Any]) -> LastTraining:
    return LastTraining(
        time=float(document["time"]),
        outcome=cast("Outcome", document["outcome"]),
        version=str(document["version"]),
        reasons=tuple(document["reasons"]),
        figures=dict(document["figures"]),
    )
