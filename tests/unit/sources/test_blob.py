from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.blob import artist_plays, decode_history, encode_history, merge_histories
from bot.sources.history import ListeningHistory, TrackPlays, YearPlays, in_order, in_turn
from bot.sources.imports import read_import
from tests import exports

names = st.sampled_from(("Kavinsky", "FM-84", "Björk", "ミドリ", "Gunship"))
links = st.none() | st.integers(0, 3).map(lambda number: exports.uri("x", "y", number))
years = st.lists(
    st.builds(
        YearPlays,
        st.integers(2015, 2025),
        st.integers(0, 50),
        st.integers(0, 9),
        st.integers(0, 10**9),
    ),
    max_size=4,
    unique_by=lambda year: year.year,
).map(lambda found: in_turn(sorted(found)))
days = st.none() | st.dates(date(2010, 1, 1), date(2030, 1, 1))
tracks = st.builds(
    TrackPlays, names, st.sampled_from(("One", "Two", "")), links, st.booleans(), days, years
)
histories = st.lists(tracks, max_size=8, unique_by=lambda track: track[:2]).map(in_order)


@settings(deadline=None, max_examples=100)
@given(histories)
def test_what_is_encoded_is_decoded(history: ListeningHistory) -> None:
    assert decode_history(encode_history(history)) == history


@settings(deadline=None, max_examples=100)
@given(histories, histories, histories)
def test_merging_neither_doubles_nor_depends_on_the_order(
    a: ListeningHistory, b: ListeningHistory, c: ListeningHistory
) -> None:
    assert merge_histories(a, a) == a
    assert merge_histories(a, b) == merge_histories(b, a)
    together = merge_histories(merge_histories(a, b), c)
    assert together == merge_histories(a, merge_histories(b, c))
    assert merge_histories(together, b) == together
    assert {t[:2] for t in together.tracks} == {t[:2] for h in (a, b, c) for t in h.tracks}


def test_the_years_of_two_exports_join_and_what_both_tell_counts_once() -> None:
    older = read_import("a.zip", exports.account_package({"FM-84": 8}, last_year=2022)).history
    newer = read_import("b.zip", exports.account_package({"FM-84": 6}, last_year=2023)).history
    both = merge_histories(older, newer)
    assert artist_plays(both) == {"FM-84": 14}
    assert merge_histories(both, newer) == both


def test_recent_plays_weigh_more_and_skips_nothing() -> None:
    history = in_order(
        [
            TrackPlays("Old", "a", None, False, None, (2020, 40, 9, 0)),
            TrackPlays("New", "b", None, False, None, (2024, 30, 0, 0)),
            TrackPlays("Undated", "c", None, False, None, (0, 5, 0, 0)),
            TrackPlays("Skipped", "d", None, False, None, (2024, 0, 7, 0)),
        ]
    )
    assert artist_plays(history) == {"Old": 40, "New": 30, "Undated": 5}
    weighed = artist_plays(history, today=date(2025, 7, 2))
    assert weighed == pytest.approx({"New": 15.0, "Undated": 5.0, "Old": 40 / 32}, rel=0.01)
    assert list(weighed) == ["New", "Undated", "Old"]


def test_one_artist_under_two_spellings_is_one() -> None:
    spellings = ("Sigur Rós", "SIGUR ROS")
    year = (2024, 3, 0, 0)
    history = in_order(TrackPlays(name, name[0], None, False, None, year) for name in spellings)
    assert list(artist_plays(history).values()) == [6]


@pytest.mark.parametrize(
    "blob", [b"", b"\x02x", b"\x01", b"\x01garbage", encode_history(in_order([]))[:4]]
)
def test_other_bytes_are_no_history(blob: bytes) -> None:
    with pytest.raises(ValueError, match="listening history"):
        decode_history(blob)


def test_a_track_takes_few_bytes() -> None:
    artists = {f"Artist number {number}": 40 for number in range(100)}
    history = read_import("a.zip", exports.extended_package(artists)).history
    assert len(encode_history(history)) < 80 * len(history.tracks)
