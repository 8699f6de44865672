"""A stand-in for `nightjar run` that a test can kill: store, queue and stage workers on a data
folder; says its workers' processes on stdout. Arguments: data folder, render workers."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.jobs.embedded import embedded_workers
from bot.jobs.queue import open_jobs
from bot.settings import Settings
from bot.store.store import open_store
from tests.unit.jobs.conftest import STAGE, until


async def main(folder: str, workers: str) -> None:
    settings = Settings(_env_file=None, data_dir=Path(folder), workers=int(workers))
    async with (
        open_store(settings) as store,
        open_jobs(store) as jobs,
        embedded_workers(settings, store.address, program=STAGE) as children,
    ):
        await until(jobs.workers)
        sys.stdout.write(" ".join(str(child.pid) for child in children) + "\n")
        sys.stdout.flush()
        await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
