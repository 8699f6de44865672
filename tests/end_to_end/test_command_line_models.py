"""Models on the command line: `nightjar train`, and `nightjar recommend --users` from one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.end_to_end.command_line import Nightjar, refusal, said


def test_a_model_from_csv_answers_people_it_never_saw(nightjar: Nightjar, tmp_path: Path) -> None:
    plays, tags = tmp_path / "plays.csv", tmp_path / "tags.csv"
    rock, jazz = [f"Rock {n}" for n in range(8)], [f"Jazz {n}" for n in range(8)]
    with plays.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("user", "artist", "track", "plays"))
        for user in range(24):
            for artist in (rock if user % 2 else jazz)[user % 3 :]:
                rows.writerow((f"u{user}", artist, "", 1 + user))
        rows.writerow(("u1", "Rock 1", "", "many"))
    with tags.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("artist", "tag", "weight"))
        rows.writerows((artist, artist.split()[0].lower(), 3) for artist in rock + jazz)
        rows.writerow(("Jazz Never Played", "jazz", 3))
    model = tmp_path / "model"
    told = said(nightjar("train", "--plays", plays, "--tags", tags, "--model", model, "--json"))
    assert told["skipped"] == {"plays.csv": ["line 170: plays is not a number"], "tags.csv": []}

    users = tmp_path / "users.csv"
    users.write_text("user,artist,track,plays\nnew,Jazz 1,,9\nnew,Jazz 2,,4\nlost,Polka,,3\n")
    recs = tmp_path / "recs.csv"
    done = nightjar(*("recommend", "--model", model, "--users", users, "--count", 4, "--out", recs))
    assert done.returncode == 0, done.stderr
    assert "lost" in done.stderr
    with recs.open(newline="") as file:
        rows_out = list(csv.DictReader(file))
    assert [row["rank"] for row in rows_out] == ["1", "2", "3", "4"]
    assert {row["user"] for row in rows_out} == {"new"}
    assert all(row["artist"].startswith("Jazz") for row in rows_out)
    assert not {row["artist"] for row in rows_out} & {"Jazz 1", "Jazz 2"}
    assert all("Jazz" in row["reason"] for row in rows_out)


def test_training_twice_gives_the_same_model(nightjar: Nightjar, tmp_path: Path) -> None:
    first = said(nightjar("train", "--model", tmp_path / "a", "--json"))
    second = said(nightjar("train", "--model", tmp_path / "b", "--json", OMP_NUM_THREADS="2"))
    assert first["model"] == second["model"]


def test_a_training_puts_its_model_to_use_and_says_how_sound_it_is(
    nightjar: Nightjar, tmp_path: Path
) -> None:
    plays = tmp_path / "plays.csv"
    plays.write_text("artist,plays\nNobody's Cousins,40\nKavinsky,30\n")
    assert nightjar("import", plays).returncode == 0
    done = said(nightjar("train", "--json"))
    assert done["directory"] is None
    assert done["sanity"]["whole"] > 10 * done["sanity"]["popularity"]
    findings = {row["what"]: row for row in json.loads(nightjar("doctor", "--json").stdout)}
    assert done["model"][:12] in findings["Model"]["say"]
    assert "Training" not in findings
    assert "CONTACT is not set" in findings["Tags"]["say"]
    reached = json.loads(nightjar("doctor", "--json", CONTACT="you@example.org").stdout)
    [tags] = [row["say"] for row in reached if row["what"] == "Tags"]
    assert tags.endswith("MusicBrainz, ListenBrainz; 1 wait")
    plays.write_text("artist,plays\nPerturbator,40\nKavinsky,90\n")
    assert nightjar("import", plays).returncode == 0
    printed = nightjar("train").stdout
    assert "Sanity check, NDCG@20 of artists hidden from lists: whole 0." in printed


def test_names_and_paths_are_printed_as_they_are(nightjar: Nightjar, tmp_path: Path) -> None:
    artist, user = "[/b] Weird :smile: [spunge]", "[/x]"
    plays = tmp_path / "plays.csv"
    plays.write_text(
        "user,artist,track,plays\n"
        + "".join(f"u{n},{name},,{n + 1}\n" for n in range(6) for name in (artist, "A", "B"))
        + "u9,A,,some\n"
    )
    model = tmp_path / "x[y]" / "[/bold]z" / ("deep" * 30)
    learnt = nightjar("train", "--plays", plays, "--model", model)
    assert learnt.returncode == 0, learnt.stderr
    assert f"is in {model}.\n" in learnt.stdout
    found = nightjar("recommend", "--model", model, "--like", "A", "--count", 2)
    assert found.returncode == 0, found.stderr
    assert f". {artist}  " in found.stdout

    users, recs = tmp_path / "[red]users.csv", tmp_path / "[spunge].csv"
    users.write_text(f"user,artist,track,plays\n{user},Polka,,3\nnew,A,,2\nnew,B,,many\n")
    done = nightjar("recommend", "--model", model, "--users", users, "--out", recs)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].endswith(f"are in {recs}.")
    assert f"No list for {user}: " in done.stderr
    assert "[red]users.csv, line 4" in done.stderr


@pytest.fixture
def small(nightjar: Nightjar, tmp_path: Path) -> Path:
    """A model that knows three artists."""
    plays = tmp_path / "small.csv"
    rows = "".join(f"u{n},{name},,{n + 1}\n" for n in range(6) for name in ("Ann", "Ben", "Cat"))
    plays.write_text(f"user,artist,track,plays\n{rows}" + "u9,Ann,,0\n" * 1_200)
    done = nightjar("train", "--plays", plays, "--model", tmp_path / "small")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("small.csv, line ") == 10
    assert done.stderr.endswith("small.csv: 1,190 more lines skipped\n")
    return tmp_path / "small"


def test_skipped_lines_and_people_are_counted_whole(
    nightjar: Nightjar, small: Path, tmp_path: Path
) -> None:
    users = tmp_path / "users.csv"
    lost = "".join(f"lost {n},Nobody Knows {n},,3\n" for n in range(15))
    users.write_text("user,artist,track,plays\nnew,Ann,,2\n" + lost + "new,Ben,,-1\n" * 12)
    recs = tmp_path / "recs.csv"
    done = nightjar("recommend", "--model", small, "--users", users, "--out", recs)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("users.csv, line ") == 10
    assert "users.csv: 2 more lines skipped\n" in done.stderr
    assert done.stderr.count("No list for lost") == 10
    assert done.stderr.endswith("No list for 5 more people\n")


def test_the_lists_never_replace_the_users(nightjar: Nightjar, small: Path, tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    users.write_text("user,artist,track,plays\nnew,Ann,,2\n")
    for out in (users, tmp_path / "." / "users.csv"):
        told = refusal(nightjar("recommend", "--model", small, "--users", users, "--out", out))
        assert "--out" in told
        assert users.read_text() == "user,artist,track,plays\nnew,Ann,,2\n"
