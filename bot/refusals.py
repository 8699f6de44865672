"""Turns the domain's refusals into sentences for the person who asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import UserError
from generator.errors import SpecError
from recommender.errors import DataError


@contextmanager
def refusals_shown() -> Iterator[None]:
    """Within it, a SpecError or DataError becomes a UserError with the same sentence."""
    try:
        yield
    except (SpecError, DataError) as error:
        raise UserError(str(error)) from error
