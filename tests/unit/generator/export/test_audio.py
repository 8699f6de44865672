from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from generator.errors import SpecError
from generator.export import ogg
from generator.export.audio import encode
from generator.spec import FORMATS
from tests.unit.generator.export.scores import tone

REPOSITORY = Path(__file__).parents[4]
TAGS = {
    "title": "Synthwave in D minor (seed 7)",
    "artist": "Nightjar",
    "software": "Nightjar 1.0.0",
    "comment": "style=synthwave; seed=7; key=D minor; bpm=100; bars=16; mood=night; naïve=♪",
}
HASH_EVERY_FORMAT = """
import hashlib, json
from generator.export.audio import encode
from generator.spec import FORMATS
from tests.unit.generator.export.scores import tone
from tests.unit.generator.export.test_audio import TAGS
audio = tone(1.7)
print(json.dumps({f: hashlib.sha256(encode(audio, f, TAGS)).hexdigest() for f in FORMATS}))
"""


def decoded(data: bytes) -> tuple[np.ndarray, int]:
    return soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_plays_back_as_what_went_in(file_format: str) -> None:
    audio = tone(2.0)
    heard, rate = decoded(encode(audio, file_format, TAGS))
    assert rate == (48000 if file_format == "opus" else 44100)
    assert len(heard) / rate == pytest.approx(2.0, abs=0.002)
    if file_format == "opus":
        audio = decoded(encode(tone(2.0), "wav", TAGS))[0][: len(heard)]
    level = np.sqrt(np.mean(np.square(heard), axis=0))
    assert level == pytest.approx(np.sqrt(np.mean(np.square(audio), axis=0)), rel=0.02)
    if file_format in ("flac", "wav"):
        assert np.abs(heard - audio).max() <= 0.5 / 32768
    if file_format in ("mp3", "ogg"):
        assert np.corrcoef(heard[2000:-2000, 0], audio[2000:-2000, 0])[0, 1] > 0.99


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_says_where_it_comes_from(file_format: str) -> None:
    with soundfile.SoundFile(io.BytesIO(encode(tone(1.0), file_format, TAGS))) as file:
        said = file.copy_metadata()
    assert said["title"] == TAGS["title"]
    assert said["artist"] == "Nightjar"
    if file_format != "mp3":
        assert said["comment"] == TAGS["comment"]
        assert said["software"].startswith("Nightjar 1.0.0")


def test_an_mp3_carries_its_whole_comment() -> None:
    data = encode(tone(1.0), "mp3", TAGS)
    assert data.startswith(b"ID3\x04\x00\x00")
    length = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    head = data[10 : 10 + length]
    assert TAGS["comment"].encode() in head
    assert b"TSSE" in head
    assert data[10 + length : 12 + length] == b"\xff\xfb"


def test_two_fresh_processes_write_the_same_bytes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", HASH_EVERY_FORMAT],
            cwd=REPOSITORY,
            env={**os.environ, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
            check=True,
            capture_output=True,
        )
        for threads in ("1", "2")
    ]
    first, second = (json.loads(run.stdout) for run in runs)
    assert first == second
    assert set(first) == set(FORMATS)


def test_an_opus_loop_stays_seamless() -> None:
    """A sine of whole periods, repeated: the step over the seam is a step like any other."""
    time = np.arange(44100) / 44100
    sine = np.repeat(0.5 * np.sin(2 * np.pi * 1000 * time)[:, None], 2, axis=1)
    heard, _ = decoded(encode(sine.astype(np.float32), "opus", {}))
    assert len(heard) == 48000
    seam = abs(heard[0, 0] - heard[-1, 0])
    assert seam < 1.5 * np.abs(np.diff(heard[:, 0])).max()


def test_too_loud_samples_are_cut_not_wrapped() -> None:
    loud = np.full((4410, 2), 1.5, np.float32)
    heard, _ = decoded(encode(loud, "wav", {}))
    assert heard.min() > 0.99


def test_an_unknown_format_is_refused_in_a_sentence() -> None:
    with pytest.raises(SpecError, match="mp3, ogg, opus, flac, wav; 'aiff' is not"):
        encode(tone(0.1), "aiff", {})


def test_a_long_clip_goes_through_vorbis_whole() -> None:
    heard, _ = decoded(encode(np.zeros((44100 * 200, 2), np.float32), "ogg", {}))
    assert len(heard) == 44100 * 200


class TestOggPages:
    def test_the_encoders_own_checksums_are_reproduced(self) -> None:
        target = io.BytesIO()
        soundfile.write(target, tone(1.0), 44100, format="OGG", subtype="VORBIS")
        stream = target.getvalue()
        serial = int.from_bytes(stream[14:18], "little")
        assert ogg.with_serial(stream, serial) == stream

    def test_a_new_serial_stands_in_every_page(self) -> None:
        target = io.BytesIO()
        soundfile.write(target, tone(2.0), 48000, format="OGG", subtype="OPUS")
        stream = ogg.with_serial(target.getvalue(), 0x01020304)
        pages = stream.count(b"OggS\x00")
        assert pages > 2
        assert stream.count(b"\x04\x03\x02\x01") >= pages
        assert len(decoded(stream)[0]) > 0

    def test_the_checksum_of_a_known_page(self) -> None:
        """One bit, shifted out of the register, leaves the generator polynomial itself."""
        assert ogg.checksum(b"\x01") == 0x04C11DB7
        assert ogg.checksum(b"") == 0

    @pytest.mark.parametrize("stream", [b"RIFFxxxx", b"OggS", b"OggS" + bytes(22) + b"\x01\xff"])
    def test_what_is_not_ogg_is_refused(self, stream: bytes) -> None:
        with pytest.raises(ValueError, match="Ogg page"):
            ogg.with_serial(stream, 1)
