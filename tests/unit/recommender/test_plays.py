from __future__ import annotations

import gzip
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.plays import MAX_COUNT, MAX_LINE_BYTES, PlayTable, read_plays, read_tags

HEADER = b"user,artist,track,plays\n"


def plays(text: str | bytes) -> PlayTable:
    return read_plays(io.BytesIO(text.encode() if isinstance(text, str) else text))


def test_plays_add_up_by_user_and_artist_whatever_the_track_or_spelling() -> None:
    table = plays(
        "user,artist,track,plays\n"
        "ann,The Cure,Pictures of You,3\n"
        "ann,cure,,2\n"
        "ben,The Cure,,1\n"
        'ann,"Crosby, Stills & Nash",,7\n'
    )
    assert table.rows == {
        "ann": {"The Cure": 5.0, "Crosby, Stills & Nash": 7.0},
        "ben": {"The Cure": 1.0},
    }
    assert table.skipped == ()


def test_columns_come_in_any_order_with_a_byte_order_mark_and_windows_lines() -> None:
    table = plays("\ufeffPlays,ARTIST,extra,user\r\n4,Air,x,ann\r\n\r\n".encode())
    assert table.rows == {"ann": {"Air": 4.0}}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"ann,Air,,-3", "plays is not above zero"),
        (b"ann,Air,,0", "plays is not above zero"),
        (b"ann,Air,,many", "plays is not a number"),
        (b"ann,Air,,nan", "plays is not a number"),
        (b"ann,Air,,inf", "plays is not a number"),
        (b"ann,Air,,1e999", "plays is not a number"),
        (b"ann,Air,,", "plays is not a number"),
        (b"ann,Air", "2 columns where the header has more"),
        (b",Air,,1", "no user"),
        (b"ann, ,,1", "no artist"),
        (b'ann,"Air,,1', "quotes that do not match"),
        (b"ann,\xff\xfe,,1", "not UTF-8 text"),
        (b"ann," + b"x" * MAX_LINE_BYTES + b",,1", "longer than 8,192 bytes"),
    ],
)
def test_a_bad_line_is_reported_by_number_and_the_rest_is_used(line: bytes, why: str) -> None:
    table = plays(HEADER + b"ann,Moby,,1\n" + line + b"\nann,Nova,,2\n")
    assert [(skip.line, skip.why) for skip in table.skipped] == [(3, why)]
    assert str(table.skipped[0]) == f"line 3: {why}"
    assert table.skipped_count == 1
    assert table.rows == {"ann": {"Moby": 1.0, "Nova": 2.0}}


def test_huge_counts_are_capped_even_when_they_add_up() -> None:
    table = plays(HEADER + b"ann,Air,,1e15\nann,Air,,99999999999999999999\n")
    assert table.rows == {"ann": {"Air": MAX_COUNT}}


def test_only_the_first_thousand_reports_are_kept_but_all_are_counted() -> None:
    table = plays(HEADER + b"ann,Air,,1\n" + b"broken\n" * 5000)
    assert len(table.skipped) == 1000
    assert table.skipped_count == 5000


@pytest.mark.parametrize("text", [b"", b"\n", b"user,plays\nann,3\n", b'"', b"\xff\xfe\x00"])
def test_a_file_without_the_columns_says_which_it_needs(text: bytes) -> None:
    with pytest.raises(DataError, match="first line must name its columns: user, artist, plays"):
        plays(text)


def test_a_file_with_no_usable_line_says_so_with_the_first_reason() -> None:
    with pytest.raises(
        DataError, match=r"no usable plays: 1 lines skipped \(first: line 2: no user"
    ):
        plays(HEADER + b",,,\n")


def test_paths_may_be_gzipped_missing_or_damaged(tmp_path: Path) -> None:
    packed = tmp_path / "plays.csv.gz"
    whole = gzip.compress(HEADER + b"ann,Air,,1\n" * 5000)
    packed.write_bytes(whole)
    assert read_plays(packed).rows == {"ann": {"Air": 5000.0}}
    packed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"Cannot read plays\.csv\.gz to its end, .* damaged"):
        read_plays(packed)
    for text, said in ((b"", "the first line must name"), (HEADER, "there are no usable plays")):
        packed.write_bytes(text)
        with pytest.raises(DataError, match=rf"In plays\.csv\.gz {said}"):
            read_plays(packed)
    with pytest.raises(DataError, match="Cannot read"):
        read_plays(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="Cannot read"):
        read_plays(tmp_path)


def test_tags_add_up_by_artist_in_lower_case() -> None:
    text = "artist,tag,weight\nAir,Chill,2\nAIR,chill,3\nAir,french,1\nAir,,9\n"
    table = read_tags(io.BytesIO(text.encode()))
    assert table.rows == {"Air": {"chill": 5.0, "french": 1.0}}
    assert [str(skip) for skip in table.skipped] == ["line 5: no tag"]


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=200)
def test_any_bytes_give_a_table_or_one_sentence(data: bytes) -> None:
    for text in (data, HEADER + data):
        with suppress(DataError):
            table = plays(text)
            assert all(0 < n <= MAX_COUNT for row in table.rows.values() for n in row.values())


@given(
    st.lists(
        st.tuples(
            st.text(max_size=6),
            st.text(max_size=12),
            st.one_of(st.integers().map(str), st.floats().map(str), st.text(max_size=4)),
        ),
        max_size=20,
    )
)
@settings(deadline=None, max_examples=100)
def test_every_line_is_used_or_reported(rows: list[tuple[str, str, str]]) -> None:
    lines = [f"{user},{artist},,{count}" for user, artist, count in rows]
    text = HEADER + b"ann,Air,,1\n" + "\n".join(lines).encode(errors="surrogatepass")
    table = plays(text)
    written = sum(bool(line.strip()) for line in text.split(b"\n")) - 1
    assert table.lines + table.skipped_count == written
