"""Spotify's two export packages, written with made-up listening in the shape of the real ones.

The caller names the artists and how often each was played; around these plays stand all the
oddities of real packages, so that what a reader must leave out is there to be left out:
``EXTENDED_LEFT_OUT`` and ``ACCOUNT_LEFT_OUT`` count it. ``CANARIES`` must never come out again.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]

USERNAME = "canary.user.4711"
ADDRESS = "203.0.113.77"
DEVICE = "Canary OS 13 (canaryphone)"
AGENT = "canary-agent%2F1.0"
EMAIL = "canary@mail.example"
SECRET_ARTIST = "Canary Private Session"
PODCAST = "Canary Podcast Hour"
CANARIES = (USERNAME, ADDRESS, DEVICE, AGENT, EMAIL, SECRET_ARTIST, PODCAST, "canary", "Canary")

EXTENDED_LEFT_OUT = {
    "podcasts and audiobooks": 4,
    "in private sessions": 2,
    "without artist or title": 2,
    "shorter than 30 seconds": 2,
    "skipped within 30 seconds": 4,
    "listed twice": 2,
    "without a usable date": 1,
}
ACCOUNT_LEFT_OUT = {
    "shorter than 30 seconds": 3,
    "listed twice": 2,
    "without artist or title": 1,
}
OLD_ACCOUNT_LEFT_OUT = {**ACCOUNT_LEFT_OUT, "podcasts and audiobooks": 2}

_TITLES = ("Night", "Glass", "Harbour", "Static", "Paper Moon", "Last Train", "Copper", "Lanterns")


def extended_package(
    artists: Mapping[str, int],
    *,
    seed: int = 0,
    first_year: int = 2016,
    last_year: int = 2024,
    old_names: bool = False,
    oddities: bool = True,
) -> bytes:
    """The "Extended streaming history" zip with exactly these plays of music."""
    rows = extended_rows(artists, seed=seed, first_year=first_year, last_year=last_year)
    if oddities:
        rows += _extended_oddities(rows)
    rows.sort(key=lambda row: row["ts"])
    half = len(rows) // 2
    names = ("endsong_0.json", "endsong_1.json")
    if not old_names:
        middle = (first_year + last_year) // 2
        names = (
            f"Streaming_History_Audio_{first_year}-{middle}_0.json",
            f"Streaming_History_Audio_{middle}-{last_year}_1.json",
        )
    folder = "MyData/" if old_names else "Spotify Extended Streaming History/"
    files: dict[str, bytes] = {
        folder + names[0]: as_json(rows[:half]),
        folder + names[1]: as_json(rows[half:]),
        folder + "Streaming_History_Video_2019-2024.json": as_json([_episode(2020, 0)]),
        folder + "ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.4 " + EMAIL.encode(),
        "__MACOSX/" + folder + "._" + names[0]: b"\x00\x05\x16\x07",
    }
    return zipped(files)


def account_package(
    artists: Mapping[str, int],
    *,
    seed: int = 0,
    last_year: int = 2024,
    old_names: bool = False,
    oddities: bool = True,
) -> bytes:
    """The "Account data" zip with exactly these plays of music, and a library that saved some."""
    rows = account_rows(artists, seed=seed, year=last_year)
    played = list(rows)
    if oddities:
        rows += _account_oddities(rows, mixed=old_names)
    rows.sort(key=lambda row: row["endTime"])
    half = len(rows) // 2
    stem = "StreamingHistory" if old_names else "StreamingHistory_music_"
    folder = "MyData/" if old_names else "Spotify Account Data/"
    podcast = {"endTime": f"{last_year}-03-01 08:00", "podcastName": PODCAST,
               "episodeName": "Canary One", "msPlayed": 1_800_000}  # fmt: skip
    files = {
        folder + f"{stem}0.json": as_json(rows[:half]),
        folder + f"{stem}1.json": as_json(rows[half:]),
        folder + "YourLibrary.json": as_json(_library(played)),
        folder + "Userdata.json": as_json({"username": USERNAME, "email": EMAIL}),
        folder + "Identity.json": as_json({"displayName": USERNAME}),
        folder + "Payments.json": as_json({"payment_method": "Canary card ending 1234"}),
        folder + "Inferences.json": as_json({"inferences": ["canary"]}),
        folder + "SearchQueries.json": as_json([{"searchQuery": "canary", "platform": DEVICE}]),
    }
    if not old_names:
        files[folder + "StreamingHistory_podcast_0.json"] = as_json([podcast])
    return zipped(files)


def extended_rows(
    artists: Mapping[str, int], *, seed: int = 0, first_year: int = 2016, last_year: int = 2024
) -> list[Record]:
    """Only plays: each at another time, spread over the years, key sets as of their year."""
    draw = random.Random(seed)
    plays = _plays(artists, draw)
    start = datetime(first_year, 1, 2, tzinfo=UTC)
    span = datetime(last_year, 12, 30, tzinfo=UTC) - start
    step = span / max(len(plays), 1)
    return [
        _play(start + step * number, artist, title, draw)
        for number, (artist, title) in enumerate(plays)
    ]


def account_rows(artists: Mapping[str, int], *, seed: int = 0, year: int = 2024) -> list[Record]:
    """Only plays, within one year."""
    draw = random.Random(seed)
    plays = _plays(artists, draw)
    start = datetime(year, 1, 2, tzinfo=UTC)
    step = timedelta(days=360) / max(len(plays), 1)
    return [
        {
            "endTime": (start + step * number).strftime("%Y-%m-%d %H:%M"),
            "artistName": artist,
            "trackName": title,
            "msPlayed": draw.randint(30_000, 300_000) + number % 1000,
        }
        for number, (artist, title) in enumerate(plays)
    ]


def as_json(document: Sequence[Record] | Record) -> bytes:
    """As Spotify writes it: indented, UTF-8, not escaped."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def uri(artist: str, title: str, edition: int = 0) -> str:
    """A track link of the right shape, the same for the same song."""
    digest = hashlib.sha256(f"{artist}|{title}|{edition}".encode()).hexdigest()
    return "spotify:track:" + digest[:22]


