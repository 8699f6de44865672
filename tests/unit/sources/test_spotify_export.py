from __future__ import annotations

from datetime import date

import pytest

from bot.errors import NothingFound, UserError
from bot.sources.blob import artist_plays, encode_history
from bot.sources.imports import ParsedImport, read_import
from tests import exports

ARTISTS = {"Perturbator": 20, "Carpenter Brut": 13, "Björk": 7, "Solo Flight": 1}


def records(*rows: exports.Record) -> bytes:
    return exports.as_json(list(rows))


def play(**fields: object) -> exports.Record:
    """One play of the extended history, of a minute, changed by ``fields``."""
    return {
        "ts": "2023-04-05T06:07:08Z",
        "ms_played": 60_000,
        "master_metadata_track_name": "Night Drive",
        "master_metadata_album_artist_name": "Perturbator",
        "spotify_track_uri": exports.uri("Perturbator", "Night Drive"),
        "reason_end": "trackdone",
        "skipped": False,
    } | fields


def read_plays(*rows: exports.Record) -> ParsedImport:
    return read_import("endsong_0.json", records(*rows))


class TestExtendedHistory:
    @pytest.mark.parametrize("old_names", [False, True])
    def test_every_play_counts_and_every_oddity_is_left_out_with_its_reason(
        self, old_names: bool
    ) -> None:
        parsed = read_import("data.zip", exports.extended_package(ARTISTS, old_names=old_names))
        assert parsed.report.package == "extended history"
        assert parsed.report.plays == sum(ARTISTS.values())
        assert parsed.report.artists == len(ARTISTS)
        assert parsed.report.skipped == exports.EXTENDED_LEFT_OUT
        assert (parsed.report.first_year, parsed.report.last_year) == (2016, 2024)
        assert sum(parsed.report.years.values()) == parsed.report.plays
        assert artist_plays(parsed.history) == ARTISTS

    def test_a_track_keeps_its_plays_skips_last_day_and_link(self) -> None:
        link = exports.uri("Perturbator", "Night Drive")
        parsed = read_plays(
            play(ts="2021-01-01T00:00:00Z", ms_played=40_000),
            play(ts="2023-09-09T00:00:00Z", ms_played=50_000),
            play(ts="2023-09-10T00:00:00Z", ms_played=3_000, skipped=True),
        )
        (track,) = parsed.history.tracks
        assert (track.artist, track.track, track.uri) == ("Perturbator", "Night Drive", link)
        assert (track.plays, track.skips, track.ms) == (2, 1, 90_000)
        assert track.last_played == date(2023, 9, 9)
        assert [(year.year, year.plays) for year in track.years] == [(2021, 1), (2023, 1)]

    def test_one_recording_under_several_links_and_spellings_is_one_track(self) -> None:
        newer = exports.uri("Perturbator", "Night Drive", 1)
        parsed = read_plays(
            play(ts="2020-01-01T00:00:00Z"),
            play(ts="2022-01-01T00:00:00Z", spotify_track_uri=newer),
            play(ts="2021-01-01T00:00:00Z", master_metadata_track_name="NIGHT  DRIVE"),
        )
        (track,) = parsed.history.tracks
        assert (track.plays, track.uri) == (3, newer)

    @pytest.mark.parametrize(
        ("fields", "skips"),
        [
            ({"skipped": True, "ms_played": 12_000}, 1),
            ({"reason_end": "fwdbtn", "ms_played": 12_000}, 1),
            ({"reason_end": "fwdbtn", "ms_played": 12_000, "skipped": None}, 1),
            ({"reason_end": "unknown", "ms_played": 0}, 1),
            ({"reason_end": "fwdbtn", "ms_played": 30_000}, 0),
            ({"reason_end": "trackdone", "ms_played": 12_000}, 0),
            ({"reason_end": None, "ms_played": 12_000, "skipped": None}, 0),
        ],
    )
    def test_short_and_ended_by_hand_is_a_skip(self, fields: dict[str, object], skips: int) -> None:
        parsed = read_plays(play(ts="2019-01-01T00:00:00Z"), play(**fields))
        assert parsed.history.tracks[0].skips == skips

    def test_the_same_second_may_hold_two_songs(self) -> None:
        other = play(master_metadata_track_name="Other", spotify_track_uri=None)
        assert read_plays(play(), other).report.plays == 2

    @pytest.mark.parametrize("link", ["spotify:local:Canary:::1", "spotify:episode:x", "", 7, None])
    def test_only_a_track_link_is_kept(self, link: object) -> None:
        assert read_plays(play(spotify_track_uri=link)).history.tracks[0].uri is None

    @pytest.mark.parametrize(
        "fields",
        [
            {"ms_played": "60000"},
            {"ms_played": 1e9},
            {"ms_played": True},
            {"ms_played": -1},
            {"ms_played": 10**17},
            {"ms_played": None},
            {"ts": 1680000000},
            {"ts": None},
            {"master_metadata_track_name": ["Night"]},
            {"master_metadata_album_artist_name": {"name": "x"}},
            {"master_metadata_track_name": 7},
        ],
    )
    def test_a_record_of_other_types_is_left_out_and_counted(
        self, fields: dict[str, object]
    ) -> None:
        parsed = read_plays(play(), play(**fields))
        assert parsed.report.plays == 1
        assert parsed.report.skipped == {"not understood": 1}

    def test_missing_fields_are_no_obstacle(self) -> None:
        row = play()
        for name in ("spotify_track_uri", "reason_end", "skipped"):
            del row[name]
        assert read_plays(row).report.plays == 1


