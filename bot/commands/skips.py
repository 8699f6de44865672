"""Lines of a CSV file that were not used: said to whoever gave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.commands.session import stderr
from recommender.plays import PlayTable, TagTable

MOST_SAID: Final = 10

Tables = Mapping[str, PlayTable | TagTable]
"""What was read, by the name of its file."""


def say_skips(tables: Tables) -> None:
    """The first skipped lines of each file with the reason, and how many more there are, on
    stderr."""
    for name, table in tables.items():
        for skip in table.skipped[:MOST_SAID]:
            stderr().print(f"{name}, {skip}")
        if table.skipped_count > MOST_SAID:
            stderr().print(f"{name}: {table.skipped_count - MOST_SAID:,} more lines skipped")


def as_lists(tables: Tables) -> dict[str, list[str]]:
    """The skipped lines of each file as a JSON document has them."""
    return {name: [str(skip) for skip in table.skipped] for name, table in tables.items()}
