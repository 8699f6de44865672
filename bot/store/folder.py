"""The data folder: who uses it, who runs its server, and where that server's socket is.

Three locks keep it safe. ``nightjar.lock`` is held by the one bot that has the folder to itself.
``redis.keeper`` is held by the process that runs the server, and tells the socket. ``redis.server``
is inherited by the server itself, so that a new keeper never starts a second server on the same
files while the last one, whose keeper was killed, is still writing them out.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.errors import UserError

MAX_SOCKET_BYTES: Final = 100


class FileLock:
    """An exclusive flock on a file that is never deleted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    @property
    def fd(self) -> int:
        """The held lock's descriptor; a child that inherits it holds the lock too."""
        if self._fd is None:
            raise RuntimeError(f"{self._path} is not locked")
        return self._fd

    @property
    def held(self) -> bool:
        return self._fd is not None

    def acquire(self) -> bool:
        """True when this object now holds the lock, False when somebody else does."""
        if self._fd is not None:
            return True
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def write(self, text: str) -> None:
        """Leaves word for whoever meets the held lock."""
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text.encode(), 0)

    def read(self) -> str:
        """What the holder wrote; empty when it has not yet."""
        try:
            return self._path.read_text()
        except FileNotFoundError:
            return ""

    def release(self) -> None:
        """Lets go; a child that inherited the descriptor keeps the lock until it ends."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class DataFolder:
    """DATA_DIR, made if absent (0700); UserError when it cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.bot_lock = FileLock(self.path / "nightjar.lock")
            self.keeper_lock = FileLock(self.path / "redis.keeper")
            self.server_lock = FileLock(self.path / "redis.server")
            if self.keeper_lock.acquire():
                self.keeper_lock.release()
        except OSError as error:
            raise UserError(
                f"The data folder {self.path} cannot be used ({error.strerror}): set DATA_DIR to a"
                " folder you may write to."
            ) from error

    def close(self) -> None:
        """Lets go of every lock."""
        for lock in (self.server_lock, self.keeper_lock, self.bot_lock):
            lock.release()

    def remove_unfinished(self) -> None:
        """Removes what a server that was killed while writing its log anew has left: nobody reads
        it, and it may hold what was deleted since. Only for whoever holds ``server_lock``."""
        for file in self.path.glob("**/temp-*.aof"):
            file.unlink(missing_ok=True)

    def is_at(self, path: Path) -> bool:
        """Whether ``path`` leads to this folder too."""
        return path.resolve() == self.path.resolve()

    def socket(self) -> Path:
        """Where to put the server's socket: here, or in a short folder of our own under the
        system's temporary one when the path would be too long for a socket address."""
        near = self.path / "redis.sock"
        if len(os.fsencode(near)) <= MAX_SOCKET_BYTES:
            return near
        digest = hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:16]
        return _private_folder(f"nightjar-{os.getuid()}-{digest}") / "redis.sock"


def _private_folder(name: str) -> Path:
    parents = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108
    for parent in parents:
        folder = parent / name
        if len(os.fsencode(folder)) + 20 > MAX_SOCKET_BYTES:
            continue
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            status = folder.lstat()
            if status.st_uid == os.getuid() and not status.st_mode & 0o077 and folder.is_dir():
                return folder
    raise UserError(
        "The path of the data folder is too long for a socket, and no short private folder could be"
        " made: set DATA_DIR to a shorter path."
    )
