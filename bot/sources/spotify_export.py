"""Spotify's two export packages, asked for at spotify.com/account/privacy.

The *account data* hold about a year: ``StreamingHistory_music_0.json``, once ``StreamingHistory0``.
The *extended history* goes back to the first day: ``Streaming_History_Audio_2019_0.json``,
once ``endsong_0``. Nothing else in either zip is opened but ``YourLibrary.json`` for its songs and
the names of followed shows. Of a play only time, length, artist, title, link and how it ended are
looked at; who, where and on which device never leaves the parser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from bot.sources import refusals
from bot.sources.archive import Archive, base_name
from bot.sources.json_stream import BrokenJson, read_records
from bot.sources.report import Package
from bot.sources.tally import SHORTEST_PLAY_MS, Tally

Record = dict[str, Any]

_EXTENDED_FILE: Final = re.compile(r"(Streaming_History_Audio_.*|endsong_\d+)\.json")
_ACCOUNT_FILE: Final = re.compile(r"StreamingHistory(_music_)?\d+\.json")
_LIBRARY_FILE: Final = "YourLibrary.json"
_MAX_LIBRARY_BYTES: Final = 32 * 1024 * 1024

_SPOKEN_FIELDS: Final = (
    "spotify_episode_uri", "episode_name", "episode_show_name",
    "audiobook_uri", "audiobook_title", "audiobook_chapter_uri", "audiobook_chapter_title",
)  # fmt: skip
_SKIPPING_ENDS: Final = {"fwdbtn", "backbtn", "endplay", "unknown"}
_UNKNOWN: Final = {"Unknown Artist", "Unknown Track"}
_FIRST_YEAR: Final = 2006
_LONGEST_PLAY_MS: Final = 24 * 3600 * 1000

NO_SONG: Final = "podcasts and audiobooks"
PRIVATE: Final = "in private sessions"
NAMELESS: Final = "without artist or title"
SHORT: Final = "shorter than 30 seconds"
REPEATED: Final = "listed twice"
UNDATED: Final = "without a usable date"
ODD: Final = "not understood"


def read_zip(data: bytes, tally: Tally) -> Package:
    """Counts a package's plays and saved songs into ``tally``; which package it is.

    UserError for a zip that cannot be read or holds no listening history.
    """
    archive = Archive(data, _is_wanted)
    files = archive.entries()
    extended = [file for file in files if _EXTENDED_FILE.fullmatch(base_name(file))]
    account = [file for file in files if _ACCOUNT_FILE.fullmatch(base_name(file))]
    if not extended and not account:
        raise refusals.wrong_package()
    shows: frozenset[str] = frozenset()
    for file in files:
        if base_name(file) == _LIBRARY_FILE:
            shows |= _read_library(archive.chunks(file), tally)
    # Whoever packed both together: the extended history tells of the account data's year, too.
    for file in extended or account:
        _read_plays(archive.chunks(file), tally, shows, f"{base_name(file)} in this zip")
    return "extended history" if extended else "account data"


def read_json(data: bytes, tally: Tally) -> Package:
    """Counts the plays of a single file out of one of the packages, as `read_zip`."""
    kinds = _read_plays(_pieces(data), tally, frozenset(), "This file")
    if not kinds:
        raise refusals.wrong_package()
    return "extended history" if "extended history" in kinds else "account data"


def _is_wanted(name: str) -> bool:
    return bool(
        name == _LIBRARY_FILE or _EXTENDED_FILE.fullmatch(name) or _ACCOUNT_FILE.fullmatch(name)
    )


def _pieces(data: bytes, size: int = 256 * 1024) -> Iterable[bytes]:
    view = memoryview(data)
    return (bytes(view[start : start + size]) for start in range(0, len(data), size))


def _read_plays(
    chunks: Iterable[bytes], tally: Tally, shows: frozenset[str], where: str
) -> set[Package]:
    """The kinds of records met; an empty list counts as either kind of nothing."""
    kinds: set[Package] = set()
    try:
        for record in read_records(chunks):
            if "ts" in record:
                kinds.add("extended history")
                _count(_extended_play, record, tally, shows)
            elif "endTime" in record:
                kinds.add("account data")
                _count(_account_play, record, tally, shows)
            else:
                tally.drop(ODD)
    except BrokenJson:
        raise refusals.broken_json(where) from None
    return kinds


class _Left(Exception):
    """A record that is no play of a song, and why."""


def _count(
    read: Callable[[Record, Tally, frozenset[str]], None],
    record: Record,
    tally: Tally,
    shows: frozenset[str],
) -> None:
    try:
        read(record, tally, shows)
    except _Left as left:
        tally.drop(str(left))


def _extended_play(record: Record, tally: Tally, _: frozenset[str]) -> None:
    if any(record.get(name) is not None for name in _SPOKEN_FIELDS):
        raise _Left(NO_SONG)
    if record.get("incognito_mode") is True:
        raise _Left(PRIVATE)
    ms = _milliseconds(record.get("ms_played"))
    artist = _name(record.get("master_metadata_album_artist_name"))
    track = _name(record.get("master_metadata_track_name"))
    uri = _text(record.get("spotify_track_uri"))
    moment = record["ts"]
    day = _day(moment)
    if tally.is_repeated(moment, uri or (artist, track), ms):
        raise _Left(REPEATED)
    if ms >= SHORTEST_PLAY_MS:
        tally.play(artist, track, day=day, ms=ms, uri=uri)
    elif record.get("skipped") is True or _text(record.get("reason_end")) in _SKIPPING_ENDS:
        tally.skip(artist, track, day=day, uri=uri)
    else:
        raise _Left(SHORT)


def _account_play(record: Record, tally: Tally, shows: frozenset[str]) -> None:
    ms = _milliseconds(record.get("msPlayed"))
    artist, track = _name(record.get("artistName")), _name(record.get("trackName"))
    # Files before 2023 mix podcasts in, unmarked; a followed show gives itself away.
    if artist in shows:
        raise _Left(NO_SONG)
    moment = record["endTime"]
    day = _day(moment)
    if tally.is_repeated(moment, artist, track, ms):
        raise _Left(REPEATED)
    if ms < SHORTEST_PLAY_MS:
        raise _Left(SHORT)
    tally.play(artist, track, day=day, ms=ms)


def _read_library(chunks: Iterable[bytes], tally: Tally) -> frozenset[str]:
    """Counts the saved songs; the names of the followed shows."""
    text = bytearray()
    for chunk in chunks:
        text += chunk
        if len(text) > _MAX_LIBRARY_BYTES:
            raise refusals.bomb()
    try:
        library = json.loads(text)
    except (ValueError, RecursionError):
        raise refusals.broken_json(f"{_LIBRARY_FILE} in this zip") from None
    if not isinstance(library, dict):
        return frozenset()
    for song in _rows(library, "tracks"):
        artist, track = _text(song.get("artist")), _text(song.get("track"))
        if artist and track:
            tally.save(artist, track, _text(song.get("uri")))
    names = (_text(show.get("name")) for show in _rows(library, "shows"))
    return frozenset(name for name in names if name)


def _rows(library: Record, name: str) -> list[Record]:
    rows = library.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _name(value: object) -> str:
    if value is None:
        raise _Left(NAMELESS)
    if not isinstance(value, str):
        raise _Left(ODD)
    if not value.strip() or value in _UNKNOWN:
        raise _Left(NAMELESS)
    return value


def _milliseconds(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Left(ODD)
    if not 0 <= value <= _LONGEST_PLAY_MS:
        raise _Left(ODD)
    return value


def _day(moment: object) -> date:
    """The day of "2019-05-01T12:34:56Z" or "2019-05-01 12:34"."""
    if not isinstance(moment, str):
        raise _Left(ODD)
    try:
        day = date.fromisoformat(moment[:10])
    except ValueError:
        raise _Left(UNDATED) from None
    if day.year < _FIRST_YEAR:
        raise _Left(UNDATED)
    return day
