"""Files made to hurt: each is refused in one sentence, quickly, and gives nothing away."""

from __future__ import annotations

import io
import itertools
import json
import struct
import tracemalloc
import zipfile
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.sources.blob import artist_plays, decode_history, encode_history
from bot.sources.imports import ParsedImport, read_import
from bot.sources.json_stream import LONGEST_RECORD, BrokenJson, read_records
from tests import exports

PACKAGE = exports.extended_package({"Perturbator": 30, "FM-84": 10})


def refused(data: bytes, name: str = "data.zip") -> str:
    with pytest.raises(UserError) as caught:
        read_import(name, data)
    assert caught.value.__cause__ is None
    return str(caught.value)


def bomb(megabytes: int) -> bytes:
    """A history of blanks, a thousand times smaller than what it unpacks to."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("endsong_0.json", "w") as file,
    ):
        file.write(b"[")
        for _ in range(megabytes):
            file.write(b" " * 1024 * 1024)
    return target.getvalue()


def test_a_zip_bomb_is_refused_in_under_a_second() -> None:
    data = bomb(400)
    started = monotonic()
    assert "unpacks to far more" in refused(data)
    assert monotonic() - started < 1.0


def test_a_bomb_that_lies_about_its_size_is_refused_too() -> None:
    data = bytearray(bomb(64))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 1000)
    assert refused(bytes(data))


def test_a_bomb_that_is_never_asked_for_does_no_harm() -> None:
    target = io.BytesIO(PACKAGE)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("holiday.json", b" " * 50_000_000)
    started = monotonic()
    assert read_import("data.zip", target.getvalue()).report.plays == 40
    assert monotonic() - started < 2.0


def test_thousands_of_entries_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"endsong_{number}.json", b"[]")
    assert "unpacks to far more" in refused(target.getvalue())


def test_a_locked_zip_is_told_apart() -> None:
    data = bytearray(PACKAGE)
    directory = 0
    while (directory := data.find(b"PK\x01\x02", directory + 1)) > 0:
        data[directory + 8] |= 1
    assert "locked with a password" in refused(bytes(data))


def test_another_packing_is_told_apart() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("endsong_0.json", b"[]" * 500)
    assert "packed in a way I do not read" in refused(target.getvalue())


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    assert "larger than I can read" in refused(bytes(256 * 1024 * 1024 + 1))


def test_a_cut_download_is_refused() -> None:
    assert "damaged or cut off" in refused(PACKAGE[: len(PACKAGE) // 2])


def test_a_path_that_climbs_is_only_a_name() -> None:
    rows = exports.as_json(exports.extended_rows({"FM-84": 3}))
    data = exports.zipped({"../../etc/endsong_0.json": rows, "C:\\x\\endsong_1.json": b"[]"})
    assert read_import("../../x.zip", data).report.plays == 3


def test_lone_surrogates_and_control_characters_do_not_survive() -> None:
    (row,) = exports.extended_rows({"FM-84": 1})
    row["master_metadata_album_artist_name"] = "FM\\ud800\\u0000-84"
    text = json.dumps([row]).replace("\\\\", "\\")
    history = read_import("endsong_0.json", text.encode()).history
    assert decode_history(encode_history(history)) == history
    assert artist_plays(history) == {"FM -84": 1}


def test_names_of_any_length_are_kept_short() -> None:
    (row,) = exports.extended_rows({"A" * 20_000: 1})
    (track,) = read_import("endsong_0.json", exports.as_json([row])).history.tracks
    assert len(track.artist) <= 200


@pytest.mark.parametrize(
    "value",
    [
        "[" * 30_000 + "]" * 30_000,
        "9" * 5_000,
        "1e400",
        "NaN",
        "-Infinity",
        '"' + "x" * 60_000 + '"',
    ],
)
def test_values_that_choke_parsers_do_not_choke_this_one(value: str) -> None:
    (row,) = exports.extended_rows({"FM-84": 1})
    text = json.dumps(row)[:-1] + f', "platform": {value}}}'
    answers_or_refuses("endsong_0.json", f"[{text}]".encode())


def test_a_record_longer_than_any_play_is_refused() -> None:
    row = '{"ts": "' + "x" * (LONGEST_RECORD + 10) + '"}'
    with pytest.raises(BrokenJson):
        list(read_records([b"[", row.encode(), b"]"]))


def test_memory_does_not_grow_with_the_file() -> None:
    row = json.dumps(exports.extended_rows({"FM-84": 1})[0]).encode()
    chunk = (b"," + row) * 500
    tracemalloc.start()
    try:
        chunks = itertools.chain([b"[" + row], itertools.repeat(chunk, 60), [b"]"])
        assert sum(1 for _ in read_records(chunks)) == 30_001
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(chunk) < 60 * len(chunk)


pieces = st.lists(st.integers(1, 40), min_size=1, max_size=60)
values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
nested = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.dictionaries(st.text(max_size=8), nested, max_size=4), max_size=6), pieces)
def test_records_come_out_as_they_went_in_however_the_bytes_arrive(
    rows: list[dict[str, object]], sizes: list[int]
) -> None:
    text = json.dumps(rows, allow_nan=False, ensure_ascii=True, indent=1) if finite(rows) else "[]"
    data, chunks = text.encode(), []
    while data:
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(data[:size])
        data = data[size:]
    kept = list(read_records(chunks))
    assert json.dumps(kept) == json.dumps([small(row) for row in json.loads(text)])


def finite(value: object) -> bool:
    return "NaN" not in (text := json.dumps(value)) and "Infinity" not in text


def small(value: object) -> object:
    """What the reader makes of integers too long to be of use: nothing."""
    if isinstance(value, dict):
        return {key: small(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [small(inner) for inner in value]
    return None if type(value) is int and len(str(value)) > 18 else value


fields = st.sampled_from(
    ("ts", "endTime", "ms_played", "msPlayed", "artistName", "trackName", "skipped", "reason_end",
     "master_metadata_track_name", "master_metadata_album_artist_name", "spotify_track_uri",
     "incognito_mode", "episode_name")
)  # fmt: skip
likely = st.sampled_from(
    ("2020-01-01T00:00:00Z", "2020-01-01 00:00", "9999-99-99", 60_000, "fwdbtn")
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.dictionaries(fields, nested | likely, max_size=8), max_size=5))
def test_records_of_any_types_give_counts_or_a_sentence(rows: list[dict[str, object]]) -> None:
    answers_or_refuses("endsong_0.json", json.dumps(rows).encode())


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(("a.zip", "a.json", "a.csv", "a", "[.zip")))
def test_random_bytes_give_a_sentence(data: bytes, name: str) -> None:
    answers_or_refuses(name, data)
    answers_or_refuses(name, b"PK\x03\x04" + data)
    answers_or_refuses(name, b"[" + data)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(PACKAGE) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    st.integers(0, len(PACKAGE)) | st.none(),
)
def test_a_mutated_package_gives_counts_or_a_sentence(
    changes: list[tuple[int, int]], cut: int | None
) -> None:
    data = bytearray(PACKAGE)
    for position, byte in changes:
        data[position] = byte
    answers_or_refuses("data.zip", bytes(data[:cut]))


@settings(deadline=None, max_examples=200)
@given(
    st.integers(0, 200),
    st.integers(0, 255),
    st.sampled_from((b"PK\x01\x02", b"PK\x05\x06", b"PK\x03\x04")),
)
def test_a_mutated_header_gives_counts_or_a_sentence(offset: int, byte: int, header: bytes) -> None:
    data = bytearray(PACKAGE)
    position = min(data.rindex(header) + offset % 46, len(data) - 1)
    data[position] = byte
    answers_or_refuses("data.zip", bytes(data))


def answers_or_refuses(name: str, data: bytes) -> None:
    """Anything but an answer or a UserError fails; neither may hold a canary."""
    answer = answered(name, data)
    if isinstance(answer, UserError):
        said = str(answer)
        assert said.endswith(".")
        assert "\n" not in said
        assert answer.__cause__ is None
    else:
        said = f"{answer!r}"
        assert decode_history(encode_history(answer.history)) == answer.history
    for canary in (exports.USERNAME, exports.ADDRESS, exports.EMAIL, exports.DEVICE):
        assert canary not in said


def answered(name: str, data: bytes) -> ParsedImport | UserError:
    try:
        return read_import(name, data)
    except UserError as refusal:
        return refusal
