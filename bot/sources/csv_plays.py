"""Plays as a CSV: a column ``artist``; ``track``, ``plays`` and ``user`` where they are known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from bot.sources import refusals
from bot.sources.tally import Tally

ODD_COUNT: Final = "whose plays are no whole number above 0"
MOST_PLAYS: Final = 10_000_000

Row = dict[str, str]


def names_artists(data: bytes) -> bool:
    """Whether the first line looks like the column names of such a table."""
    return re.search(rb"(^|[,;\"\xbf])\s*artist\s*([,;\"]|$)", _header(data).lower()) is not None


def read_csv(data: bytes, tally: Tally) -> None:
    """Counts the rows of one person's plays into ``tally``; a row without ``plays`` is one play.

    UserError for a table without artists, for several people's plays, for text that is no UTF-8.
    """
    person = ""
    for row in _rows(data):
        user = row.get("user") or person
        if person and user != person:
            raise refusals.several_people()
        person = user
        _count(row, tally)


def _count(row: Row, tally: Tally) -> None:
    artist = row["artist"]
    count = _whole(row["plays"]) if row.get("plays") else 1
    if not artist:
        tally.drop("without artist or title")
    elif not 0 < count <= MOST_PLAYS:
        tally.drop(ODD_COUNT)
    else:
        tally.play(artist, row.get("track", ""), day=None, count=count)


def _whole(text: str) -> int:
    """The number ``text`` writes, 0 if it writes none; "12.0" is 12, as spreadsheets write it."""
    digits = text.removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0


def _rows(data: bytes) -> Iterator[Row]:
    """Each line by column name, blanks trimmed, short lines filled up with ""."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    lines = csv.reader(text, delimiter=_delimiter(data))
    try:
        names = [name.strip().casefold() for name in next(lines, [])]
        if "artist" not in names:
            raise refusals.csv_without_artists()
        for cells in lines:
            if cells:
                filled = [cell.strip() for cell in cells] + [""] * (len(names) - len(cells))
                yield dict(zip(names, filled, strict=False))
    except csv.Error:
        raise refusals.broken_csv(f"Line {lines.line_num} of this CSV") from None
    except UnicodeDecodeError:
        raise refusals.broken_csv("This CSV") from None


def _delimiter(data: bytes) -> str:
    """A comma, or the semicolon spreadsheets write where the comma is in the numbers."""
    header = _header(data)
    return ";" if b";" in header and b"," not in header else ","


def _header(data: bytes) -> bytes:
    return data[:4096].split(b"\n", 1)[0].rstrip()
