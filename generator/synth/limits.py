"""Dataclass fields that know which values make sense, checked whenever an instance is made."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any


def number(default: float | None, low: float, high: float) -> Any:
    """A field within ``low..high``; without a default it is required."""
    rule = {"limits": (low, high)}
    return field(metadata=rule) if default is None else field(default=default, metadata=rule)


def choice(default: str | None, *names: str) -> Any:
    """A field that is one of ``names``; without a default it is required."""
    rule = {"names": names}
    return field(metadata=rule) if default is None else field(default=default, metadata=rule)


class Limited:
    """A dataclass that checks its `number` and `choice` fields: ValueError names the
    first fault."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for spec in fields(self):  # type: ignore[arg-type]
            _check(spec.name, getattr(self, spec.name), spec.metadata)


def _check(name: str, value: Any, rule: Any) -> None:
    if "limits" in rule:
        low, high = rule["limits"]
        if not low <= value <= high:
            raise ValueError(f"{name} goes from {low:g} to {high:g}; {value:g} is outside.")
    if "names" in rule and value not in rule["names"]:
        raise ValueError(f"{name} is one of {', '.join(rule['names'])}; {value!r} is not.")
