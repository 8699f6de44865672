"""Children that do not outlive their parent, not even when it is killed with -9.

As a program (``guard.py PARENT_PID COMMAND...``) it asks the kernel for a signal on the parent's
death and becomes the command: a hook between fork and exec would do the same, but may hang a child
forked from a process with threads. The signal follows the parent's *thread*: start children from
the main one. Only Linux has it; elsewhere a server left behind is adopted by the next start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Asks for signal ``number`` when the parent dies; exits at once if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def _main() -> None:
    parent, *command = sys.argv[1:]
    os.umask(0o077)
    die_with_parent(int(parent), signal.SIGTERM)
    os.execv(command[0], command)  # noqa: S606  the caller chose the program


if __name__ == "__main__":
    _main()
