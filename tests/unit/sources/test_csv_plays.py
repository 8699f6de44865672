from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NothingFound, UserError
from bot.sources.blob import artist_plays
from bot.sources.imports import read_import


def test_plays_are_added_up_by_artist() -> None:
    rows = (
        "user,artist,track,plays",
        "ann,Kavinsky,Nightcall,12",
        "ann,Kavinsky,,3",
        "ann,FM-84,x,4",
    )
    parsed = read_import("plays.csv", "\n".join(rows).encode())
    assert (parsed.report.package, parsed.report.plays) == ("CSV", 19)
    assert parsed.report.first_year is None
    assert artist_plays(parsed.history) == {"Kavinsky": 15, "FM-84": 4}


@pytest.mark.parametrize(
    "table",
    [
        "artist,plays\nA,2\nB,1\n",
        "plays,artist\n2,A\n1,B\n",
        "\ufeffArtist , Plays\r\n A , 2.0 \r\nB,1\r\n\r\n",
        "artist;plays\nA;2\nB;1",
        "artist,track\nA,x\nA,x\nB,y\n",
        'note,artist,plays\n"a, quoted\nline",A,2\n,B,1\n',
    ],
)
def test_many_spellings_of_the_same_table(table: str) -> None:
    assert artist_plays(read_import("mine.csv", table.encode()).history) == {"A": 2, "B": 1}


def test_a_table_is_known_by_its_first_line_too() -> None:
    assert read_import("download", b"artist,plays\nA,2\n").report.plays == 2


def test_rows_that_are_no_plays_are_counted_out() -> None:
    table = "artist,plays\nA,2\n,4\nB,many\nC,-1\nD,0\nE,1e9\nF,99999999999999999999\nG,²\n"
    report = read_import("plays.csv", table.encode()).report
    assert report.plays == 2
    assert report.skipped == {
        "whose plays are no whole number above 0": 6,
        "without artist or title": 1,
    }


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (b"user,artist,plays\nann,A,1\nbob,A,1\n", "plays of several users"),
        (b"name,plays\nA,1\n", "one of them must be artist"),
        (b"", "one of them must be artist"),
        (b"artist,plays\nA,1\n\xff\xfe,2\n", "not readable as UTF-8"),
        (b"artist,plays\n" + b"A" * 200_000 + b",1\n", "Line 2"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(table: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_import("plays.csv", table)


def test_a_table_without_plays_finds_nothing() -> None:
    with pytest.raises(NothingFound):
        read_import("plays.csv", b"artist,plays\n")


@settings(deadline=None, max_examples=150)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_table_gives_counts_or_a_sentence(tail: bytes) -> None:
    table = b"artist,track,plays\n" + tail
    try:
        parsed = read_import("plays.csv", table)
    except UserError as refusal:
        said = str(refusal)
    else:
        said = parsed.report.text
        assert sum(artist_plays(parsed.history).values()) == parsed.report.plays
    assert said.endswith(".")