def _plays(artists: Mapping[str, int], draw: random.Random) -> list[tuple[str, str]]:
    """Every play as (artist, title), shuffled; a quarter as many songs as plays."""
    plays = []
    for artist, count in artists.items():
        songs = [
            f"{_TITLES[n % len(_TITLES)]} {n // len(_TITLES) + 1}" for n in range(-(-count // 4))
        ]
        plays += [(artist, songs[n % len(songs)]) for n in range(count)]
    draw.shuffle(plays)
    return plays


def _play(when: datetime, artist: str, title: str, draw: random.Random) -> Record:
    row = _blank(when)
    edition = draw.randrange(8) // 7
    row |= {
        "ms_played": draw.randint(30_000, 330_000),
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": f"{artist} Songs",
        "spotify_track_uri": uri(artist, title, edition),
        "reason_start": "trackdone",
        "reason_end": draw.choice(["trackdone", "trackdone", "fwdbtn", "endplay"]),
    }
    return row


def _blank(when: datetime) -> Record:
    """The fields around a play, which differ by year as in real files."""
    row: Record = {
        "ts": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": DEVICE,
        "ms_played": 0,
        "conn_country": "NZ",
        "master_metadata_track_name": None,
        "master_metadata_album_artist_name": None,
        "master_metadata_album_album_name": None,
        "spotify_track_uri": None,
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "reason_start": "clickrow",
        "reason_end": "trackdone",
        "shuffle": True,
        "skipped": False if when < datetime(2022, 10, 1, tzinfo=UTC) else None,
        "offline": False,
        "incognito_mode": False,
    }
    stamp = int(when.timestamp())
    if when.year < 2023:
        row |= {"username": USERNAME, "ip_addr_decrypted": ADDRESS, "user_agent_decrypted": AGENT}
        row["offline_timestamp"] = stamp * 1000
    else:
        row |= {"ip_addr": ADDRESS, "offline_timestamp": stamp}
    if when.year >= 2024:
        row |= dict.fromkeys(
            ("audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title")
        )
    return row


def _episode(year: int, number: int) -> Record:
    return _blank(datetime(year, 5, 1 + number, 7, tzinfo=UTC)) | {
        "ms_played": 1_800_000,
        "episode_name": f"Canary Episode {number}",
        "episode_show_name": PODCAST,
        "spotify_episode_uri": "spotify:episode:" + "c" * 22,
    }


def _extended_oddities(plays: list[Record]) -> list[Record]:
    model = (
        plays[0] if plays else _play(datetime(2020, 1, 1, tzinfo=UTC), "A", "B", random.Random(0))
    )
    named = {key: model[key] for key in model if key.startswith(("master_", "spotify_track"))}

    def odd(day: int, **fields: object) -> Record:
        return _blank(datetime(2020, 6, day, 3, 3, 3, tzinfo=UTC)) | named | fields

    nobody = dict.fromkeys(named)
    private = {"master_metadata_album_artist_name": SECRET_ARTIST, "incognito_mode": True}
    book = {"audiobook_title": "Canary Book", "audiobook_uri": "spotify:show:" + "d" * 22}
    return [
        *(_episode(2021, number) for number in range(3)),
        odd(1, ms_played=900_000, **nobody, **book),
        odd(2, ms_played=200_000, **private),
        odd(3, ms_played=4_000, **private),
        odd(4, ms_played=200_000, **nobody),
        odd(5, ms_played=210_000, **nobody),
        odd(6, ms_played=29_999, reason_end="trackdone"),
        odd(7, ms_played=1, reason_end="logout"),
        odd(8, ms_played=0, reason_end="fwdbtn"),
        odd(9, ms_played=2_000, reason_end="backbtn"),
        odd(10, ms_played=29_999, reason_end="unknown", skipped=None),
        odd(11, ms_played=12_000, reason_end="trackdone", skipped=True),
        odd(12, ms_played=200_000, ts="1970-01-01T00:00:03Z"),
        dict(model),
        dict(model) | {"platform": "another device", "reason_end": "endplay"},
    ]  # fmt: skip


def _account_oddities(plays: list[Record], *, mixed: bool) -> list[Record]:
    model = plays[0]
    day = model["endTime"][:4] + "-06-0"
    rows = [
        {**model, "endTime": day + "1 04:00", "msPlayed": 0},
        {**model, "endTime": day + "2 04:00", "msPlayed": 1_500},
        {**model, "endTime": day + "3 04:00", "msPlayed": 29_999},
        dict(model),
        dict(model),
        {**model, "endTime": day + "4 04:00", "artistName": "Unknown Artist",
         "trackName": "Unknown Track", "msPlayed": 100_000},
    ]  # fmt: skip
    if mixed:
        show = {"artistName": PODCAST, "trackName": "Canary Episode", "msPlayed": 900_000}
        rows += [{"endTime": f"{day}{number} 05:00", **show} for number in (5, 6)]
    return rows


def _library(plays: list[Record]) -> Record:
    songs = {(row["artistName"], row["trackName"]) for row in plays}
    saved = sorted(songs)[::2]
    return {
        "tracks": [
            {
                "artist": artist,
                "album": f"{artist} Songs",
                "track": title,
                "uri": uri(artist, title),
            }
            for artist, title in saved
        ],
        "albums": [],
        "shows": [{"name": PODCAST, "publisher": "Canary", "uri": "spotify:show:" + "e" * 22}],
        "episodes": [],
        "bannedTracks": [],
        "artists": [],
        "bannedArtists": [],
        "other": [],
    }
