"""A JSON array of flat objects, one object at a time, however long the array is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

LONGEST_RECORD: Final = 64 * 1024
"""Characters one object may take; a play takes about 700."""

_LONGEST_INTEGER: Final = 18
_NO_BLANK: Final = re.compile(r"[^ \t\r\n]")


class BrokenJson(ValueError):
    """Not a JSON array of objects, or one that ends too soon. Says nothing of the content."""


def read_records(chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of the array whose UTF-8 text comes in ``chunks``; holds about a chunk at a time.

    Integers beyond 18 digits, NaN and infinities become None. Raises BrokenJson at the first fault;
    what was yielded before stands.
    """
    text = _Window(_decoded(chunks))
    text.expect("[")
    if text.next_character() != "]":
        yield text.value()
        while text.next_character() == ",":
            text.expect(",")
            yield text.value()
    text.expect("]")
    if text.next_character():
        raise BrokenJson


class _Window:
    """The stretch of text that is looked at, with more to come."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._position = 0

    def next_character(self) -> str:
        """The next character that is no blank, "" at the end; stands before it afterwards."""
        while True:
            found = _NO_BLANK.search(self._text, self._position)
            if found is not None:
                self._position = found.start()
                return found.group()
            self._position = len(self._text)
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Steps over ``character``, which must come next."""
        if self.next_character() != character:
            raise BrokenJson
        self._position += 1

    def value(self) -> dict[str, Any]:
        """Steps over the object that must come next."""
        if self.next_character() != "{":
            raise BrokenJson
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._position)
            except (ValueError, RecursionError):
                if len(self._text) - self._position > LONGEST_RECORD or not self._more():
                    raise BrokenJson from None
                continue
            if end - self._position > LONGEST_RECORD or not isinstance(found, dict):
                raise BrokenJson
            self._position = end
            return found

    def _more(self) -> bool:
        piece = next(self._pieces, "")
        self._text = self._text[self._position :] + piece
        self._position = 0
        return bool(piece)


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for chunk in chunks:
            if text := decoder.decode(chunk):
                yield text
        if text := decoder.decode(b"", final=True):
            yield text
    except UnicodeDecodeError:
        raise BrokenJson from None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _no_number(name: str) -> None:
    """NaN and the infinities, which JSON does not have."""


_DECODER: Final = json.JSONDecoder(parse_int=_integer, parse_constant=_no_number)
