"""`nightjar recommend`: one person, or a whole users.csv."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from bot.commands.listening import read_export
from bot.commands.progress import bar
from bot.commands.session import begin, complete, member_of, print_json, stderr, stdout
from bot.commands.skips import MOST_SAID, say_skips
from bot.errors import NothingFound, UserError
from bot.jobs.training import train_in_turn
from bot.refusals import refusals_shown
from bot.services.library import named_artist, open_model
from bot.services.recommendations import MODES, listen_link, track_link
from bot.services.tastes import MemberTaste, Tastes, profile_of
from bot.settings import Settings
from bot.sources.blob import artist_plays, track_plays
from bot.sources.isolated import parse_isolated
from bot.store.store import Store, open_store
from bot.store.tickets import Ticket
from recommender import artefact
from recommender.batch import BatchReport, write_recommendations
from recommender.errors import DataError
from recommender.model import Model, Profile, Recommendation
from recommender.plays import PlayTable, TrackName, read_plays
from recommender.ranking import Items
from recommender.tracks import Track, beginnings

MOST: Final = 1000


def recommend(
    *,
    model: Path | None,
    like: Sequence[str],
    history: Path | None,
    user: str | None,
    mode: str,
    count: int,
    as_json: bool,
) -> None:
    """Recommends for one person: by the artists named, an export file, or what is stored."""
    _check(mode, count)
    settings = begin(quiet=True)
    complete(_recommend(settings, model, like, history, user, mode, count, as_json=as_json))


def recommend_batch(
    *,
    model: Path | None,
    users: Path | None,
    out: Path | None,
    mode: str,
    count: int,
    of_one: Mapping[str, object],
) -> None:
    """Recommends for everybody in a users.csv; people the model never saw are welcome.

    ``of_one`` holds the options that only make sense for one person; UserError when one is given.
    """
    _check(mode, count)
    if users is None or out is None:
        raise UserError("Many people at once need both --users users.csv and --out recs.csv.")
    if given := [name for name, value in of_one.items() if value]:
        raise UserError(
            f"Many people at once (--users) go without {' and '.join(given)}; leave that out."
        )
    if out.exists() and users.exists() and out.samefile(users):
        raise UserError(f"--out {out} is the file that --users reads; choose another one for it.")
    complete(_batch(begin(quiet=True), model, users, out, mode, count))


def _check(mode: str, count: int) -> None:
    if mode not in MODES:
        raise UserError(f"The mode is one of {', '.join(MODES)}; {mode[:40]!r} is not.")
    if not 1 <= count <= MOST:
        raise UserError(f"--count goes from 1 to {MOST}; give one of these.")


async def _recommend(
    settings: Settings,
    folder: Path | None,
    like: Sequence[str],
    history: Path | None,
    user: str | None,
    mode: str,
    count: int,
    *,
    as_json: bool,
) -> None:
    plays, tracks = await _history_plays(history)
    stored = user is not None or not (like or history)
    async with AsyncExitStack() as stack:
        store = None
        if stored or folder is None:
            store = await stack.enter_async_context(open_store(settings, role="attach"))
        taste = await Tastes(store).read(member_of(user)) if store and stored else None
        model = await _model(settings, folder, store)
    profile = _profile(model, plays, tracks, taste, like)
    try:
        # A model of one's own gives what it was taught, artists or tracks.
        kind: Items = "artists" if folder is None else "any"
        found = model.recommend(profile, mode=mode, count=count, kind=kind)
    except DataError as error:
        # Mode and count are checked and names resolved: nothing of the taste is known to the model.
        raise NothingFound(str(error)) from error
    if not found:
        raise NothingFound("There is nothing new to recommend; try --mode adventurous.")
    starts = _starts(found, profile)
    lines = [(rank, *line) for rank, line in enumerate(zip(found, starts, strict=True), start=1)]
    if as_json:
        print_json({"mode": mode, "items": [_row(*line) for line in lines]})
    else:
        for line in lines:
            stdout().print(_shown(*line))


async def _batch(
    settings: Settings, folder: Path | None, users: Path, out: Path, mode: str, count: int
) -> None:
    with refusals_shown():
        table = read_plays(users)
    async with AsyncExitStack() as stack:
        store = None
        if folder is None:
            store = await stack.enter_async_context(open_store(settings, role="attach"))
        model = await _model(settings, folder, store)
    try:
        with (
            out.open("w", encoding="utf-8", newline="") as file,
            bar("Recommending") as progress,
            refusals_shown(),
        ):
            report = write_recommendations(
                model,
                table.rows,
                file,
                tracks=table.tracks,
                mode=mode,
                count=count,
                progress=lambda done, people: progress(done / people),
            )
    except OSError as error:
        raise UserError(f"Cannot write {out}: {error.strerror}; choose another --out.") from error
    stderr().print(f"{report.rows} rows for {report.users} people are in {out}.")
    _say_skipped(users, table, report)


def _say_skipped(users: Path, table: PlayTable, report: BatchReport) -> None:
    say_skips({users.name: table})
    for user, why in list(report.without.items())[:MOST_SAID]:
        stderr().print(f"No list for {user}: {why}")
    if len(report.without) > MOST_SAID:
        stderr().print(f"No list for {len(report.without) - MOST_SAID:,} more people")
    if report.users == 0:
        raise NothingFound("The model knows none of the artists these people play.")


async def _history_plays(
    history: Path | None,
) -> tuple[dict[str, float], dict[TrackName, float]]:
    """Plays by artist and by track of an export."""
    if history is None:
        return {}, {}
    parsed = await parse_isolated(history.name, read_export(history))
    return artist_plays(parsed.history), track_plays(parsed.history)


async def _model(settings: Settings, folder: Path | None, store: Store | None) -> Model:
    """The model in ``folder``; else the one in use."""
    if folder is not None or store is None:
        with refusals_shown():
            return await asyncio.to_thread(artefact.load, folder or Path())
    return await model_in_use(settings, store)


async def model_in_use(settings: Settings, store: Store) -> Model:
    """The current model, trained now when there is none."""
    version = await store.models.current()
    packed = await store.models.packed(version) if version else None
    if version is None or packed is None:
        with refusals_shown(), bar("Learning a first model") as progress:
            version = (await train_in_turn(store, Ticket.fresh("train"), progress)).version
        packed = await store.models.packed(version)
    with refusals_shown():
        return await asyncio.to_thread(open_model, packed, settings.data_dir / "models" / version)


def _profile(
    model: Model,
    plays: dict[str, float],
    tracks: dict[TrackName, float],
    taste: MemberTaste | None,
    like: Sequence[str],
) -> Profile:
    taste = taste or MemberTaste()
    merged = {**taste.plays, **plays}
    if not (merged or taste.liked or taste.known or like):
        raise UserError(
            "Whose taste? Name an artist with --like, give an export with --history, or import one"
            " first with `nightjar import`."
        )
    return replace(
        profile_of(taste),
        plays=merged,
        seeds=tuple(named_artist(model, name) for name in like),
        tracks={**taste.tracks, **tracks},
    )


def _starts(found: Sequence[Recommendation], profile: Profile) -> list[Track | None]:
    """Where to begin with each artist; nowhere for a track, which is one already."""
    starts = beginnings((item.artist for item in found), profile.plays)
    return [None if item.track else start for item, start in zip(found, starts, strict=True)]


def _shown(rank: int, item: Recommendation, start: Track | None) -> Text:
    title = f" – {item.track}" if item.track else ""
    text = Text.assemble(f"{rank:>3}. ", (item.artist + title, "bold"), f"  {item.reason.text}")
    if start:
        text.append("\n     Start with ", "dim").append(start.title, "italic")
    return text


def _row(rank: int, item: Recommendation, start: Track | None) -> dict[str, Any]:
    return {
        "rank": rank,
        "artist": item.artist,
        "track": item.track,
        "link": track_link(Track(item.artist, item.track))
        if item.track
        else listen_link(item.artist),
        "score": round(float(item.score), 6),
        "reason": item.reason.text,
        "start_with": start.title if start else "",
        "start_link": track_link(start),
        "because": list(item.reason.because),
        "tags": list(item.reason.tags),
    }
