"""The shipped tables are what their scripts make of the corpora, small, and said in NOTICE.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

import generator
from generator import learned
from generator.learned import FAMILIES
from generator.learned.copies import TABLE as COPIES
from generator.learned.copies import commonplace, copied_at
from generator.learned.make import chords, grooves, melody
from generator.learned.make.annotations import quality_of, read_song
from generator.learned.make.corpora import Report, corpora_folder, read_archive, tables_folder
from generator.learned.make.drumming import families_of, swing_of
from generator.learned.make.melodies import key_named, read_melodies, scale_step, tones_of
from generator.learned.tables import open_table
from generator.theory import Key

TABLES = ("chords.json", "melody.json", "grooves.json", COPIES)
LARGEST = {COPIES: 2_000_000}
SONG = """# title: Nobody's
# metre: 4/4
# tonic: G

0.0\tsilence
0.5\tA, verse, | G:maj | E:min7 C:maj | D:5 | D:sus4(b7) . . D:7/5 |, (voice
9.0\tB, chorus, | A:hdim7 | N | G:maj G:maj9 | x2
# tonic: A
20.0\t| A:maj | A:min |
30.0\tend
"""

needs_corpora = pytest.mark.skipif(
    not corpora_folder().exists(), reason="no corpora: set NIGHTJAR_DATA"
)


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_small_and_in_the_package(name: str) -> None:
    with open_table(name) as file:
        assert 1_000 < len(file.read()) <= LARGEST.get(name, 150_000)
    assert name in (Path(generator.__file__).parent / "NOTICE.md").read_text()


def test_the_notice_names_every_corpus_and_script() -> None:
    notice = (files("generator") / "NOTICE.md").read_text()
    for words in ("CC0", "Attribution 4.0", "MIT", "Burgoyne", "Gillick", "Wang", "Drolez"):
        assert words in notice
    for script in ("chords.py", "melody.py", "grooves.py"):
        assert f"generator/learned/make/{script}" in notice
        assert (Path(generator.__file__).parent / "learned" / "make" / script).exists()


def test_making_is_no_part_of_composing() -> None:
    here = Path(generator.__file__).parent
    for path in sorted(here.rglob("*.py")):
        if "make" not in path.relative_to(here).parts:
            assert "learned.make" not in path.read_text().replace("`generator.learned.make`", "")


@needs_corpora
def test_the_chord_script_makes_the_shipped_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _makes(chords.make, ["chords.json"], monkeypatch, tmp_path)


@needs_corpora
@pytest.mark.slow
def test_the_other_scripts_make_the_shipped_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _makes(melody.make, ["melody.json", COPIES], monkeypatch, tmp_path)
    _makes(grooves.make, ["grooves.json"], monkeypatch, tmp_path)


def _makes(
    make: Callable[[], None], tables: list[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    shipped = Path(learned.__file__).parent / "tables"
    monkeypatch.setattr("generator.learned.make.corpora.tables_folder", lambda: folder)
    make()
    for name in tables:
        assert (folder / name).read_bytes() == (shipped / name).read_bytes()


@needs_corpora
@pytest.mark.slow
def test_every_melody_of_the_corpus_is_known() -> None:
    for song in read_melodies(Report("POP909")):
        for line in song.lines:
            pitches = [pitch + 3 for pitch in line]
            runs = range(len(pitches) - 11)
            own = [at for at in runs if not commonplace(pitches[at : at + 12])]
            assert copied_at(pitches) == own


def test_a_missing_corpus_is_said_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NIGHTJAR_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="NIGHTJAR_DATA"):
        read_archive("pop909.tar.gz", (".mid",))


def test_an_annotation_is_read_bar_by_bar() -> None:
    song = read_song("1", SONG)
    assert song is not None
    assert (song.mode, song.four_four) == ("major", True)
    verse, chorus, last = song.lines
    assert verse[:2] == ((0,), (9 * 7 + 4, 5 * 7))
    assert verse[2] == (7 * 7,)
    assert verse[3] == (7 * 7 + 5, 7 * 7 + 5, 7 * 7 + 5, 7 * 7 + 2)
    assert chorus == ((2 * 7 + 6,), (), (0, 3)) * 2
    assert last == ((0,), (1,))
    tokens, places = song.changes()
    assert tokens[:5] == [0, 9 * 7 + 4, 5 * 7, 7 * 7, 7 * 7 + 5]
    assert places[:5] == [0, 2, 3, 4, 6]
    assert read_song("2", "no tonic here") is None


@pytest.mark.parametrize(
    ("text", "quality"),
    [("maj", 0), ("maj6(9)", 0), ("min(b13)", 1), ("minmaj7", 1), ("9", 2), ("aug(b7)", 2),
     ("maj9", 3), ("min11", 4), ("sus2(b7)", 5), ("hdim7", 6), ("5(b7)", -1), ("1", -1)],
)  # fmt: skip
def test_qualities(text: str, quality: int) -> None:
    assert quality_of(text) == quality


def test_pop_annotations() -> None:
    assert key_named("Gb:maj") == Key(6, "major")
    assert key_named("B:min") == Key(11, "minor")
    assert tones_of("F#:maj7/5") == {6, 10, 1, 5}
    assert tones_of("A:sus4(b7)") == {9, 2, 4}
    assert tones_of("N") == tones_of("?") == frozenset()
    minor = Key(9, "minor")
    found = [scale_step(69 + above, minor) % 7 for above in (0, 2, 3, 8, 11, 1)]
    assert found == [0, 1, 2, 5, 6, 1]


def test_drummers_are_known_by_family_and_swing() -> None:
    assert families_of("latin/brazilian-samba") == ("latin", "brazilian")
    assert families_of("rock/shuffle") == ("rock",)
    assert families_of("gospel") == ()
    beats = range(32)
    assert swing_of([beat + share for beat in beats for share in (0.0, 0.5)]) == 0.5
    assert swing_of([beat + share for beat in beats for share in (0.0, 0.66)]) == 0.66
    assert swing_of([beat + share for beat in beats for share in (0.0, 0.25, 0.5, 0.72)]) == 0.5
    families = json.loads((tables_folder() / "grooves.json").read_text())["families"]
    assert sorted(families) == list(FAMILIES)
