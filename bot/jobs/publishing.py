"""From a trained model to the model in use: only one that passes the sanity evaluation goes."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
import time
from pathlib import Path
from typing import Final

from bot.jobs.performance import patiently
from bot.store.store import Store
from bot.store.trainings import LastTraining, Outcome
from recommender import artefact
from recommender.catalogue import load_starter
from recommender.errors import DataError
from recommender.model import Model
from recommender.sanity import Lists, Verdict, examine

log = logging.getLogger(__name__)

HASH_DIGITS: Final = 16


async def publish_sound(store: Store, packed: bytes, members: Lists) -> LastTraining:
    """Makes ``packed``, learnt from the starter and ``members``, the model in use.

    DataError says why a model that fails the sanity evaluation does not serve; the one before
    stays. How it ended is kept for `nightjar doctor` either way.
    """
    version = fingerprint(packed)
    before = await patiently(store.models.current)
    if before == version:
        last = LastTraining(time.time(), "unchanged", version)
        await patiently(lambda: store.trainings.end(last))
        return last
    former = await patiently(lambda: store.models.packed(before)) if before else None
    verdict = await asyncio.to_thread(_judge, packed, members, former)
    outcome: Outcome = "published" if verdict.sound else "refused"
    last = LastTraining(time.time(), outcome, version, verdict.faults, verdict.figures)
    if verdict.sound:
        await patiently(lambda: store.models.publish(version, packed))
    await patiently(lambda: store.trainings.end(last))
    if not verdict.sound:
        log.error("Model %s is not put to use: %s", version, "; ".join(verdict.faults))
        raise DataError(refusal(verdict.faults))
    return last


def fingerprint(packed: bytes) -> str:
    """The content hash a packed model is published under."""
    return hashlib.sha256(packed).hexdigest()[:HASH_DIGITS]


def refusal(faults: tuple[str, ...]) -> str:
    """What to tell whoever waits for a model that must not serve."""
    more = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
    return (
        f"The new model was not put to use, because {faults[0]}{more};"
        " the one before serves on. `nightjar doctor` has the details."
    )


def _judge(packed: bytes, members: Lists, former: bytes | None) -> Verdict:
    starter = load_starter()
    lists = {**starter.listeners(), **members}
    with tempfile.TemporaryDirectory(prefix="nightjar-model-") as folder:
        model = _opened(packed, Path(folder) / "new")
        current = _opened_if_usable(former, Path(folder) / "current") if former else None
        return examine(model, lists, expected=len(starter.catalogue), current=current)


def _opened(packed: bytes, home: Path) -> Model:
    artefact.unpack(packed, home)
    return artefact.load(home)


def _opened_if_usable(packed: bytes, home: Path) -> Model | None:
    """None for the model of another release of Nightjar, which nothing can be compared with."""
    try:
        return _opened(packed, home)
    except DataError as error:
        log.warning("The model in use cannot be read (%s); there is no comparison", error)
        return None
