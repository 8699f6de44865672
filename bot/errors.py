"""The error tree: what a person may read, against everything else (logged, with an id to tell)."""

from __future__ import annotations


class UserError(Exception):
    """Something the person can mend. ``str(error)`` is one sentence that says what to do."""


class NothingFound(UserError):
    """A well-formed question with no answer; the command line exits 1 for it instead of 2."""


class Unavailable(UserError):
    """A part of Nightjar is away for the moment (store, worker); trying again later will help."""
