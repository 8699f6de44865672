"""CSV files of listening and tags, read so that one bad line costs one line.

Files are UTF-8 with a header, optionally gzipped: ``user,artist,track,plays`` and
``artist,tag,weight`` (columns in any order, others ignored, ``track`` may be missing). Each line
stands alone: a stray quote cannot swallow the lines after it. Duplicate rows are summed; spellings
with one key are one artist, and one track of it.
"""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, TypeVar, cast

from recommender.errors import DataError
from recommender.names import clean, normalise

MAX_LINES: Final = 5_000_000
MAX_LINE_BYTES: Final = 8_192
MAX_COUNT: Final = 10_000_000.0
KEPT_SKIPS: Final = 1_000

TrackName = tuple[str, str]
"""An artist and the title of a track of theirs, as they are shown."""

Name = TypeVar("Name", str, TrackName)

PLAYS_COLUMNS: Final = ("user", "artist", "plays")
TRACK_COLUMN: Final = "track"
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
    """``rows``: user -> artist (first spelling) -> plays > 0, in file order, tracks added up;
    ``tracks``: user -> (artist, track) -> plays > 0, of the lines that name a track.

    ``skipped`` holds the first ``KEPT_SKIPS`` unusable lines, ``skipped_count`` counts all of them.
    """

    rows: Mapping[str, Mapping[str, float]]
    skipped: tuple[Skip, ...]
    skipped_count: int
    lines: int
    tracks: Mapping[str, Mapping[TrackName, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagTable:
    """``rows``: artist (first spelling) -> tag -> weight > 0; the rest as in :class:`PlayTable`."""

    rows: Mapping[str, Mapping[str, float]]
    skipped: tuple[Skip, ...]
    skipped_count: int
    lines: int


def read_plays(source: Path | str | IO[bytes]) -> PlayTable:
    """Plays per user and artist, and per track, from ``source`` (a path or an open binary file).

    Raises DataError when the file cannot be read, has no usable header or not one usable line.
    """
    with _opened(source) as stream:
        table = _Lines(stream, _called(source), PLAYS_COLUMNS, TRACK_COLUMN)
        sums = _Sums()
        for (user, artist, track), plays in table:
            sums.add(clean(user), clean(artist), clean(track), plays)
    _refuse_nothing(sums.rows, table, "plays")
    return PlayTable(
        sums.rows, tuple(table.skipped), table.skipped_count, table.used, tracks=sums.tracks
    )


def with_tracks(
    plays: Mapping[str, float], tracks: Mapping[TrackName, float]
) -> Mapping[str, float]:
    """``plays`` by artist, and those artists that stand in ``tracks`` alone with the sum of their
    tracks.
    """
    if not tracks:
        return plays
    known = set(map(normalise, plays))
    sums: dict[str, float] = {}
    for (artist, _), count in tracks.items():
        if normalise(artist) not in known and count > 0:
            _add(sums, artist, count)
    return {**plays, **sums}


def read_tags(source: Path | str | IO[bytes]) -> TagTable:
    """Weighted tags per artist from ``source``; tags are lower-cased. Raises like
    :func:`read_plays`.
    """
    with _opened(source) as stream:
        table = _Lines(stream, _called(source), TAGS_COLUMNS)
        rows: dict[str, dict[str, float]] = {}
        spelling: dict[str, str] = {}
        for (artist, tag, _), weight in table:
            name = spelling.setdefault(normalise(clean(artist)), clean(artist))
            tags = rows.setdefault(name, {})
            label = clean(tag).casefold()
            tags[label] = tags.get(label, 0.0) + weight
    _refuse_nothing(rows, table, "tags")
    return TagTable(rows, tuple(table.skipped), table.skipped_count, table.used)


class _Sums:
    """Plays added up per user and key, of artists and of tracks, under the first spelling seen."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, float]] = {}
        self.tracks: dict[str, dict[TrackName, float]] = {}
        self._artists: dict[tuple[str, str], str] = {}
        self._titles: dict[tuple[str, str, str], str] = {}

    def add(self, user: str, artist: str, track: str, plays: float) -> None:
        name = self._artists.setdefault((user, normalise(artist)), artist)
        _add(self.rows.setdefault(user, {}), name, plays)
        if track:
            title = self._titles.setdefault((user, name, normalise(track)), track)
            _add(self.tracks.setdefault(user, {}), (name, title), plays)


def _add(sums: dict[Name, float], name: Name, plays: float) -> None:
    sums[name] = min(sums.get(name, 0.0) + plays, MAX_COUNT)


class _Lines:
    """The usable lines of a file called ``name`` as ((text, text, extra), number), in the order of
    ``columns``; the last is the number. ``extra`` is a column that may be missing or empty.
    """

    def __init__(
        self,
        stream: IO[bytes],
        name: str,
        columns: tuple[str, str, str],
        extra: str | None = None,
    ) -> None:
        self._stream = stream
        self.name = name
        self._columns = columns
        self._extra = extra
        self.skipped: list[Skip] = []
        self.skipped_count = 0
        self.used = 0

    def __iter__(self) -> Iterator[tuple[tuple[str, str, str], float]]:
        lines = _physical_lines(self._stream, self.name)
        header, extra = _header(next(lines, b""), self.name, self._columns, self._extra)
        for number, raw in enumerate(lines, start=2):
            if number > MAX_LINES:
                raise DataError(
                    f"There are more than {MAX_LINES:,} lines in {self.name};"
                    " split it into smaller files."
                )
            if not raw.strip():
                continue
            try:
                row = self._parse(raw, header, extra)
            except _UnusableLineError as unusable:
                self._skip(number, str(unusable))
                continue
            self.used += 1
            yield row

    def _parse(
        self, raw: bytes, header: tuple[int, int, int], extra: int | None
    ) -> tuple[tuple[str, str, str], float]:
        cells = _cells(raw)
        if len(cells) <= max(header):
            raise _UnusableLineError(f"{len(cells)} columns where the header has more")
        first, second, number = (cells[at] for at in header)
        for name, value in zip(self._columns, (first, second), strict=False):
            if not clean(value):
                raise _UnusableLineError(f"no {name}")
        third = cells[extra] if extra is not None and extra < len(cells) else ""
        return (first, second, third), _count(number, self._columns[2])

    def _skip(self, line: int, why: str) -> None:
        self.skipped_count += 1
        if len(self.skipped) < KEPT_SKIPS:
            self.skipped.append(Skip(line, why))


class _UnusableLineError(Exception):
    """Why one line cannot be used."""


def _called(source: Path | str | IO[bytes]) -> str:
    """What to call the file when something is wrong with it."""
    return Path(source).name if isinstance(source, Path | str) else "the file"


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


def _physical_lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
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
                f"Cannot read {name} to its end, since it is damaged: {error}."
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


def _header(
    raw: bytes, name: str, columns: tuple[str, str, str], extra: str | None
) -> tuple[tuple[int, int, int], int | None]:
    """Where the columns stand, and where the one that may be missing."""
    try:
        names = [cell.strip().casefold() for cell in _cells(raw)]
    except _UnusableLineError:
        names = []
    missing = [column for column in columns if column not in names]
    if missing:
        raise DataError(
            f"In {name} the first line must name its columns: {', '.join(columns)}; "
            f"it lacks {', '.join(missing)}."
        )
    first, second, third = (names.index(column) for column in columns)
    return (first, second, third), names.index(extra) if extra in names else None


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
    raise DataError(
        f"In {table.name} there are no usable {what}: {table.skipped_count} lines skipped{first}."
    )
