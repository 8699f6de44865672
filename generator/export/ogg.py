"""Ogg pages with a chosen stream serial, so that the same audio gives the same bytes.

The encoder draws a random serial for every stream it writes. Serial and checksum of each page are
set afterwards; nothing else of a page depends on them (RFC 3533, section 6).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

_HEADER: Final = 27
_SERIAL: Final = slice(14, 18)
_CHECKSUM: Final = slice(22, 26)
_ONES: Final = 0xFFFFFFFF
_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def with_serial(stream: bytes, serial: int) -> bytes:
    """``stream`` with every page's serial set to ``serial`` (32 bits), its checksum made right.

    ValueError when ``stream`` is not a sequence of whole Ogg pages.
    """
    rewritten = bytearray(stream)
    for start, end in _pages(stream):
        page = rewritten[start:end]
        page[_SERIAL] = struct.pack("<I", serial)
        page[_CHECKSUM] = bytes(4)
        page[_CHECKSUM] = struct.pack("<I", checksum(page))
        rewritten[start:end] = page
    return bytes(rewritten)


def checksum(page: bytes | bytearray) -> int:
    """The CRC-32 of RFC 3533: polynomial 0x04c11db7, initial value and final xor 0, high bit first.

    zlib's CRC has the same polynomial, low bit first, with ones for initial value and final xor:
    mirroring every byte, undoing the ones and mirroring the result turns one into the other.
    """
    mirrored = zlib.crc32(page.translate(_MIRRORED), _ONES) ^ _ONES
    return int(f"{mirrored:032b}"[::-1], 2)


def _pages(stream: bytes) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(stream):
        if stream[start : start + 4] != b"OggS" or start + _HEADER > len(stream):
            raise ValueError(f"no Ogg page at byte {start}")
        body = start + _HEADER + stream[start + 26]
        end = body + sum(stream[start + _HEADER : body])
        if end > len(stream):
            raise ValueError(f"the Ogg page at byte {start} is cut short")
        yield start, end
        start = end