class TestAccountData:
    @pytest.mark.parametrize("old_names", [False, True])
    def test_every_play_counts_and_every_oddity_is_left_out_with_its_reason(
        self, old_names: bool
    ) -> None:
        parsed = read_import("data.zip", exports.account_package(ARTISTS, old_names=old_names))
        left_out = exports.OLD_ACCOUNT_LEFT_OUT if old_names else exports.ACCOUNT_LEFT_OUT
        assert parsed.report.package == "account data"
        assert parsed.report.plays == sum(ARTISTS.values())
        assert parsed.report.skipped == left_out
        assert parsed.report.years == {2024: parsed.report.plays}
        assert artist_plays(parsed.history) == ARTISTS

    def test_saved_songs_lend_their_links(self) -> None:
        parsed = read_import("data.zip", exports.account_package(ARTISTS))
        saved = [track for track in parsed.history.tracks if track.saved]
        assert parsed.report.saved == len(saved) > 0
        assert all(track.uri == exports.uri(track.artist, track.track) for track in saved)

    def test_a_song_saved_but_never_played_counts_as_one_play(self) -> None:
        library = {"tracks": [{"artist": "New", "album": "A", "track": "T", "uri": None}]}
        package = exports.zipped(
            {
                "YourLibrary.json": exports.as_json(library),
                "StreamingHistory_music_0.json": exports.as_json(exports.account_rows({"Old": 3})),
            }
        )
        parsed = read_import("data.zip", package)
        assert parsed.report.plays == 3
        assert artist_plays(parsed.history) == {"Old": 3, "New": 1}


