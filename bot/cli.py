"""The command line: one function a subcommand, no logic."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.errors import NothingFound, UserError

app = typer.Typer(
    name="nightjar",
    help="Finds music, makes music and brings people together around it.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

LONG_WORD = re.compile(r"(\S{60})\S{4,}")
"""What a refusal need not repeat in full."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
User = Annotated[str | None, typer.Option("--user", help="Whose taste; yours when left out.")]
ModelDir = Annotated[
    Path | None, typer.Option("--model", metavar="DIR", help="A model directory of `train`.")
]


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Bot, web page, workers and storage in one: what `make run` starts."""
    from bot.commands import roles

    roles.run_all()


@app.command()
def bot() -> None:
    """The Discord bot alone."""
    from bot.commands import roles

    roles.run_bot()


@app.command()
def web() -> None:
    """The web part alone: studio, clips, health."""
    from bot.commands import roles

    roles.run_web()


@app.command()
def worker() -> None:
    """Render and training workers alone."""
    from bot.commands import roles

    roles.run_worker()


@app.command()
def jam(
    style: Annotated[str, typer.Argument(help="A style of `nightjar styles`.")],
    bpm: Annotated[int | None, typer.Option(help="Beats per minute, 40 to 220.")] = None,
    key: Annotated[str | None, typer.Option(help='Such as "D minor".')] = None,
    bars: Annotated[int | None, typer.Option(help="4, 8, 16 or 32.")] = None,
    mood: Annotated[str | None, typer.Option(help="One of the style's moods.")] = None,
    seed: Annotated[int | None, typer.Option(help="Give a clip's seed to get it again.")] = None,
    like: Annotated[
        list[str] | None, typer.Option(help="An artist whose tags it leans to; may be repeated.")
    ] = None,
    parts: Annotated[str | None, typer.Option(help="Only these, such as drums,bass.")] = None,
    stems: Annotated[bool, typer.Option("--stems", help="Each part as FLAC too.")] = False,
    format: Annotated[str, typer.Option(help="mp3, ogg, opus, flac or wav.")] = "mp3",  # noqa: A002
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the files go.")] = None,
    json: Json = False,
) -> None:
    """Make a clip: audio, MIDI and a picture of it."""
    from bot.commands import jam as command

    command.jam(
        style,
        out=out,
        as_json=json,
        bpm=bpm,
        key=key,
        bars=bars,
        mood=mood,
        seed=seed,
        like=tuple(like or ()),
        parts=parts,
        stems=stems,
        format=format,
    )


@app.command()
def styles(json: Json = False) -> None:
    """List the styles with tempo, moods and parts."""
    from bot.commands import jam as command

    command.styles(as_json=json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Spotify export (zip or json) or CSV.")],
    user: User = None,
    json: Json = False,
) -> None:
    """Read listening history from a file and keep it for recommendations."""
    from bot.commands import listening as command

    command.import_file(file, user=user, as_json=json)


@app.command()
def train(
    plays: Annotated[Path | None, typer.Option(help="plays.csv: user,artist,track,plays.")] = None,
    tags: Annotated[Path | None, typer.Option(help="tags.csv: artist,tag,weight.")] = None,
    model: ModelDir = None,
    json: Json = False,
) -> None:
    """Learn a model, from CSV files or from the catalogue and all imported histories."""
    from bot.commands import train as command

    command.train(plays=plays, tags=tags, model=model, as_json=json)


@app.command()
def recommend(
    model: ModelDir = None,
    like: Annotated[list[str] | None, typer.Option(help="An artist; may be repeated.")] = None,
    history: Annotated[Path | None, typer.Option(help="A listening export to go by.")] = None,
    user: User = None,
    mode: Annotated[str, typer.Option(help="familiar, balanced or adventurous.")] = "balanced",
    count: Annotated[int, typer.Option(help="How many.")] = 10,
    users: Annotated[Path | None, typer.Option(help="users.csv: many people at once.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where recs.csv goes (with --users).")] = None,
    json: Json = False,
) -> None:
    """Recommend artists, each with its reason."""
    from bot.commands import recommend as command

    if users is not None or out is not None:
        command.recommend_batch(
            model=model,
            users=users,
            out=out,
            mode=mode,
            count=count,
            of_one={"--like": like, "--history": history, "--user": user, "--json": json},
        )
        return
    command.recommend(
        model=model,
        like=tuple(like or ()),
        history=history,
        user=user,
        mode=mode,
        count=count,
        as_json=json,
    )


@app.command()
def mixes(
    history: Annotated[Path | None, typer.Option(help="A listening export to go by.")] = None,
    user: User = None,
    json: Json = False,
) -> None:
    """Named mixes of a listening, each partly known and partly new."""
    from bot.commands import mixes as command

    command.mixes(history=history, user=user, as_json=json)


@app.command()
def evaluate(
    plays: Annotated[Path | None, typer.Option(help="plays.csv: user,artist,track,plays.")] = None,
    tags: Annotated[Path | None, typer.Option(help="tags.csv: artist,tag,weight.")] = None,
    seed: Annotated[int | None, typer.Option(help="What is hidden is drawn from it.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Without the slowest peers.")] = False,
    json: Json = False,
) -> None:
    """Compare the recommender with its peers on listening of yours, in one table."""
    from bot.commands import evaluate as command

    command.evaluate(plays=plays, tags=tags, seed=seed, quick=quick, as_json=json)


@app.command()
def doctor(json: Json = False) -> None:
    """Check versions, storage, model, token and permissions; say how to mend what is wrong."""
    from bot.commands import doctor as command

    command.doctor(as_json=json)


def main() -> NoReturn:
    """The console script: errors are one line on stderr; exit 2, or 1 when nothing was found."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        said = LONG_WORD.sub(r"\1...", error.format_message())
        _fail(f"{said} (`nightjar --help` shows what there is.)", 2)
    except NothingFound as error:
        _fail(str(error), 1)
    except UserError as error:
        _fail(str(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped.", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"nightjar: {' '.join(message.split())}\n")
    sys.exit(code)
