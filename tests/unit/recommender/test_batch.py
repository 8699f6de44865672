from __future__ import annotations

import csv
import io

import pytest

from recommender.batch import write_recommendations
from recommender.errors import DataError
from recommender.model import Model, Profile
from tests.unit.recommender.world import artist


def test_every_user_gets_their_rows_and_those_nobody_knows_are_reported(small_model: Model) -> None:
    users = {
        "ann": {artist("doom", 1): 5.0},
        "lost": {"Qqqq": 1.0, "Xxxx": 2.0},
        'ben, "b"': {artist("bebop", 1): 2.0, artist("outrun", 1): 1.0},
    }
    out, heard = io.StringIO(), []
    report = write_recommendations(
        small_model, users, out, count=4, progress=lambda done, whole: heard.append((done, whole))
    )
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["user"] for row in rows] == ["ann"] * 4 + ['ben, "b"'] * 4
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4"] * 2
    assert list(rows[0]) == ["user", "rank", "artist", "track", "score", "reason"]
    answers = small_model.recommend(Profile(plays=users["ann"]), count=4)
    assert [row["artist"] for row in rows[:4]] == [answer.artist for answer in answers]
    assert [row["reason"] for row in rows[:4]] == [answer.reason.text for answer in answers]
    assert float(rows[0]["score"]) == pytest.approx(answers[0].score)
    assert (report.users, report.rows, list(report.without)) == (2, 8, ["lost"])
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_a_bad_mode_is_refused_not_reported_for_each_user(small_model: Model) -> None:
    with pytest.raises(DataError, match="There is no mode"):
        write_recommendations(small_model, {"a": {artist("doom", 1): 1.0}}, io.StringIO(), mode="x")