class TestEitherPackage:
    def test_both_in_one_zip_are_not_counted_twice(self) -> None:
        both = exports.zipped(
            {
                "a/Streaming_History_Audio_2024_0.json": records(play()),
                "b/StreamingHistory_music_0.json": exports.as_json(exports.account_rows({"X": 5})),
            }
        )
        report = read_import("data.zip", both).report
        assert (report.package, report.plays) == ("extended history", 1)

    def test_a_single_json_file_will_do(self) -> None:
        account = exports.as_json(exports.account_rows({"X": 5}))
        assert read_import("StreamingHistory0.json", account).report.package == "account data"
        assert read_import("renamed.json", records(play())).report.package == "extended history"
        assert read_import("x.json", b"\xef\xbb\xbf\n " + account).report.plays == 5

    def test_the_same_file_gives_the_same_bytes(self) -> None:
        package = exports.extended_package(ARTISTS, seed=3)
        first, second = (encode_history(read_import("a.zip", package).history) for _ in range(2))
        assert first == second

    def test_the_text_tells_it_in_a_sentence(self) -> None:
        text = read_plays(play(), play(), play(ts="2024-01-01T00:00:00Z")).report.text
        assert text == (
            "Read 2 plays of 1 artist (1 track), 2023 to 2024, from your extended history."
            " Left out: 1 listed twice."
        )

    @pytest.mark.parametrize("package", [exports.extended_package, exports.account_package])
    def test_nothing_personal_survives(self, package: type) -> None:
        """Neither who, where nor on what, nor what was heard in private, in any output."""
        parsed = read_import("data.zip", package(ARTISTS, old_names=True))
        everything = f"{parsed!r} {parsed.report.text}"
        for canary in exports.CANARIES:
            assert canary not in everything


class TestRefusals:
    def test_a_zip_of_something_else_says_what_to_ask_for(self) -> None:
        package = exports.zipped(
            {"Userdata.json": exports.as_json({"username": exports.USERNAME}), "holiday.jpg": b"x"}
        )
        with pytest.raises(UserError, match=r"Extended streaming history.*account/privacy|ask for"):
            read_import("my_spotify_data.zip", package)

    @pytest.mark.parametrize("data", [b'{"username": "x"}', b"[]", b'[{"name": "x"}]'])
    def test_json_that_is_no_history_says_what_to_ask_for(self, data: bytes) -> None:
        with pytest.raises(UserError, match="Extended streaming history"):
            read_import("Userdata.json", data)

    def test_a_history_without_songs_finds_nothing(self) -> None:
        rows = [play(ms_played=3), play(episode_name="Talk")]
        package = exports.zipped({"endsong_0.json": exports.as_json(rows)})
        with pytest.raises(NothingFound, match="no song played for at least 30 seconds"):
            read_import("data.zip", package)
        with pytest.raises(NothingFound):
            read_import("data.zip", exports.zipped({"endsong_0.json": b"[]"}))

    @pytest.mark.parametrize(
        "broken",
        [
            b'[{"ts": "2020',
            b"[{} {}]",
            b"[{},]",
            b"[1, 2]",
            b"[{}] []",
            b"",
            b"[",
            b'[{"a": "\xff"}]',
            b"[" + b'{"a":' * 5000,
        ],
    )
    def test_a_cut_or_broken_file_is_refused_by_name_and_whole(self, broken: bytes) -> None:
        package = exports.zipped({"endsong_0.json": records(play()), "x/endsong_1.json": broken})
        with pytest.raises(
            UserError, match=r"^endsong_1\.json in this zip is cut off or not valid"
        ):
            read_import("data.zip", package)

    def test_a_broken_library_is_refused_by_name(self) -> None:
        package = exports.zipped({"endsong_0.json": records(play()), "YourLibrary.json": b"{"})
        with pytest.raises(UserError, match=r"^YourLibrary\.json in this zip"):
            read_import("data.zip", package)

    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("song.mp3", b"ID3\x04 and so on", "neither a zip, a JSON nor a CSV"),
            ("empty", b"", "neither a zip, a JSON nor a CSV"),
            ("data.zip", b"this is no zip", "damaged or cut off"),
            ("data.zip", b"PK\x03\x04 cut", "damaged or cut off"),
            ("data.json", b"hello", "cut off or not valid JSON"),
        ],
    )
    def test_another_kind_of_file_is_named_for_what_it_is_not(
        self, name: str, data: bytes, sentence: str
    ) -> None:
        with pytest.raises(UserError, match=sentence):
            read_import(name, data)
