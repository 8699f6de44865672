"""The shipped tables (see `generator/NOTICE.md`), each opened when it is first needed."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import IO, Any


def open_table(name: str) -> IO[bytes]:
    """A table's bytes."""
    return (files(__package__) / name).open("rb")


def read_json(name: str) -> Any:
    """A table's content."""
    with open_table(name) as file:
        return json.load(file)
