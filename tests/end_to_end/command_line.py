"""`nightjar` as a stranger calls it, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Nightjar = Callable[..., subprocess.CompletedProcess[str]]


def nightjar_at(home: Path) -> Nightjar:
    """Runs `nightjar` in ``home``, with the data folder there."""

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            env={**kept, "PYTHONPATH": str(Path.cwd()), "DATA_DIR": str(home / "data"), **settings},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def said(result: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert result.returncode == 0, result.stderr
    document: dict[str, object] = json.loads(result.stdout)
    return document


def refusal(result: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one line on stderr of a call that had to fail."""
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]
