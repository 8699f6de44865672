"""What every subcommand begins with: settings, logging, and one event loop for the async ones."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine, Mapping
from typing import Any

from rich.console import Console

from bot.logs import configure_logging
from bot.settings import Settings, read_settings

LOCAL_MEMBER = "local"


def begin(*, quiet: bool = False) -> Settings:
    """This process's settings, with logging set up; ``quiet`` keeps the log to warnings."""
    settings = read_settings()
    if quiet and settings.log_level == "INFO":
        settings = settings.model_copy(update={"log_level": "WARNING"})
    configure_logging(settings)
    return settings


def complete(work: Coroutine[Any, Any, None]) -> None:
    """Runs ``work`` to its end in a new event loop."""
    asyncio.run(work)


def member_of(user: str | None) -> str:
    """The member id of the command line: the studio's own member unless a name is given."""
    return LOCAL_MEMBER if not user else f"{LOCAL_MEMBER}:{user}"


def print_json(document: Mapping[str, Any] | list[Any]) -> None:
    """One JSON document on stdout, and nothing else there."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def stdout() -> Console:
    """Where results for people go."""
    return _plain(to_stderr=False)


def stderr() -> Console:
    """Where progress bars and remarks go."""
    return _plain(to_stderr=True)


def _plain(*, to_stderr: bool) -> Console:
    """A console that says text as it is: names and paths of people are no markup, and lines stay
    whole when they are piped; a table is printed with ``soft_wrap=False``.
    """
    return Console(stderr=to_stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
