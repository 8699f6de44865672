"""`nightjar mixes`."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from bot.commands.listening import read_export
from bot.commands.recommend import model_in_use
from bot.commands.session import begin, complete, member_of, print_json, stdout
from bot.errors import NothingFound, UserError
from bot.services.mixes import MixLine, NamedMix, named_mixes
from bot.services.tastes import MemberTaste, Tastes
from bot.settings import Settings
from bot.sources.blob import artist_plays, merge_histories
from bot.sources.history import ListeningHistory
from bot.sources.isolated import parse_isolated
from bot.store.store import open_store
from recommender.errors import DataError


def mixes(*, history: Path | None, user: str | None, as_json: bool) -> None:
    """Lists the mixes of an export file, of what is stored, or of both."""
    complete(_mixes(begin(quiet=True), history, user, as_json=as_json))


async def _mixes(
    settings: Settings, history: Path | None, user: str | None, *, as_json: bool
) -> None:
    given = await _history(history)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings, role="attach"))
        stored = user is not None or history is None
        taste = await Tastes(store).read(member_of(user)) if stored else MemberTaste()
        if given is not None:
            taste = _with(taste, given)
        if given is None and not (taste.plays or taste.liked):
            raise UserError(
                "Whose mixes? Give an export with --history, or import one first with"
                " `nightjar import`."
            )
        model = await model_in_use(settings, store)
    try:
        found = named_mixes(model, taste)
    except DataError as error:
        raise NothingFound(str(error)) from error
    if as_json:
        print_json([mix.to_json() for mix in found])
        return
    for mix in found:
        _show(mix)


async def _history(file: Path | None) -> ListeningHistory | None:
    if file is None:
        return None
    return (await parse_isolated(file.name, read_export(file))).history


def _with(taste: MemberTaste, given: ListeningHistory) -> MemberTaste:
    whole = merge_histories(taste.history, given) if taste.history else given
    return replace(taste, plays=artist_plays(whole), history=whole)


def _show(mix: NamedMix) -> None:
    console = stdout()
    new = len(mix.items) - mix.known
    console.print(
        Text.assemble((mix.name, "bold"), f"  {mix.known} you know, {new} new", f"  [{mix.id}]")
    )
    for number, item in enumerate(mix.items, start=1):
        console.print(_shown(number, item))
    console.print()


def _shown(number: int, item: MixLine) -> Text:
    text = Text(f"{number:>4}. ")
    if item.track:
        text.append(item.track, "italic").append(" by ")
    text.append(item.artist, "bold" if item.known else "")
    return text.append(f"  {item.reason}", "dim")
