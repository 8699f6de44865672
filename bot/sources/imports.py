"""Any file of plays a person may bring: told apart by its content, read by the right reader."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sources import refusals
from bot.sources.csv_plays import names_artists, read_csv
from bot.sources.history import ListeningHistory
from bot.sources.report import ImportReport, Package
from bot.sources.spotify_export import read_json, read_zip
from bot.sources.tally import Tally

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ParsedImport:
    """What one file held: ``report`` to show, ``history`` to keep."""

    report: ImportReport
    history: ListeningHistory


def read_import(filename: str, data: bytes) -> ParsedImport:
    """Reads a Spotify export (the zip, or one JSON file of it) or a CSV of plays.

    UserError, in one sentence, for everything else; NothingFound for a history without plays. Never
    writes to disk and never repeats what it read in an error.
    """
    if len(data) > refusals.MAX_UPLOAD:
        raise refusals.too_large()
    tally = Tally()
    package = _read(filename.casefold(), data, tally)
    return ParsedImport(tally.report(package), tally.history())


def _read(filename: str, data: bytes, tally: Tally) -> Package:
    start = data[:4096].removeprefix(_BYTE_ORDER_MARK).lstrip()[:4]
    if start in _ZIP_STARTS:
        return read_zip(data, tally)
    if filename.endswith(".zip"):
        raise refusals.broken_zip()
    if start.startswith(b"["):
        return read_json(data, tally)
    if start.startswith(b"{"):
        raise refusals.wrong_package()
    if filename.endswith(".json"):
        raise refusals.broken_json("This file")
    if filename.endswith(".csv") or names_artists(data):
        read_csv(data, tally)
        return "CSV"
    raise refusals.unknown_kind()
