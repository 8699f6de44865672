"""What the generator refuses, in one sentence that says what to do instead."""

from __future__ import annotations


class SpecError(ValueError):
    """A request that cannot be composed; ``str(error)`` may be shown to the person who asked."""
