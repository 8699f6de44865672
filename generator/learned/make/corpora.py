"""Opening the corpora: bounded, tolerant, in an order that does not depend on the archive."""

from __future__ import annotations

import os
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import mido
from rich.console import Console
from rich.progress import track

LARGEST_FILE: Final = 1_000_000
MOST_FILES: Final = 20_000
MOST_EVENTS: Final = 100_000
MIDI_FAULTS: Final = (OSError, EOFError, IndexError, ValueError, mido.KeySignatureError)


@dataclass(slots=True)
class Report:
    """What was read and what was left out, and why."""

    corpus: str
    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    console: Console = field(default_factory=lambda: Console(stderr=True))

    def skip(self, reason: str) -> None:
        self.skipped[reason] += 1

    def progress(self, files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        """The files one by one, with a bar."""
        yield from track(files, self.corpus, console=self.console)

    def show(self, *lines: str) -> None:
        """Prints the counts, then ``lines``."""
        self.console.print(f"{self.corpus}: {self.read} read")
        for reason, count in sorted(self.skipped.items()):
            self.console.print(f"  {count} left out: {reason}")
        for line in lines:
            self.console.print(f"  {line}")


def corpora_folder() -> Path:
    """Where the archives are: ``corpora`` under NIGHTJAR_DATA (default ../shared/data)."""
    return Path(os.environ.get("NIGHTJAR_DATA", "../shared/data")) / "corpora"


def tables_folder() -> Path:
    """Where the shipped tables are."""
    return Path(__file__).parent.parent / "tables"


def read_archive(name: str, endings: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """(path, content) of the archive's regular files with one of ``endings``, sorted by path.

    Files over 1 MB and whatever follows the 20,000th member are left out. Raises FileNotFoundError
    with the place where the archive should be."""
    path = corpora_folder() / name
    if not path.exists():
        raise FileNotFoundError(
            f"There is no {path}; set NIGHTJAR_DATA to the folder with corpora."
        )
    found = []
    with tarfile.open(path) as archive:
        for count, member in enumerate(archive):
            if count >= MOST_FILES:
                break
            wanted = member.isfile() and member.name.endswith(endings)
            if wanted and member.size <= LARGEST_FILE:
                content = archive.extractfile(member)
                if content is not None:
                    found.append((member.name, content.read()))
    return sorted(found)


def write_table(name: str, content: str | bytes) -> str:
    """Writes a shipped table; says its name and size."""
    data = content.encode() if isinstance(content, str) else content
    path = tables_folder() / name
    path.write_bytes(data)
    return f"{path.name}: {len(data):,} bytes"
