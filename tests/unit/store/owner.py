"""A stand-in for a running Nightjar that a test can kill: opens a store, then counts acknowledged
writes on stdout until it is ended. Arguments: data folder, role, most writes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.settings import Settings
from bot.store.store import open_store


async def main(folder: str, role: str, most: str) -> None:
    settings = Settings(_env_file=None, data_dir=Path(folder))
    async with open_store(settings, role="attach" if role == "attach" else "own") as store:
        server = await store._redis.info("server")
        sys.stdout.write(f"ready {server['process_id']}\n")
        sys.stdout.flush()
        for number in range(int(most)):
            await store.notes.put(f"n{number}", str(number))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
        await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
