"""Tables of listening through the command line: tracks as items, and everything that is wrong."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

Nightjar = Callable[..., subprocess.CompletedProcess[str]]

SCENES = ("Rock", "Jazz")
BANDS, SONGS = 8, 5
TRACKS = [(scene, band, song) for scene in SCENES for band in range(BANDS) for song in range(SONGS)]


@pytest.fixture(scope="module")
def nightjar(tmp_path_factory: pytest.TempPathFactory) -> Nightjar:
    home = tmp_path_factory.mktemp("home")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            env={**kept, "PYTHONPATH": str(Path.cwd()), "DATA_DIR": str(home / "data")},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def model(nightjar: Nightjar, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Learnt from listeners who keep to a scene, and play half of its tracks."""
    folder = tmp_path_factory.mktemp("tables")
    draw = np.random.default_rng(4)
    with (folder / "plays.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("user", "artist", "track", "plays"))
        for listener in range(30):
            for scene, band, song in TRACKS:
                if scene == SCENES[listener % 2] and draw.random() < 0.5:
                    rows.writerow((f"u{listener}", f"{scene} {band}", f"Song {song}", 3))
            rows.writerow((f"u{listener}", f"{SCENES[listener % 2]} Choir", "", 2))
    with (folder / "tags.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("artist", "tag", "weight"))
        names = [*(f"{scene} {band}" for scene in SCENES for band in range(BANDS)), "Jazz Newcomer"]
        rows.writerows((name, name.split()[0].lower(), 3) for name in names)
        rows.writerow(("Rock Choir", "rock", 2))
    asked = ("--plays", folder / "plays.csv", "--tags", folder / "tags.csv", "--model")
    done = nightjar("train", *asked, folder / "model")
    assert done.returncode == 0, done.stderr
    return folder / "model"


def recommended(
    nightjar: Nightjar, model: Path, folder: Path, lines: str, *options: object, count: int = 20
) -> tuple[list[dict[str, str]], str]:
    users, recs = folder / "users.csv", folder / "recs.csv"
    users.write_text("user,artist,track,plays\n" + lines)
    asked = ("--model", model, "--users", users, "--count", count, "--out", recs, *options)
    done = nightjar("recommend", *asked)
    assert done.returncode == 0, done.stderr
    with recs.open(newline="") as file:
        return list(csv.DictReader(file)), done.stderr


def test_tracks_and_artists_come_as_they_are_listened_to(
    nightjar: Nightjar, model: Path, tmp_path: Path
) -> None:
    played = [("Jazz 1", "Song 0"), ("Jazz 1", "Song 1"), ("Jazz 2", "Song 3")]
    lines = "".join(f"new,{artist},{track},9\n" for artist, track in played)
    rows, _ = recommended(nightjar, model, tmp_path, lines)
    items = [(row["artist"], row["track"]) for row in rows]
    assert len(set(items)) == len(items) >= 12
    assert not set(items) & set(played)
    assert max(Counter(artist for artist, _ in items).values()) <= 2
    assert all(artist.startswith("Jazz") for artist, _ in items[:8])
    assert {"Jazz Choir", "Jazz Newcomer"} >= {artist for artist, track in items if not track}
    assert ("Jazz Newcomer", "") in items
    assert all("Jazz" in row["reason"] or "jazz" in row["reason"] for row in rows[:5])
    again, _ = recommended(nightjar, model, tmp_path, lines, "--mode", "familiar")
    assert set(played) & {(row["artist"], row["track"]) for row in again}


def test_one_answer_names_the_track(nightjar: Nightjar, model: Path) -> None:
    done = nightjar("recommend", "--model", model, "--like", "Rock 2", "--count", 5, "--json")
    assert done.returncode == 0, done.stderr
    items = json.loads(done.stdout)["items"]
    assert any(item["track"].startswith("Song ") for item in items)
    assert all(item["link"].endswith("/tracks" if item["track"] else "/artists") for item in items)
    assert "Rock 2" not in {item["artist"] for item in items}


def test_every_kind_of_bad_line_costs_that_line(
    nightjar: Nightjar, model: Path, tmp_path: Path
) -> None:
    lines = (
        "one,Jazz 1,Song 0,9\n"
        "one,Jazz 1,Song 0,9\n"
        "one,JAZZ 1,song 0,1\n"
        "one,Jazz 2,Song 1,-4\n"
        "one,Jazz 3,Song 1,many\n"
        'one,"Jazz 4,Song 1,3\n'
        "one,Jazz 5\n"
        "one,,Song 1,3\n"
        "huge,Jazz 2,Song 1,99999999999999999999999\n"
        "unknown,Polka Kings,Polka,3\n"
        "unknown,Schlager,,3\n"
        "twin,Jazz 1,Song 0,19\n"
    )
    rows, told = recommended(nightjar, model, tmp_path, lines, count=5)
    by_user = {
        user: [(row["artist"], row["track"]) for row in rows if row["user"] == user]
        for user in ("one", "huge", "unknown", "twin")
    }
    assert by_user["one"] == by_user["twin"]
    assert len(by_user["huge"]) == 5
    assert not by_user["unknown"]
    assert "No list for unknown" in told
    for line, why in ((5, "not above zero"), (6, "not a number"), (7, "quotes"), (9, "no artist")):
        assert f"users.csv, line {line}: " in told
        assert why in told
    assert "users.csv, line 8: 2 columns" in told
    assert "line 3" not in told


def test_ten_thousand_artists_in_one_list(nightjar: Nightjar, model: Path, tmp_path: Path) -> None:
    lines = "".join(f"all,Singer {number},Song,2\n" for number in range(10_000))
    rows, _ = recommended(nightjar, model, tmp_path, lines + "all,Rock 1,Song 0,2\n", count=5)
    assert [row["artist"].split()[0] for row in rows] == ["Rock"] * 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "first line must name its columns"),
        ("user,artist,track,plays\n", "no usable plays"),
        ("user,artist,track,plays\na,B,,-1\n", "line 2: plays is not above zero"),
        ("who,what\n1,2\n", "it lacks user, artist, plays"),
    ],
)
def test_a_table_with_nothing_in_it_is_one_sentence(
    nightjar: Nightjar, model: Path, tmp_path: Path, text: str, sentence: str
) -> None:
    table = tmp_path / "users.csv"
    table.write_text(text)
    for command in (
        ("recommend", "--model", model, "--users", table, "--out", tmp_path / "recs.csv"),
        ("train", "--plays", table, "--model", tmp_path / "other"),
    ):
        done = nightjar(*command)
        assert done.returncode == 2
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_nobody_known_is_nothing_found(nightjar: Nightjar, model: Path, tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    users.write_text("user,artist,track,plays\na,Polka Kings,Polka,3\n")
    asked = ("--model", model, "--users", users, "--out", tmp_path / "recs.csv")
    assert nightjar("recommend", *asked).returncode == 1
