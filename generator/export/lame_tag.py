"""The first frame of an MP3 that tells players where the music begins and ends.

An encoder puts silence before and after the samples it was given; without this frame a player plays
it, and a loop is not seamless. Layout: G. Bouvigne, "MP3 Info Tag, revision 1", the LAME project.
"""

from __future__ import annotations

import struct
from typing import Final

FRAME_SAMPLES: Final = 1152
ENCODER_DELAY: Final = 576  # samples LAME puts before the first one
_SIDE_INFO_END: Final = 36  # a stereo frame of MPEG 1: 4 bytes of header, 32 of side information
_FRAMES_BYTES_CONTENTS_QUALITY: Final = 15
_ENCODER: Final = b"LAME3.100"
_CONSTANT_RATE: Final = 1
_KBITS: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def with_tag(frames: bytes, samples: int, rate: int = 44100) -> bytes:
    """``frames`` of constant-rate stereo MPEG 1 layer III behind a frame that says they are
    ``samples`` long. ValueError when they are something else."""
    if frames[:1] != b"\xff" or len(frames) < 4:
        raise ValueError("these are no MPEG frames")
    header = bytes((frames[0], frames[1], frames[2] & ~0x02, frames[3]))  # a frame without padding
    length = 144 * _KBITS[frames[2] >> 4] * 1000 // rate
    count = round(len(frames) * rate / (144 * _KBITS[frames[2] >> 4] * 1000))
    padding = count * FRAME_SAMPLES - ENCODER_DELAY - samples
    if not 0 <= padding < 2**12:
        raise ValueError(f"{count} frames cannot hold {samples} samples")
    whole = length + len(frames)
    contents = bytes(percent * 256 // 100 for percent in range(100))
    tag = b"Info" + struct.pack(">III", _FRAMES_BYTES_CONTENTS_QUALITY, count, whole) + contents
    tag += bytes(4) + _ENCODER + bytes((_CONSTANT_RATE,)) + bytes(9)
    tag += bytes((0, min(255, _KBITS[frames[2] >> 4])))
    tag += (ENCODER_DELAY << 12 | padding).to_bytes(3, "big")
    tag += bytes(4) + struct.pack(">I", whole) + bytes(2)
    body = header + bytes(_SIDE_INFO_END - len(header)) + tag
    return (body + struct.pack(">H", _crc16(body))).ljust(length, b"\0") + frames


def _crc16(data: bytes) -> int:
    """CRC-16 with the polynomial 0x8005, low bit first, from 0."""
    register = 0
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register
