"""Looking at processes from outside, as an operator would."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.store.store import Store


@asynccontextmanager
async def running_owner(
    folder: Path, role: str = "own", writes: int = 0
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of `tests.unit.store.owner` that has not written its first line yet."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.unit.store.owner", str(folder), role, str(writes)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def line_of(process: asyncio.subprocess.Process) -> str:
    """The next line it writes."""
    async with asyncio.timeout(20):
        return (await process.stdout.readline()).decode().strip()


async def gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within that time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        if not alive(pid):
            return True
        await asyncio.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended and was not collected yet does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


async def server_pid(store: Store) -> int:
    """The process of the Redis server behind a store."""
    return int((await store._redis.info("server"))["process_id"])
