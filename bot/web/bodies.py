"""Reads what a page sends: small JSON objects, and one uploaded file, both within limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from bot.errors import UserError

IMPORT_LIMIT: Final = 64 * 2**20
TEXT_LIMIT: Final = 200
JSON_SECONDS: Final = 30.0
IMPORT_SECONDS: Final = 600.0
CHUNK: Final = 2**16


class Fields:
    """The members of one JSON object, asked for by name; each refusal is a UserError."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """A string of at most 200 characters; None when it is absent, null or blank."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > TEXT_LIMIT:
            raise UserError(f"{name} must be a text of at most {TEXT_LIMIT} characters.")
        if not _storable(value):
            raise UserError(f"{name} holds characters that are not text.")
        return value.strip() or None

    def needed_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise UserError(f"{name} is missing; say which one you want.")
        return value

    def whole(self, name: str) -> int | None:
        """A whole number; None when it is absent or null."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise UserError(f"{name} must be a whole number.")
        return value

    def needed_whole(self, name: str) -> int:
        value = self.whole(name)
        if value is None:
            raise UserError(f"{name} is missing; give a whole number.")
        return value


async def read_fields(request: web.Request) -> Fields:
    """The JSON object in the request's body; UserError when it is anything else."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    async with _within(JSON_SECONDS):
        body = await request.read()
    try:
        values = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise UserError("The request is not JSON that can be read.") from error
    if not isinstance(values, dict):
        raise UserError("The request must be a JSON object.")
    return Fields(values)


async def read_upload(request: web.Request) -> tuple[str, bytes]:
    """The name and bytes of the file in a multipart body, or of a raw body with ``?filename=``.

    The limit is 64 MB; UserError when there is no file.
    """
    if (request.content_length or 0) > IMPORT_LIMIT + CHUNK:
        raise _too_large()
    async with _within(IMPORT_SECONDS):
        if request.content_type.startswith("multipart/"):
            return await _first_file(request)
        data = await _collect(request.content.iter_chunked(CHUNK))
    return _checked(request.query.get("filename", ""), data)


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except ConnectionResetError as error:  # nobody is left to read the answer
        raise web.HTTPBadRequest from error


async def _first_file(request: web.Request) -> tuple[str, bytes]:
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.filename:
                return _checked(unquote(part.filename), await _collect(_chunks(part)))
    except ValueError as error:
        raise UserError("The upload broke off or is not a form; send the file again.") from error
    raise UserError("There is no file in the upload; choose your export and send it again.")


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield bytes(chunk)


async def _collect(chunks: AsyncIterator[bytes]) -> bytes:
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > IMPORT_LIMIT:
            raise _too_large()
    return bytes(data)


def _checked(filename: str, data: bytes) -> tuple[str, bytes]:
    name = PurePosixPath(filename.replace("\\", "/")).name[-TEXT_LIMIT:]
    if not name or not _storable(name):
        raise UserError("The file has no name; send it with the one it had in your export.")
    if not data:
        raise UserError(f"{name} is empty; choose the export you downloaded.")
    return name, data


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _too_large() -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(max_size=IMPORT_LIMIT)
