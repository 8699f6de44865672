"""`nightjar train`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.text import Text

from bot.commands.progress import bar
from bot.commands.session import begin, complete, print_json, stderr, stdout
from bot.commands.skips import Tables, as_lists, say_skips
from bot.errors import UserError
from bot.jobs.publishing import fingerprint
from bot.jobs.training import (
    everybodys_listening,
    learn_beside,
    tags_of_the_heard,
    train_in_turn,
)
from bot.refusals import refusals_shown
from bot.settings import Settings
from bot.store.store import open_store
from bot.store.tickets import Ticket
from recommender import artefact
from recommender.catalogue import Artist, Catalogue
from recommender.model import train as train_model
from recommender.plays import PlayTable, TagTable, read_plays, read_tags
from recommender.sanity import PARTS, faults_in_numbers


def train(*, plays: Path | None, tags: Path | None, model: Path | None, as_json: bool) -> None:
    """Learns a model and puts it into ``model``, or into use when no directory is named."""
    complete(_train(begin(quiet=True), plays, tags, model, as_json=as_json))


async def _train(
    settings: Settings, plays: Path | None, tags: Path | None, folder: Path | None, *, as_json: bool
) -> None:
    if plays is None and tags is not None:
        raise UserError("Tags alone teach no taste; add the listening, with --plays plays.csv.")
    if folder is not None:
        with refusals_shown():
            artefact.make_room(folder)
    if plays is not None:
        packed, read = _learn_from_files(plays, tags)
        version = await _placed(settings, packed, folder)
        _report(version, folder, read, {}, as_json=as_json)
        return
    version, figures = await _learn_from_store(settings, folder)
    _report(version, folder, {}, figures, as_json=as_json)


async def _learn_from_store(
    settings: Settings, folder: Path | None
) -> tuple[str, Mapping[str, float]]:
    """The model's version, and what its sanity evaluation measured if it was put to use."""
    async with open_store(settings, role="attach") as store:
        if await store.tickets.pending("train"):
            stderr().print("Another training is under way; this one follows it.")
        with bar("Learning") as progress, refusals_shown():
            if folder is None:
                last = await train_in_turn(store, Ticket.fresh("train"), progress)
                return last.version, last.figures
            members = await everybodys_listening(store.tastes)
            found = await tags_of_the_heard(store.artists, members)
            packed = await learn_beside(members, progress, found)
    return await _placed(settings, packed, folder), {}


async def _placed(settings: Settings, packed: bytes, folder: Path | None) -> str:
    """Puts a model into ``folder``, or into use; its version. Whether it is any good is for whoever
    chose what it was taught."""
    version = fingerprint(packed)
    if folder is None:
        async with open_store(settings, role="attach") as store:
            await store.models.publish(version, packed)
    else:
        with refusals_shown():
            artefact.unpack(packed, folder)
    return version


def _learn_from_files(plays: Path, tags: Path | None) -> tuple[bytes, Tables]:
    """The model, packed, and what was read to learn it."""
    with refusals_shown():
        listening = read_plays(plays)
        tagged = read_tags(tags) if tags else None
    read: dict[str, PlayTable | TagTable] = {plays.name: listening}
    if tags and tagged:
        read[tags.name] = tagged
    catalogue = Catalogue(
        Artist(name, weights) for name, weights in (tagged.rows if tagged else {}).items()
    )
    with refusals_shown(), bar("Learning") as progress:
        model = train_model(
            catalogue,
            listening.rows,
            tracks=listening.tracks,
            seed=0,
            progress=lambda done, all_: progress(done / all_),
        )
    if faults := tuple(faults_in_numbers(model)):
        raise UserError(f"No model was written, because {faults[0]}; look through {plays.name}.")
    with tempfile.TemporaryDirectory(prefix="nightjar-model-") as folder:
        artefact.save(model, Path(folder))
        return artefact.pack(Path(folder)), read


def _report(
    version: str,
    folder: Path | None,
    read: Tables,
    figures: Mapping[str, float],
    *,
    as_json: bool,
) -> None:
    if as_json:
        place = str(folder) if folder else None
        document = {"model": version, "directory": place, "skipped": as_lists(read)}
        print_json({**document, "sanity": dict(figures)})
        return
    where = f"in {folder}" if folder else "now in use"
    stdout().print(Text.assemble("Model ", (version, "bold"), f" is {where}."))
    if figures:
        stdout().print(_measured(figures))
    say_skips(read)


def _measured(figures: Mapping[str, float]) -> str:
    said = ", ".join(f"{part} {figures[part]:.3f}" for part in (*PARTS, "popularity"))
    return f"Sanity check, NDCG@20 of artists hidden from lists: {said}."
