"""Recommendations for a whole table of members at once, as the rows of ``recs.csv``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from recommender.errors import DataError
from recommender.model import Model, Profile
from recommender.plays import TrackName
from recommender.ranking import Items

COLUMNS: Final = ("user", "rank", "artist", "track", "score", "reason")


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How many ``users`` were answered with how many ``rows``; ``without``: user -> why there is no
    answer.
    """

    users: int
    rows: int
    without: Mapping[str, str]


def write_recommendations(
    model: Model,
    users: Mapping[str, Mapping[str, float]],
    out: IO[str],
    *,
    tracks: Mapping[str, Mapping[TrackName, float]] | None = None,
    mode: str = "balanced",
    count: int = 10,
    kind: Items = "any",
    progress: Callable[[int, int], None] | None = None,
) -> BatchReport:
    """Write the header and ``count`` rows a user (user -> artist -> plays) to ``out`` (newline="").

    ``tracks`` divides the plays over tracks (user -> (artist, title) -> plays); a row's track is ""
    where the item is the artist. Users may be unknown to the model. One with no known artist is
    reported, not written. DataError for an unknown mode or a count out of range. ``progress`` is
    called with (users done, users in all).
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = 0
    without: dict[str, str] = {}
    for done, (user, plays) in enumerate(users.items(), start=1):
        profile = Profile(plays=plays, tracks=(tracks or {}).get(user, {}))
        try:
            model.listen(profile)
        except DataError as error:
            without[user] = str(error)
        else:
            answers = model.recommend(profile, mode=mode, count=count, kind=kind)
            rows += len(answers)
            writer.writerows(
                (user, rank, answer.artist, answer.track, f"{answer.score:.6f}", answer.reason.text)
                for rank, answer in enumerate(answers, start=1)
            )
        if progress:
            progress(done, len(users))
    return BatchReport(len(users) - len(without), rows, without)
