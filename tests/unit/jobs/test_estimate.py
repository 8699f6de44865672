"""How long is left, said as people say it."""

from __future__ import annotations

import pytest

from bot.commands import progress
from bot.jobs.estimate import Estimate, duration


def test_the_time_left_follows_from_the_time_taken() -> None:
    now = [100.0]
    estimate = Estimate(lambda: now[0])
    assert estimate.left(0.0) is None
    assert estimate.text(0.0) == "0%"
    now[0] += 60.0
    assert estimate.elapsed == 60.0
    assert estimate.left(0.25) == pytest.approx(180.0)
    assert estimate.text(0.25) == "25%, about 3 minutes left"
    assert estimate.left(1.0) == 0.0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 second"), (20, "20 seconds"), (95, "2 minutes"), (7_200, "2 hours")],
)
def test_durations_are_round(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_where_there_is_no_terminal_long_work_says_so_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress, "Estimate", lambda: Estimate(lambda: now[0]))
    with progress.bar("Learning") as tell:
        for step in range(1, 41):
            now[0] += 2.0
            tell(step / 40)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "Learning: 38%, about 50 seconds left",
        "Learning: 75%, about 20 seconds left",
    ]
