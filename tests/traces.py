"""Looking for traces of a person: in every key and value of a Redis, and in every file of a folder.

Capitals do not matter. Compressed values and packed models are opened, so that what lies inside
them is found too. The texts should be plain letters and digits, which every layer writes alike.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from redis.asyncio import Redis


async def in_redis(raw: Redis, wanted: Iterable[str | bytes]) -> list[str]:
    """The keys whose name or value holds one of these texts, in every database."""
    needles = _needles(wanted)
    found = []
    for database in (0, 1):
        await raw.select(database)
        for name in sorted(await raw.keys()):
            values = [name, *await _values(raw, name)]
            if any(_holds(value, needles) for value in values):
                found.append(name.decode())
    await raw.select(0)
    return found


def in_files(folder: Path, wanted: Iterable[str | bytes]) -> list[str]:
    """The files under a folder whose name or bytes hold one of these texts or bytes. One that goes
    while they are read, such as a log that is being written anew, holds nothing any more."""
    needles = _needles(wanted)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        str(path.relative_to(folder))
        for path in files
        if _holds(str(path.relative_to(folder)).encode(), needles)
        or _holds(_bytes_of(path), needles)
    ]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _needles(wanted: Iterable[str | bytes]) -> list[bytes]:
    return [each if isinstance(each, bytes) else each.encode() for each in wanted]


async def _values(raw: Redis, name: bytes) -> list[bytes]:
    match await raw.type(name):
        case b"string":
            return [await raw.get(name)]
        case b"hash":
            pairs = await raw.hgetall(name)
            return [part for pair in pairs.items() for part in pair]
        case b"set":
            return list(await raw.smembers(name))
        case b"zset":
            return list(await raw.zrange(name, 0, -1))
        case b"list":
            return list(await raw.lrange(name, 0, -1))
        case kind:
            raise AssertionError(f"{name!r} is a {kind!r}, which nobody looks into")


def _holds(value: bytes, needles: list[bytes]) -> bool:
    layers = [layer.lower() for layer in _layers(value)]
    return any(needle.lower() in layer for layer in layers for needle in needles)


def _layers(value: bytes) -> Iterator[bytes]:
    """The value as it is, and what is packed inside."""
    yield value
    if value[:1] == b"\x01":
        yield zlib.decompress(value[1:])
    if zipfile.is_zipfile(io.BytesIO(value)):
        with zipfile.ZipFile(io.BytesIO(value)) as package:
            for name in package.namelist():
                yield package.read(name)
