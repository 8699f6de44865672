"""Learned melody: lines walk more like songs, over chords as songs do, in rhythms that are sung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from generator.compose import lead
from generator.compose.line import Slot, Voice, walk
from generator.learned.melody import (
    MOVES,
    PLACES,
    REACH,
    gap_token,
    move_token,
    place_class,
    size_class,
    sung,
)
from generator.players import LeadTable
from generator.style import load_style
from generator.theory import Key, harmony

KEY = Key(2, "minor")
ROMANS = ("i", "VI", "III", "VII")


def lines(
    learned: float, *, leap: float = 0.24, count: int = 150
) -> list[tuple[list[Slot], list[int]]]:
    """Lines of sixteen eighths over four chords, by a style that leaps so often."""
    table = replace(_table(), learned=learned, leap=leap, repeat=0.1)
    voice = Voice.between(KEY, 60, 81)
    slots = [Slot(2 * at, 2, harmony(KEY, ROMANS[at // 4])) for at in range(16)]
    wanted = [float(voice.middle)] * len(slots)
    rng = np.random.default_rng(6)
    return [(slots, walk(slots, voice, table, wanted, (), rng)) for _ in range(count)]


def _table() -> LeadTable:
    table = load_style("synthwave").writing.lead
    assert table is not None
    return table


def histogram(walked: Sequence[tuple[list[Slot], list[int]]]) -> np.ndarray:
    """The shares of each move, shape (15,)."""
    tokens = [move_token(b - a) for _, line in walked for a, b in pairwise(line)]
    return np.bincount(tokens, minlength=MOVES) / len(tokens)


def test_lines_walk_more_like_songs_when_they_learned() -> None:
    corpus = sung().moves.probabilities(())
    apart = [np.abs(histogram(lines(amount)) - corpus).sum() / 2 for amount in (0.0, 0.5, 1.0)]
    assert apart[1] < 0.75 * apart[0]
    assert apart[2] < 0.6 * apart[0]


def test_learned_lines_cost_fewer_bits() -> None:
    chain = sung().moves

    def bits(learned: float) -> float:
        costs = []
        for slots, line in lines(learned, leap=0.6):
            moves = [move_token(b - a) for a, b in pairwise(line)]
            costs += chain.bits(moves, [place_class(slot.at) for slot in slots[1:]])
        return float(np.mean(costs))

    assert bits(1.0) < bits(0.0) - 0.3


def test_strong_notes_stay_on_the_chord() -> None:
    voice = Voice.between(KEY, 60, 81)
    for slots, line in lines(1.0, count=50):
        for slot, step in zip(slots, line, strict=True):
            assert not slot.strong or voice.is_tone(step, slot.chord)


@pytest.mark.parametrize("place", range(PLACES))
def test_chances_of_moves_add_up_and_see_the_chord(place: int) -> None:
    step = (0, 8, 4, 2, 1)[place]
    assert place_class(step) == place
    tones = np.arange(MOVES) % 7 == 0
    plain = sung().of_moves(-REACH, step, [], np.ones(MOVES, dtype=bool))
    bent = sung().of_moves(-REACH, step, [], tones)
    assert plain.sum() == pytest.approx(1.0)
    assert bent.sum() == pytest.approx(1.0)
    assert (bent[tones] > plain[tones]).all()


def test_the_last_move_matters() -> None:
    everywhere = np.ones(MOVES, dtype=bool)
    down = [sung().of_moves(-REACH, 4, [leap], everywhere)[:REACH].sum() for leap in (5, -5)]
    assert down[0] > down[1] + 0.1


def test_tokens_and_classes() -> None:
    assert [move_token(move) for move in (-20, -7, 0, 7, 9)] == [0, 0, 7, 14, 14]
    assert [gap_token(gap) for gap in (0, 1, 16, 40)] == [0, 0, 15, 15]
    assert [size_class(move) for move in (0, -1, 1, 2, -3, 12)] == [0, 1, 1, 2, 3, 3]
    assert [place_class(step) for step in (0, 8, 4, 12, 2, 15, 16, 24)] == [0, 1, 2, 2, 3, 4, 0, 1]


def test_sung_rhythms_are_likelier_than_jerky_ones() -> None:
    habits = sung()
    assert habits.of_rhythm([2, 2, 2, 2, 4, 4], 0) + 1 < habits.of_rhythm([5, 3, 1, 7], 3)
    cells = ["x-x-x-x-x---x---", "...x----x--xx---"]
    plain = lead._suiting(cells, 0.5, replace(_table(), learned=0.0))
    learned = lead._suiting(cells, 0.5, replace(_table(), learned=1.0))
    assert learned[0] / learned[1] > plain[0] / plain[1]
    assert lead._suiting(["................", cells[0]], 0.5, replace(_table(), learned=1.0))
