"""What the recommender refuses, in one sentence that says what to do instead."""

from __future__ import annotations


class DataError(ValueError):
    """Listening, tags or a model that cannot be used; ``str(error)`` may be shown to the person who
    asked.
    """
