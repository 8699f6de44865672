"""CSV files of listening and tags, read so that one bad line costs one line.

Files are UTF-8 with a header, optionally gzipped: ``user,artist,track,plays`` and
``artist,tag,weight`` (columns in any order, others ignored, ``track`` may be missing). Each line
stands alone: a stray quote cannot swallow the lines after it. Duplicate rows are summed; spellings
with one key are one artist.
"""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from recommender.errors import DataError
from recommender.names import clean, normalise

MAX_LINES: Final = 5_000_000
MAX_LINE_BYTES: Final = 8_192
MAX_COUNT: Final = 10_000_000.0
KEPT_SKIPS: Final = 1_000

PLAYS_COLUMNS: Final = ("user", "artist", "plays")
TAGS_COLUMNS: Final = ("artist", "tag", "weight")


@dataclass(frozen=True, slots=True)
class Skip:
    """A line that was not used: its number in the file (the header is line 1) and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


@dataclass(frozen=True, slots=True)
class PlayTable:
    """``rows``: user -> artist (first spelling) -> plays > 0, in file order.

    ``skipped`` holds the first ``KEPT_SKIPS`` unusable lines, ``skipped_count`` counts all of them.
    """

    rows: Mapping[str, Mapping[str, float]]
    skipped: tuple[Skip, ...]
    skipped_count: int
    lines: int


@dataclass(frozen=True, slots=True)
class TagTable:
    """``rows``: artist (first spelling) -> tag -> weight > 0; the rest as in :class:`PlayTable`."""

    rows: Mapping[str, Mapping[str, float]]
    skipped: tuple[Skip, ...]
    skipped_count: int
    lines: int


def read_plays(source: Path | str | IO[bytes]) -> PlayTable:
    """Plays per user and artist from ``source`` (a path or an open binary file).

    Tracks are added up into their artist. Raises DataError when the file cannot be read, has no
    usable header or not one usable line.
    """
    with _opened(source) as stream:
        table = _Lines(stream, PLAYS_COLUMNS)
        sums = _Sums()
        for user, artist, plays in table:
            sums.add(clean(user), clean(artist), plays)
    _refuse_nothing(sums.rows, table, "plays")
    return PlayTable(sums.rows, tuple(table.skipped), table.skipped_count, table.used)


def read_tags(source: Path | str | IO[bytes]) -> TagTable:
    """Weighted tags per artist from ``source``; tags are lower-cased. Raises like
    :func:`read_plays`.
    """
    with _opened(source) as stream:
        table = _Lines(stream, TAGS_COLUMNS)
        rows: dict[str, dict[str, float]] = {}
        spelling: dict[str, str] = {}
        for artist, tag, weight in table:
            name = spelling.setdefault(normalise(clean(artist)), clean(artist))
            tags = rows.setdefault(name, {})
            label = clean(tag).casefold()
            tags[label] = tags.get(label, 0.0) + weight
    _refuse_nothing(rows, table, "tags")
    return TagTable(rows, tuple(table.skipped), table.skipped_count, table.used)


class _Sums:
    """Plays added up per user and artist key, shown under the first spelling seen."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, float]] = {}
        self._spelling: dict[tuple[str, str], str] = {}

    def add(self, user: str, artist: str, plays: float) -> None:
        name = self._spelling.setdefault((user, normalise(artist)), artist)
        row = self.rows.setdefault(user, {})
        row[name] = min(row.get(name, 0.0) + plays, MAX_COUNT)


class _Lines:
    """The usable lines of a file as (text, text, number), in the order of ``columns``; the last is
    the number.
    """

    def __init__(self, stream: IO[bytes], columns: tuple[str, str, str]) -> None:
        self._stream = stream
        self._columns = columns
        self.skipped: list[Skip] = []
        self.skipped_count = 0
        self.used = 0

    def __iter__(self) -> Iterator[tuple[str, str, float]]:
        lines = _physical_lines(self._stream)
        header = _header(next(lines, b""), self._columns)
        for number, raw in enumerate(lines, start=2):
            if number > MAX_LINES:
                raise DataError(
                    f"The file has more than {MAX_LINES:,} lines; split it into smaller ones."
                )
            if not raw.strip():
                continue
            try:
                row = self._parse(raw, header)
            except _UnusableLineError as unusable:
                self._skip(number, str(unusable))
                continue
            self.used += 1
            yield row

    def _parse(self, raw: bytes, header: tuple[int, int, int]) -> tuple[str, str, float]:
        cells = _cells(raw)
        if len(cells) <= max(header):
            raise _UnusableLineError(f"{len(cells)} columns where the header has more")
        first, second, number = (cells[at] for at in header)
        for name, value in zip(self._columns, (first, second), strict=False):
            if not clean(value):
                raise _UnusableLineError(f"no {name}")
        return first, second, _count(number, self._columns[2])

    def _skip(self, line: int, why: str) -> None:
        self.skipped_count += 1
        if len(self.skipped) < KEPT_SKIPS:
            self.skipped.append(Skip(line, why))


class _UnusableLineError(Exception):
    """Why one line cannot be used."""


def _opened(source: Path | str | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if not isinstance(source, Path | str):
        return nullcontext(source)
    path = Path(source)
    try:
        with path.open("rb") as probe:
            zipped = probe.read(2) == b"\x1f\x8b"
        return cast(IO[bytes], gzip.open(path, "rb")) if zipped else path.open("rb")
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror or error}.") from error


def _physical_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines without their end, longer ones cut just past the limit so that they are seen as too
    long.
    """
    while True:
        try:
            line = stream.readline(MAX_LINE_BYTES + 1)
            rest = line
            while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(
                f"The file is damaged and cannot be read to its end: {error}."
            ) from error
        if not line:
            return
        yield line.rstrip(b"\r\n")


def _cells(raw: bytes) -> list[str]:
    if len(raw) > MAX_LINE_BYTES:
        raise _UnusableLineError(f"longer than {MAX_LINE_BYTES:,} bytes")
    try:
        return next(csv.reader([raw.decode("utf-8-sig")], strict=True))
    except UnicodeDecodeError as error:
        raise _UnusableLineError("not UTF-8 text") from error
    except (csv.Error, StopIteration) as error:
        raise _UnusableLineError("quotes that do not match") from error


def _header(raw: bytes, columns: tuple[str, str, str]) -> tuple[int, int, int]:
    try:
        names = [cell.strip().casefold() for cell in _cells(raw)]
    except _UnusableLineError:
        names = []
    missing = [name for name in columns if name not in names]
    if missing:
        raise DataError(
            f"The file's first line must name its columns: {', '.join(columns)}; "
            f"it lacks {', '.join(missing)}."
        )
    first, second, third = (names.index(name) for name in columns)
    return first, second, third


def _count(text: str, column: str) -> float:
    """A count above zero, capped at ``MAX_COUNT``."""
    try:
        value = float(text.strip())
    except ValueError as error:
        raise _UnusableLineError(f"{column} is not a number") from error
    if not math.isfinite(value):
        raise _UnusableLineError(f"{column} is not a number")
    if value <= 0:
        raise _UnusableLineError(f"{column} is not above zero")
    return min(value, MAX_COUNT)


def _refuse_nothing(rows: Mapping[str, object], table: _Lines, what: str) -> None:
    if rows:
        return
    first = f" (first: {table.skipped[0]})" if table.skipped else ""
    raise DataError(f"The file holds no usable {what}: {table.skipped_count} lines skipped{first}.")
