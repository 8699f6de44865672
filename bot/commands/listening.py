"""`nightjar import`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from bot.commands.progress import spinner
from bot.commands.session import begin, complete, member_of, print_json, stdout
from bot.errors import UserError
from bot.services.imports import keep_history
from bot.settings import Settings
from bot.sources.isolated import parse_isolated
from bot.sources.report import ImportReport
from bot.store.store import open_store

MAX_FILE_BYTES = 512 * 1024 * 1024
LATER = (
    "Recommendations go by it from now on; the next training learns from it too (`nightjar train`)."
)


def import_file(file: Path, *, user: str | None, as_json: bool) -> None:
    """Reads an export file into the store."""
    complete(_import(begin(quiet=True), file, member_of(user), as_json=as_json))


def read_export(file: Path) -> bytes:
    """The file's bytes; UserError when it is not there, not readable or far too large."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{file} is larger than 512 MB; an export is far smaller.")
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"Cannot read {file}: {error.strerror}.") from error


async def _import(settings: Settings, file: Path, member: str, *, as_json: bool) -> None:
    data = read_export(file)
    with spinner(f"Reading {file.name} ..."):
        parsed = await parse_isolated(file.name, data)
        async with open_store(settings, role="attach") as store:
            await keep_history(store, member, parsed)
    if as_json:
        print_json({**asdict(parsed.report), "text": parsed.report.text})
    else:
        _show(parsed.report)
        stdout().print(LATER)


def _show(report: ImportReport) -> None:
    console = stdout()
    console.print(report.text)
    if report.skipped:
        table = Table("Skipped because", "Rows")
        for reason, count in sorted(report.skipped.items()):
            table.add_row(reason, f"{count:,}")
        console.print(table, soft_wrap=False)
