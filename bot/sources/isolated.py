"""Reading an import in a short-lived process: what a hostile file breaks, it breaks there.

Parent and child speak over pipes. In: a line of JSON with the file's name and length, then the
file. Out: a line of JSON with the report or the refusal, then the history's bytes. The child may
not write files or dump core, and its memory is bounded; nothing it reads reaches a disk, a log or
a command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import resource
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final

from bot.errors import NothingFound, UserError
from bot.sources import refusals
from bot.sources.blob import decode_history, encode_history
from bot.sources.imports import ParsedImport, read_import
from bot.sources.report import ImportReport

SECONDS: Final = 60.0
MEMORY_BYTES: Final = 1024 * 1024 * 1024

_MODULE: Final = "bot.sources.isolated"
_PIECE: Final = 1024 * 1024
_LONGEST_COMPLAINT: Final = 500
_PASSED_ON: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")

_log = logging.getLogger(__name__)


async def parse_isolated(
    filename: str, data: bytes, *, seconds: float = SECONDS, memory: int = MEMORY_BYTES
) -> ParsedImport:
    """`read_import` in a child process that is killed after ``seconds``.

    UserError when the file is refused, takes too long or breaks its reader.
    """
    if len(data) > refusals.MAX_UPLOAD:
        raise refusals.too_large()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # nothing is imported from the folder Nightjar happens to be started in
        "-m",
        _MODULE,
        str(memory),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )
    try:
        async with asyncio.timeout(seconds):
            answer, trouble = await _ask(child, filename, data)
            code = await child.wait()
    except TimeoutError:
        raise refusals.too_slow(seconds) from None
    finally:
        if child.returncode is None:
            # Process.kill() would poll first and take the exit code away from the event loop.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
            await child.wait()
    if code != 0:
        _log.error("the import reader ended with %s: %s", code, trouble)
        raise refusals.reader_failed()
    return await asyncio.to_thread(_understand, answer)


async def _ask(child: Process, filename: str, data: bytes) -> tuple[bytes, str]:
    """What the child says to the file, and what it says when it breaks."""
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise TypeError("the import reader was started without pipes")
    answer = asyncio.create_task(child.stdout.read())
    trouble = asyncio.create_task(child.stderr.read())
    # A child that has heard enough closes its end; what it said counts, not the broken pipe.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        question = {"filename": filename, "bytes": len(data)}
        child.stdin.write(json.dumps(question).encode() + b"\n")
        view = memoryview(data)
        for start in range(0, len(data), _PIECE):
            child.stdin.write(view[start : start + _PIECE])
            await child.stdin.drain()
        child.stdin.close()
        await child.stdin.wait_closed()
    said, complaint = await asyncio.gather(answer, trouble)
    return said, complaint[:_LONGEST_COMPLAINT].decode(errors="replace").strip()


def _understand(answer: bytes) -> ParsedImport:
    head, _, blob = answer.partition(b"\n")
    said = json.loads(head)
    if sentence := said.get("refused"):
        raise NothingFound(sentence) if said["nothing"] else UserError(sentence)
    report = said["report"]
    report["years"] = {int(year): plays for year, plays in report["years"].items()}
    return ParsedImport(ImportReport(**report), decode_history(blob))


def main() -> None:
    """The child: reads one question from stdin, answers it on stdout."""
    sys.excepthook = _say_where
    _confine(int(sys.argv[1]))
    head, blob = _answer()
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + blob)
    sys.stdout.buffer.flush()


def _answer() -> tuple[dict[str, Any], bytes]:
    try:
        question = json.loads(sys.stdin.buffer.readline())
        data = sys.stdin.buffer.read(question["bytes"])
        parsed = read_import(question["filename"], data)
        return {"report": asdict(parsed.report)}, encode_history(parsed.history)
    except UserError as refusal:
        return {"refused": str(refusal), "nothing": isinstance(refusal, NothingFound)}, b""
    except MemoryError:
        return {"refused": str(refusals.too_large()), "nothing": False}, b""


def _confine(memory: int) -> None:
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: 2 * int(SECONDS),
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        # Not every system limits address space; the others' limits stand all the same.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _say_where(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """The kind and place of a fault: never its message or values, which may be personal."""
    places = [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in walk_tb(trace)]
    sys.stderr.write(f"{kind.__name__} at {places[-1] if places else 'start'}\n")


if __name__ == "__main__":
    main()
