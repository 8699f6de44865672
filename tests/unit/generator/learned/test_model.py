"""The chain: Witten-Bell as written, probabilities that add up, a file that brings it back."""

from __future__ import annotations

import json
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.learned.model import Chain, mean_bits

TOKENS = st.lists(st.integers(0, 4), max_size=30)


def test_a_tiny_corpus_gives_its_counts() -> None:
    chain = Chain(3, order=2)
    chain.learn([0, 1, 0, 1, 2])
    assert chain.counts[()] == {0: 2, 1: 2, 2: 1}
    assert chain.counts[0,] == {1: 2}
    assert chain.counts[1,] == {0: 1, 2: 1}
    assert chain.counts[0, 1] == {0: 1, 2: 1}
    assert chain.counts[1, 0] == {1: 1}


def test_witten_bell_by_hand() -> None:
    chain = Chain(4, order=1)
    chain.learn([0, 1, 0, 2])
    # Order 0: five parts in seven are counts (2, 1, 1), three are even: (2 + 3/4) / 7, ...
    plain = [(2 + 0.75) / 7, (1 + 0.75) / 7, (1 + 0.75) / 7, 0.75 / 7]
    assert chain.probabilities(()) == pytest.approx(plain)
    # After 0 came 1 and 2 once each: (count + 2 p_0) / 4.
    after = [2 * plain[0] / 4, (1 + 2 * plain[1]) / 4, (1 + 2 * plain[2]) / 4, 2 * plain[3] / 4]
    assert chain.probabilities((0,)) == pytest.approx(after)
    # Nothing came after 2: the shorter context speaks.
    assert chain.probabilities((2,)) == pytest.approx(plain)


def test_bits_are_those_of_the_probabilities() -> None:
    chain = Chain(2, order=0)
    assert chain.bits([0, 1, 1]) == [1.0, 1.0, 1.0]
    chain.learn([0, 0, 0])
    assert chain.bits([0]) == pytest.approx([-log2((3 + 0.5) / 4)])
    assert mean_bits([[1.0, 2.0], [6.0]]) == 3.0


def test_the_place_is_remembered_longest() -> None:
    chain = Chain(2, order=1, placed=True)
    chain.learn([0, 1, 0, 1], [0, 1, 0, 1])
    assert chain.context([0], 7) == (0, 7)
    assert chain.probabilities((0, 1))[1] > chain.probabilities((0,))[1]
    assert chain.counts[1,] == {1: 2}
    # An unknown history at a known place falls back to the place.
    assert chain.probabilities((1, 1)) == pytest.approx(chain.probabilities((1,)))


@given(lines=st.lists(TOKENS, max_size=4), order=st.integers(0, 3), context=TOKENS)
def test_probabilities_add_to_one_and_none_is_zero(
    lines: list[list[int]], order: int, context: list[int]
) -> None:
    chain = Chain(5, order)
    for line in lines:
        chain.learn(line)
    chances = chain.probabilities(chain.context(context))
    assert chances.sum() == pytest.approx(1.0)
    assert chances.min() > 0


@given(line=TOKENS, order=st.integers(0, 3), placed=st.booleans())
def test_a_file_brings_the_chain_back(line: list[int], order: int, placed: bool) -> None:
    chain = Chain(5, order, placed)
    chain.learn(line, [at % 4 for at in range(len(line))])
    back = Chain.from_json(json.loads(json.dumps(chain.as_json())))
    assert (back.size, back.order, back.placed) == (5, order, placed)
    assert back.counts == chain.counts


def test_learning_more_is_seen_at_once() -> None:
    chain = Chain(2, order=0)
    before = chain.probabilities(())[0]
    chain.learn([0, 0, 0, 0])
    assert chain.probabilities(())[0] > before


def test_rare_things_can_be_left_out_of_long_contexts() -> None:
    chain = Chain(3, order=2)
    chain.learn([0, 1, 2, 0, 1, 2, 0, 1, 0])
    kept = chain.pruned(least=2)
    assert kept.counts[()] == chain.counts[()]
    assert kept.counts[0, 1] == {2: 2}
    assert (2, 0) in kept.counts
    assert kept.probabilities((0, 1)).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("order", [-1, 4])
def test_long_memories_are_refused(order: int) -> None:
    with pytest.raises(ValueError, match="order"):
        Chain(3, order)
