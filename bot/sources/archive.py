"""A zip read in memory within limits: nothing is unpacked to disk, no header is believed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Final

from bot.sources import refusals

MAX_ENTRIES: Final = 5_000
MAX_ENTRY_BYTES: Final = 256 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 512 * 1024 * 1024
MAX_RATIO: Final = 150
"""Bytes out a byte in. Listening histories, full of repeated keys, reach about 30."""

_RATIO_COUNTS_FROM: Final = 4 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_ENCRYPTED: Final = 0x1
_READABLE: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error)


class Archive:
    """The entries of a zip whose base names are ``wanted``; the others are never opened.

    UserError for a zip that is damaged, locked, packed in another way than deflate, or a bomb.
    """

    def __init__(self, data: bytes, wanted: Callable[[str], bool]) -> None:
        self._source = io.BytesIO(data)
        self._total = 0
        try:
            self._zip = zipfile.ZipFile(self._source)
        except (*_DAMAGED, RuntimeError, OverflowError):
            raise refusals.broken_zip() from None
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise refusals.bomb()
        self._entries = [entry for entry in entries if wanted(base_name(entry))]
        for entry in self._entries:
            if entry.flag_bits & _ENCRYPTED:
                raise refusals.encrypted_zip()
            if entry.compress_type not in _READABLE:
                raise refusals.odd_zip()

    def entries(self) -> list[zipfile.ZipInfo]:
        """The wanted entries, in order of their base names."""
        return sorted(self._entries, key=base_name)

    def chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The inflated bytes of ``entry``, piece by piece."""
        inflated = 0
        try:
            with self._zip.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    inflated += len(chunk)
                    self._total += len(chunk)
                    self._check(inflated, self._source.tell() - entry.header_offset)
                    yield chunk
        except (NotImplementedError, RuntimeError):
            raise refusals.odd_zip() from None
        except _DAMAGED:
            raise refusals.broken_zip() from None

    def _check(self, inflated: int, consumed: int) -> None:
        if inflated > MAX_ENTRY_BYTES or self._total > MAX_TOTAL_BYTES:
            raise refusals.bomb()
        if inflated > _RATIO_COUNTS_FROM and inflated > MAX_RATIO * max(consumed, 1):
            raise refusals.bomb()


def base_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name without its folders."""
    return PurePosixPath(entry.filename.replace("\\", "/")).name
