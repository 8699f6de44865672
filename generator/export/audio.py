"""Audio files in memory: samples in, the bytes of an MP3, Ogg, Opus, FLAC or WAV file out."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import lameenc
import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from generator.errors import SpecError
from generator.export import id3, lame_tag, ogg

SAMPLE_RATE: Final = 44100
OPUS_RATE: Final = 48000
MP3_KBITS: Final = 192
MP3_EFFORT: Final = 7  # LAME's own scale, 0 to 9: its psychoacoustics without noise shaping
MP3_SCALE: Final = 0.97  # what LAME multiplies by at this rate (its preset for 192 kbit/s)
_FULL_SCALE: Final = 2**15
_UP, _DOWN = 160, 147
_WRAP_BLOCKS: Final = 8
# libvorbis analyses what it is given on the stack: a whole clip at once overflows it.
_FRAMES_AT_ONCE: Final = 16384


@dataclass(frozen=True, slots=True)
class _Codec:
    container: str
    subtype: str
    compression: float | None
    rate: int = SAMPLE_RATE


_CODECS: Final = {
    "mp3": _Codec("MP3", "PCM_16", None),
    "ogg": _Codec("OGG", "VORBIS", 0.5),
    "opus": _Codec("OGG", "OPUS", 0.7, OPUS_RATE),
    "flac": _Codec("FLAC", "PCM_16", 0.3),
    "wav": _Codec("WAV", "PCM_16", None),
}


def encode(audio: npt.NDArray[np.float32], format: str, tags: Mapping[str, str]) -> bytes:  # noqa: A002
    """The file of ``audio``, float32 ``(frames, 2)`` at 44.1 kHz within -1..1, as bytes.

    ``format`` is one of `generator.spec.FORMATS` (SpecError otherwise). ``tags`` may hold
    ``title``, ``artist``, ``software`` and ``comment``; they become the file's own metadata. The
    same arguments give the same bytes in any process: no timestamps, Ogg serials drawn from tags.
    """
    if format not in _CODECS:
        raise SpecError(f"format is one of {', '.join(_CODECS)}; {format!r} is not.")
    codec = _CODECS[format]
    if codec.container == "MP3":
        return id3.tag(tags) + _mp3(_sixteen_bits(audio, 1.0 / MP3_SCALE))
    samples = _as_stored(audio, codec)
    data = _written(samples, codec, tags)
    if codec.container == "OGG":
        return ogg.with_serial(data, zlib.crc32(repr(sorted(tags.items())).encode()))
    return data


def _as_stored(audio: npt.NDArray[np.float32], codec: _Codec) -> npt.NDArray[Any]:
    if codec.subtype == "PCM_16":
        return _sixteen_bits(audio)
    return audio if codec.rate == SAMPLE_RATE else _resampled_loop(audio)


def _sixteen_bits(audio: npt.NDArray[np.float32], scale: float = 1.0) -> npt.NDArray[np.int16]:
    """``scale`` times ``audio`` as whole samples, frame after frame whatever its own layout."""
    whole = np.empty(audio.shape, np.int16)
    for start in range(0, len(audio), _FRAMES_AT_ONCE):
        some = audio[start : start + _FRAMES_AT_ONCE] * np.float32(scale * _FULL_SCALE)
        np.rint(some, out=some)
        whole[start : start + len(some)] = some.clip(-_FULL_SCALE, _FULL_SCALE - 1, out=some)
    return whole


def _resampled_loop(audio: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """``audio`` at 48 kHz; the ends see each other, so that a seamless loop stays one."""
    margin = _WRAP_BLOCKS * _DOWN
    looped = np.take(audio, np.arange(-margin, len(audio) + margin), axis=0, mode="wrap")
    resampled: npt.NDArray[np.float32] = resample_poly(looped, _UP, _DOWN, axis=0)
    frames = round(len(audio) * _UP / _DOWN)
    start = _WRAP_BLOCKS * _UP
    return resampled[start : start + frames]


def _mp3(samples: npt.NDArray[np.int16]) -> bytes:
    """MPEG frames of 16-bit samples, by LAME itself: libsndfile runs it several times slower."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(MP3_KBITS)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_channels(samples.shape[1])
    encoder.set_quality(MP3_EFFORT)
    encoder.silence()
    frames = bytes(encoder.encode(samples.tobytes()) + encoder.flush())
    return lame_tag.with_tag(frames, len(samples))


def _written(samples: npt.NDArray[Any], codec: _Codec, tags: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with soundfile.SoundFile(
        target,
        "w",
        samplerate=codec.rate,
        channels=samples.shape[1],
        subtype=codec.subtype,
        format=codec.container,
        compression_level=codec.compression,
    ) as file:
        for name, text in tags.items():
            setattr(file, name, text)
        for start in range(0, len(samples), _FRAMES_AT_ONCE):
            file.write(samples[start : start + _FRAMES_AT_ONCE])
    return target.getvalue()
