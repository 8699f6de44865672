from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from bot.errors import NothingFound, UserError
from bot.sources.imports import read_import
from bot.sources.isolated import parse_isolated
from tests import exports

ARTISTS = {"Perturbator": 20, "FM-84": 4}


def children() -> set[int]:
    """The processes this one has started and not yet seen end."""
    return {int(pid) for task in Path("/proc/self/task").iterdir()
            for pid in (task / "children").read_text().split()}  # fmt: skip


def outside_view() -> list[bytes]:
    """What anybody on this machine may see of those processes: command lines and environments."""
    seen = []
    for child in children():
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                seen.append(Path(f"/proc/{child}/{name}").read_bytes())
    return seen


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at /proc")
    before = children()
    yield
    assert children() <= before


async def test_the_child_reads_what_the_parent_would() -> None:
    for package in (exports.extended_package(ARTISTS), exports.account_package(ARTISTS)):
        assert await parse_isolated("data.zip", package) == read_import("data.zip", package)
    table = b"artist,plays\nFM-84,3\n"
    assert await parse_isolated("a.csv", table) == read_import("a.csv", table)


async def test_refusals_come_back_as_they_are() -> None:
    with pytest.raises(UserError, match="damaged or cut off"):
        await parse_isolated("data.zip", b"PK\x03\x04")
    with pytest.raises(NothingFound, match="no song"):
        await parse_isolated("data.zip", exports.zipped({"endsong_0.json": b"[]"}))


async def test_a_reader_that_takes_too_long_is_stopped() -> None:
    package = exports.extended_package({"FM-84": 20_000})
    started = monotonic()
    with pytest.raises(UserError, match="took longer than 0 seconds"):
        await parse_isolated("data.zip", package, seconds=0.1)
    assert monotonic() - started < 5.0


async def test_a_reader_without_memory_left_says_so() -> None:
    data = b"[" + b" " * 150_000_000
    with pytest.raises(UserError, match="larger than I can read"):
        await parse_isolated("endsong_0.json", data, memory=100 * 1024 * 1024)


async def test_a_caller_who_goes_away_leaves_no_reader_behind() -> None:
    package = exports.extended_package({"FM-84": 20_000})
    reading = asyncio.create_task(parse_isolated("data.zip", package))
    await asyncio.sleep(0.2)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_the_event_loop_stays_free_meanwhile() -> None:
    package = exports.extended_package({f"Artist {n}": 40 for n in range(200)})
    longest = 0.0
    reading = asyncio.create_task(parse_isolated("data.zip", package))
    while not reading.done():
        started = monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, monotonic() - started)
    assert (await reading).report.plays == 8_000
    assert longest < 0.25


async def test_nothing_personal_reaches_disk_log_or_command_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "canary-token")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    caplog.set_level(logging.DEBUG)
    seen: list[bytes] = []
    reading = asyncio.create_task(
        parse_isolated(f"{exports.USERNAME}.zip", exports.extended_package({"FM-84": 8_000}))
    )
    while not reading.done():
        seen += outside_view()
        await asyncio.sleep(0.01)
    assert (await reading).report.plays == 8_000
    assert any(b"bot.sources.isolated" in text for text in seen)
    written = b"".join(seen) + caplog.text.encode() + "".join(capfd.readouterr()).encode()
    for canary in (*exports.CANARIES, "canary-token"):
        assert canary.encode() not in written
    assert not files_in(tmp_path)


async def test_a_broken_reader_is_an_answer_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A reader that falls over: the person gets a sentence, the log a line."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'ValueError at tally.py:12' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", os.fspath(broken))
    with pytest.raises(UserError, match="could not be read, and nothing was taken"):
        await parse_isolated("data.zip", bytes(2_000_000))
    assert "ended with 3: ValueError at tally.py:12" in caplog.text


async def test_modules_lying_in_the_working_folder_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("csv", "queue", "json", "zipfile"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    package = exports.extended_package({"FM-84": 40})
    assert (await parse_isolated("package.zip", package)).report.plays == 40
