"""The command line as a stranger uses it: real processes, real files, real storage."""

from __future__ import annotations

import json
import logging
import socket
import sys
from io import BytesIO
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from PIL import Image

from bot.cli import main
from tests.end_to_end.command_line import Nightjar, refusal, said
from tests.exports import account_package, as_json, extended_package, extended_rows

TASTE = {"Kavinsky": 60, "Perturbator": 40, "Com Truise": 25, "Nobody Has Heard Of Us": 12}


def test_the_same_jam_in_two_processes_is_the_same_audio_and_midi(
    nightjar: Nightjar, tmp_path: Path
) -> None:
    arguments = ("jam", "synthwave", "--seed", 7, "--bars", 4, "--json", "--out")
    first = said(nightjar(*arguments, tmp_path / "a", OMP_NUM_THREADS="1"))
    second = said(nightjar(*arguments, tmp_path / "b", OMP_NUM_THREADS="2"))
    for name in ("clip.mp3", "clip.mid", "pianoroll.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert {**first, "files": None} == {**second, "files": None}


def test_a_jam_is_what_was_asked_for(nightjar: Nightjar, tmp_path: Path) -> None:
    told = said(
        nightjar(
            *("jam", "techno", "--bpm", 131, "--key", "f# minor", "--bars", 8, "--seed", 3),
            *("--format", "flac", "--out", tmp_path, "--json"),
        )
    )
    assert (told["bpm"], told["key"], told["bars"], told["seed"]) == (131, "F# minor", 8, 3)
    assert set(told) >= {"style", "mood", "seconds", "parts", "loudness_lufs", "true_peak_dbtp"}
    assert told["generator_version"]
    assert told["learned_from"] == []
    files = told["files"]
    assert isinstance(files, dict)
    assert set(files) == {"clip.flac", "clip.mid", "pianoroll.png", "clip.json"}
    assert json.loads(Path(files["clip.json"]).read_text()) == told
    with soundfile.SoundFile(files["clip.flac"]) as audio:
        assert audio.frames / audio.samplerate == pytest.approx(8 * 4 * 60 / 131, abs=0.01)
    midi = mido.MidiFile(files["clip.mid"])
    tempo = next(m.tempo for track in midi.tracks for m in track if m.type == "set_tempo")
    assert mido.tempo2bpm(tempo) == pytest.approx(131, abs=0.01)
    with Image.open(BytesIO(Path(files["pianoroll.png"]).read_bytes())) as picture:
        assert picture.width >= 1000


def test_a_jam_leans_to_artists_and_comes_apart(nightjar: Nightjar, tmp_path: Path) -> None:
    arguments = ("jam", "techno", "--bars", 4, "--bpm", 140, "--seed", 5, "--parts", "drums,bass")
    liked = ("--like", "nujabes", "--like", "Kraftwerk", "--stems", "--json")
    told = said(nightjar(*arguments, *liked, "--out", tmp_path / "a"))
    again = said(nightjar(*arguments, *liked, "--out", tmp_path / "b"))
    assert told["artists"] == ["Nujabes", "Kraftwerk"]
    assert told["like"]
    assert told["stems"] == {"bits": 24, "scale": 0.5, "parts": ["drums", "bass"]}
    total = 0.0
    for part in ("drums", "bass"):
        name = f"stems/{part}.flac"
        path = Path(told["files"][name])
        assert path == tmp_path / "a" / name
        assert path.read_bytes() == Path(again["files"][name]).read_bytes()
        samples, rate = soundfile.read(path)
        assert len(samples) / rate == pytest.approx(told["seconds"], abs=0.001)
        total = total + samples
    audio = soundfile.read(tmp_path / "a" / "clip.mp3")[0]
    mix, mastered = total.mean(axis=1), audio.mean(axis=1)
    assert np.corrcoef(mix, mastered[: len(mix)])[0, 1] > 0.6
    assert json.loads((tmp_path / "a" / "clip.json").read_text()) == told


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("jam", "sinthwave"), "synthwave"),
        (("jam", "synthwave", "--bpm", "900"), "40"),
        (("jam", "synthwave", "--bpm", "fast"), "bpm"),
        (("jam", "synthwave", "--bars", "5"), "16"),
        (("jam", "synthwave", "--key", "H dur"), "minor"),
        (("jam", "synthwave", "--mood", "hungry"), "dark"),
        (("jam", "synthwave", "--parts", "drums,kazoo"), "kazoo"),
        (("jam", "synthwave", "--format", "aiff"), "flac"),
        (("jam", "synthwave", "--seed", "-4"), "seed"),
        (("jam", "synthwave", "--out", "/proc/nowhere"), "--out"),
        (("jam", "synthwave", "--like", "Kavinskiii Brothers Quartet"), "do not know"),
        (("jam",), "style"),
        (("dance",), "dance"),
        (("recommend", "--like", "Kavinskiii Brothers Quartet"), "know"),
        (("recommend", "--like", "Kavinsky", "--mode", "wild"), "balanced"),
        (("recommend", "--like", "Kavinsky", "--count", "0"), "--count"),
        (("recommend", "--model", "/nowhere", "--like", "Kavinsky"), "train"),
        (("recommend", "--users", "users.csv"), "--out"),
        (("recommend", "--users", "u.csv", "--out", "o.csv", "--json"), "--json"),
        (("recommend", "--users", "u.csv", "--out", "o.csv", "--like", "A"), "--like"),
        (("recommend", "--users", "u.csv", "--out", "o.csv", "--history", "h"), "--history"),
        (("recommend", "--users", "u.csv", "--out", "o.csv", "--user", "ana"), "--user;"),
        (("recommend", "--like", "Kavinsky", "--count", "9" * 3000), "--count"),
        (("jam", "synthwave", "--bpm", "9" * 3000), "40 to 220"),
        (("jam", "synthwave", "--bpm", "9" * 5000), "bpm"),
        (("jam", "synthwave", "--seed", "9" * 3000), "seed"),
        (("jam", "synthwave", "--format", "9" * 3000), "flac"),
        (("jam", "synthwave", "--parts", "9" * 3000), "drums"),
        (("dance" * 600,), "dance"),
        (("import", "nothing.zip"), "nothing.zip"),
        (("train", "--tags", "tags.csv"), "--plays"),
        (("bot",), "DISCORD_TOKEN"),
    ],
)
def test_a_mistake_ends_in_one_line_that_helps(
    home: Path,
    arguments: tuple[str, ...],
    names: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("DATA_DIR", str(home / "data"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(sys, "argv", ["nightjar", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert names in printed.err
    assert len(printed.err) < 300


def test_settings_that_do_not_parse_are_named(nightjar: Nightjar) -> None:
    assert "WEB_PORT" in refusal(nightjar("styles", WEB_PORT="eighty"))


def test_styles_are_listed_with_tempo_and_moods(nightjar: Nightjar) -> None:
    result = nightjar("styles", "--json")
    rows = {row["style"]: row for row in json.loads(result.stdout)}
    assert {"synthwave", "lofi", "techno"} <= set(rows)
    for row in rows.values():
        low, high = row["bpm"]
        assert 40 <= low <= high <= 220
        assert len(row["moods"]) >= 3
    shown = nightjar("styles", COLUMNS="80").stdout
    assert all(len(line) <= 80 for line in shown.splitlines())
    for row in rows.values():
        low, high = row["bpm"]
        assert f"{row['style']} " in shown
        assert f"{low}-{high} bpm" in shown
        assert row["moods"][0] in shown


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account.zip", account_package(TASTE)),
        ("extended.zip", extended_package(TASTE)),
        ("Streaming_History_Audio_2019_0.json", as_json(extended_rows(TASTE))),
    ],
)
def test_a_history_gives_recommendations_with_reasons_from_it(
    nightjar: Nightjar, tmp_path: Path, name: str, data: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    told = said(nightjar("recommend", "--history", file, "--count", 8, "--json"))
    items = told["items"]
    assert isinstance(items, list)
    assert len(items) == 8
    for item in items:
        assert item["because"]
        assert set(item["because"]) <= set(TASTE)
        assert all(artist in item["reason"] for artist in item["because"])
        assert item["artist"] not in TASTE


def test_a_recommendation_says_where_to_begin(nightjar: Nightjar) -> None:
    asked = ("recommend", "--like", "Kavinsky", "--count", 10)
    items = said(nightjar(*asked, "--json"))["items"]
    assert isinstance(items, list)
    begun = [item for item in items if item["start_with"]]
    assert begun
    for item in items:
        assert bool(item["start_link"]) == (item in begun)
    shown = nightjar(*asked).stdout
    assert all(f"     Start with {item['start_with']}\n" in shown for item in begun)
    assert shown.count("Start with") == len(begun)


def test_a_history_becomes_mixes(nightjar: Nightjar, tmp_path: Path) -> None:
    nights = dict.fromkeys(("Kavinsky", "Perturbator", "Com Truise", "Gunship", "FM-84"), 20)
    beats = dict.fromkeys(("Nujabes", "J Dilla", "Madlib", "Knxwledge", "DJ Shadow"), 12)
    file = tmp_path / "my_spotify_data.zip"
    file.write_bytes(extended_package(nights | beats))
    done = nightjar("mixes", "--history", file, "--json")
    assert done.returncode == 0, done.stderr
    mixes = json.loads(done.stdout)
    assert len(mixes) == 2
    for mix in mixes:
        assert mix["id"]
        assert mix["name"]
        assert mix["tags"]
        assert 20 <= len(mix["items"]) <= 50
        known = [item for item in mix["items"] if item["known"]]
        assert {item["artist"] for item in known} in (set(nights), set(beats))
        assert {item["reason"] for item in known} == {"you play it"}
        new = [item for item in mix["items"] if not item["known"]]
        assert all(item["reason"].startswith("new: because you play ") for item in new)
        assert any(item["track"] for item in new)
    assert json.loads(nightjar("mixes", "--history", file, "--json").stdout) == mixes

    nightjar("import", file, "--user", "mixer")
    assert json.loads(nightjar("mixes", "--user", "mixer", "--json").stdout) == mixes
    shown = nightjar("mixes", "--user", "mixer").stdout
    assert all(mix["name"] in shown for mix in mixes)
    assert "by Kavinsky  you play it" in shown


def test_too_little_for_mixes_is_told(nightjar: Nightjar, tmp_path: Path) -> None:
    assert "nightjar import" in refusal(nightjar("mixes", "--user", "nobody"))
    file = tmp_path / "plays.csv"
    file.write_text("artist,track,plays\nKavinsky,Nightcall,9\n")
    assert "Mixes begin at 3 artists" in refusal(nightjar("mixes", "--history", file), code=1)
    file.write_text("artist,track,plays\nNobody Has Heard Of Us,Song,9\n")
    refusal(nightjar("mixes", "--history", file), code=1)


def test_an_import_is_kept_for_the_user_it_was_made_for(nightjar: Nightjar, tmp_path: Path) -> None:
    file = tmp_path / "my_spotify_data.zip"
    file.write_bytes(extended_package({"Miles Davis": 30, "John Coltrane": 20}))
    report = said(nightjar("import", file, "--user", "ana", "--json"))
    assert report["plays"] == 50
    assert report["artists"] == 2
    assert report["skipped"]
    again = said(nightjar("import", file, "--user", "ana", "--json"))
    assert again["plays"] == report["plays"]
    items = said(nightjar("recommend", "--user", "ana", "--json", "--count", 5))["items"]
    assert isinstance(items, list)
    assert {name for item in items for name in item["because"]} <= {"Miles Davis", "John Coltrane"}
    assert "Whose taste" in refusal(nightjar("recommend", "--user", "ben"))


def test_the_doctor_says_what_to_mend(nightjar: Nightjar) -> None:
    findings = {row["what"]: row for row in json.loads(nightjar("doctor", "--json").stdout)}
    assert findings["Redis"]["state"] == "ok"
    assert findings["Discord"]["state"] == "warning"
    broken = nightjar("doctor", "--json", REDIS_URL="redis://127.0.0.1:1/0")
    assert broken.returncode == 1
    rows = {row["what"]: row for row in json.loads(broken.stdout)}
    assert rows["Redis"]["state"] == "mend"
    assert "REDIS_URL" in rows["Redis"]["say"]


def test_an_oddly_named_export_is_read(nightjar: Nightjar, tmp_path: Path) -> None:
    file = tmp_path / "x[y]" / "[" / "bold] [spunge].zip"
    file.parent.mkdir(parents=True)
    file.write_bytes(account_package(TASTE))
    told = nightjar("import", file, "--user", "[/x]")
    assert told.returncode == 0, told.stderr
    assert told.stderr == ""
    assert "next training" in told.stdout


def test_long_work_that_ends_in_an_error_leaves_one_line(nightjar: Nightjar) -> None:
    assert "/proc/nowhere" in refusal(nightjar("train", "--model", "/proc/nowhere"))


@pytest.mark.parametrize("heard", [{}, {"ms_played": 100}])
def test_a_history_that_gives_nothing_to_go_by_is_nothing_found(
    nightjar: Nightjar, tmp_path: Path, heard: dict[str, int]
) -> None:
    file = tmp_path / "Streaming_History_Audio_2019_0.json"
    rows = [{**row, **heard} for row in extended_rows({"Nobody Has Heard Of Us": 12})]
    file.write_bytes(as_json(rows))
    assert refusal(nightjar("recommend", "--history", file), code=1)


def test_the_doctor_says_once_why_a_port_cannot_be_had(nightjar: Nightjar) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        findings = json.loads(nightjar("doctor", "--json", WEB_PORT=str(port)).stdout)
    say = next(row["say"] for row in findings if row["what"] == "Web")
    assert say.startswith(f"127.0.0.1:{port} cannot be had (Address already in use); ")
    elsewhere = json.loads(nightjar("doctor", "--json", WEB_HOST="nowhere.invalid").stdout)
    say = next(row["say"] for row in elsewhere if row["what"] == "Web")
    assert "(no address of this machine)" in say


def test_the_doctors_lines_stay_whole(nightjar: Nightjar, tmp_path: Path) -> None:
    data = tmp_path / "[/b]" / ("d" * 60)
    told = nightjar("doctor", DATA_DIR=str(data), REDIS_URL="redis://127.0.0.1:1/0")
    lines = told.stdout.splitlines()
    assert any(f"  Data: {data} is writable" in line for line in lines), told.stdout
    assert all(line.lstrip().startswith(("ok ", "warning ", "mend ")) for line in lines)
