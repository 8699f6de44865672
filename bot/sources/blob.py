"""A listening history as a small block of bytes, and what is reckoned from it.

Layout, version 1: the byte 1, then zlib-compressed lines of JSON, one an artist:
``[name, [[title, link, saved, last day, years]...]]`` with links without their "spotify:track:",
days as "2024-05-01" and years as year, plays, skips, ms in turn. Lines, because a thread that
decodes one JSON document of megabytes would stop every other thread for as long.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import defaultdict
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from bot.sources.history import (
    UNDATED,
    ListeningHistory,
    TrackPlays,
    in_order,
    same_track,
)
from recommender.names import normalise
from recommender.plays import TrackName

VERSION: Final = b"\x01"
MAX_DECODED_BYTES: Final = 256 * 1024 * 1024

_LINK: Final = "spotify:track:"
_HALF_LIFE_YEARS: Final = 1.0


def encode_history(history: ListeningHistory) -> bytes:
    """``history`` in a few bytes a track; equal histories give equal bytes."""
    lines = (
        json.dumps(
            [artist, [_row(track) for track in tracks]], ensure_ascii=False, separators=(",", ":")
        )
        for artist, tracks in groupby(history.tracks, attrgetter("artist"))
    )
    return VERSION + zlib.compress("\n".join(lines).encode(), 6)


def decode_history(blob: bytes) -> ListeningHistory:
    """The inverse of `encode_history`; ValueError for anything it did not write."""
    if blob[:1] != VERSION:
        raise ValueError("not a listening history of a version known here")
    try:
        inflater = zlib.decompressobj()
        text = inflater.decompress(blob[1:], MAX_DECODED_BYTES)
        if not inflater.eof:
            raise ValueError("a listening history that is cut off")
        lines = map(json.loads, text.splitlines())
        return ListeningHistory(tuple(_track(name, row) for name, rows in lines for row in rows))
    except (zlib.error, TypeError, IndexError, RecursionError) as error:
        raise ValueError("a damaged listening history") from error


def merge_histories(held: ListeningHistory, added: ListeningHistory) -> ListeningHistory:
    """Both histories as one, each track once. The order does not matter, and adding what is already
    held changes nothing: of a year that both tell of, the larger count stands."""
    tracks = {_key(track): track for track in held.tracks}
    for track in added.tracks:
        key = _key(track)
        known = tracks.get(key)
        tracks[key] = track if known is None else same_track(known, track)
    return in_order(tracks.values())


def artist_plays(history: ListeningHistory, *, today: date | None = None) -> dict[str, float]:
    """Plays by artist, most played first; a song that is only saved counts as one, skips as none.

    With ``today``, plays count half as much for every year that lies between: half-life one year,
    from the middle of the year they fell in. Plays without a year count whole.
    """
    plays: defaultdict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    for track in history.tracks:
        weight = sum(year.plays * _freshness(year.year, today) for year in track.years)
        if weight or track.saved:
            plays[names.setdefault(normalise(track.artist), track.artist)] += weight or 1.0
    return dict(sorted(plays.items(), key=lambda item: (-item[1], item[0])))


def track_plays(history: ListeningHistory) -> dict[TrackName, float]:
    """Plays by (artist, title), counted as `artist_plays` counts them."""
    return {
        (track.artist, track.track): float(track.plays) or 1.0
        for track in history.tracks
        if track.plays or track.saved
    }


def _freshness(year: int, today: date | None) -> float:
    if today is None or year == UNDATED:
        return 1.0
    now = today.year + (today.timetuple().tm_yday - 1) / 365.25
    return math.exp2(-max(0.0, now - year - 0.5) / _HALF_LIFE_YEARS)


def _key(track: TrackPlays) -> tuple[str, str]:
    return normalise(track.artist), normalise(track.track)


def _row(track: TrackPlays) -> list[Any]:
    return [
        track.track,
        track.uri.removeprefix(_LINK) if track.uri else 0,
        int(track.saved),
        track.last_played.isoformat() if track.last_played else 0,
        track.counts,
    ]


def _track(artist: str, row: list[Any]) -> TrackPlays:
    title, link, saved, day, counts = row
    return TrackPlays(
        artist=artist,
        track=title,
        uri=_LINK + link if link else None,
        saved=bool(saved),
        last_played=date.fromisoformat(day) if day else None,
        counts=tuple(counts),
    )
