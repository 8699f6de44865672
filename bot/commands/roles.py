"""`nightjar run | bot | web | worker`."""

from __future__ import annotations

from bot.app import run
from bot.commands.session import begin, complete
from bot.errors import UserError
from bot.jobs.embedded import run_workers


def run_all() -> None:
    """Everything in one process tree; the bot joins when there is a token."""
    settings = begin()
    roles = {"web", "worker"} | ({"bot"} if settings.discord_token else set())
    complete(run(settings, frozenset(roles)))


def run_bot() -> None:
    """The Discord bot alone; UserError without a token."""
    settings = begin()
    if settings.discord_token is None:
        raise UserError(
            "DISCORD_TOKEN is not set: put your bot's token in .env, or run `nightjar run` to try"
            " the studio without one."
        )
    complete(run(settings, frozenset({"bot"})))


def run_web() -> None:
    """The web part alone."""
    complete(run(begin(), frozenset({"web"})))


def run_worker() -> None:
    """The workers alone, in the foreground."""
    complete(run_workers(begin()))
