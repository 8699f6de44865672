"""Frozen dataclasses read from TOML tables: every key known, every value of its type, or a clear
refusal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class TableError(ValueError):
    """A style file that says something nobody understands; the message names the place."""


def read_table(kind: type[T], table: Mapping[str, Any], where: str) -> T:
    """An instance of the dataclass ``kind`` from the TOML ``table`` found at ``where``.

    Field types may be str, float, int, bool, other dataclasses, ``tuple[X, ...]``, fixed tuples
    and ``dict[str, X]``. Raises TableError for an unknown key, a missing one, or a value of
    another type."""
    hints = _hints(cast(Hashable, kind))
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(table) - set(known):
        raise TableError(f"{where}: unknown key {min(unknown)!r}; known: {', '.join(known)}.")
    values = {
        name: _read(hints[name], table[name], f"{where}.{name}") for name in known if name in table
    }
    for name, field in known.items():
        if name not in table and field.default is MISSING and field.default_factory is MISSING:
            raise TableError(f"{where}: {name} is missing.")
    try:
        return kind(**values)
    except TableError:
        raise
    except ValueError as error:
        raise TableError(f"{where}: {error}") from error


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    """The types of a dataclass's fields; many tables are of one kind."""
    return get_type_hints(kind)


def _read(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return read_table(hint, value, where)
    if origin is tuple and isinstance(value, list):
        return _read_tuple(get_args(hint), value, where)
    if origin is dict and isinstance(value, Mapping):
        inner = get_args(hint)[1]
        return {name: _read(inner, item, f"{where}.{name}") for name, item in value.items()}
    if origin is UnionType:
        return _read(get_args(hint)[0], value, where)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise TableError(f"{where}: {value!r} should be {getattr(hint, '__name__', hint)}.")


def _read_tuple(inner: tuple[Any, ...], value: list[Any], where: str) -> tuple[Any, ...]:
    if inner[-1] is Ellipsis:
        return tuple(_read(inner[0], item, f"{where}[{at}]") for at, item in enumerate(value))
    if len(inner) != len(value):
        raise TableError(f"{where}: {value!r} should have {len(inner)} values.")
    return tuple(_read(hint, item, where) for hint, item in zip(inner, value, strict=True))
