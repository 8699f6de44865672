"""What a broken training looks like, and that none of it passes for a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from recommender.arrays import Rows
from recommender.catalogue import Starter, load_starter
from recommender.learnt import Learnt
from recommender.model import Model, train
from recommender.recipe import Recipe
from recommender.sanity import PARTS, Verdict, examine, faults_in_numbers
from tests.unit.recommender import world


@pytest.fixture(scope="module")
def starter() -> Starter:
    return load_starter()


@pytest.fixture(scope="module")
def sound(starter: Starter) -> Model:
    return train(starter.catalogue, starter.listeners(), min_listeners=2)


def judged(starter: Starter, model: Model, current: Model | None = None) -> Verdict:
    lists = starter.listeners()
    return examine(model, lists, expected=len(starter.catalogue), current=current)


def shuffled(rows: Rows) -> Rows:
    return replace(rows, columns=np.random.default_rng(1).permutation(rows.columns))


def empty(rows: Rows) -> Rows:
    return replace(
        rows,
        starts=np.zeros_like(rows.starts),
        columns=rows.columns[:0],
        values=rows.values[:0],
    )


def permuted(array: np.ndarray) -> np.ndarray:
    return np.random.default_rng(1).permutation(array)


def holed(array: np.ndarray) -> np.ndarray:
    broken = array.copy()
    broken.flat[7] = np.nan
    return broken


def test_an_honest_training_passes_the_same_way_each_time(starter: Starter, sound: Model) -> None:
    first, again = judged(starter, sound), judged(starter, sound, current=sound)
    assert first.sound
    assert again.sound
    assert all(first.figures[part] > 0.5 for part in PARTS)
    assert first.figures["popularity"] < 0.1
    assert {name: again.figures[name] for name in first.figures} == first.figures
    assert all(again.figures[f"current {part}"] == again.figures[part] for part in PARTS)


def test_a_model_that_has_learnt_of_a_few_members_more_or_less_passes(
    starter: Starter, sound: Model
) -> None:
    names = [artist.name for artist in starter.catalogue]
    draw = np.random.default_rng(5)
    members = {
        f"member {number}": {str(name): 9.0 for name in draw.choice(names, 40, replace=False)}
        for number in range(12)
    }
    lists = {**starter.listeners(), **members}
    more = train(starter.catalogue, lists, min_listeners=2)
    assert examine(more, lists, expected=len(starter.catalogue), current=sound).sound
    assert judged(starter, sound, current=more).sound


BREAKAGES: dict[str, tuple[Callable[[Learnt], Learnt], str]] = {
    "vectors of the wrong artists": (lambda x: replace(x, vectors=permuted(x.vectors)), "factor"),
    "a map that says nothing": (lambda x: replace(x, fold_map=0 * x.fold_map), "factor part"),
    "vectors all alike": (lambda x: replace(x, vectors=np.ones_like(x.vectors)), "factor part"),
    "the wrong neighbours": (lambda x: replace(x, neighbours=shuffled(x.neighbours)), "neighbour"),
    "no neighbours": (lambda x: replace(x, neighbours=empty(x.neighbours)), "neighbour part"),
    "the wrong tags": (lambda x: replace(x, tags=shuffled(x.tags)), "tag part"),
    "no tags": (lambda x: replace(x, tags=empty(x.tags)), "tag part"),
    "a vector that is no number": (lambda x: replace(x, vectors=holed(x.vectors)), "not finite"),
    "a map that is no number": (lambda x: replace(x, fold_map=holed(x.fold_map)), "not finite"),
    "a bias without end": (lambda x: replace(x, biases=x.biases + np.float32("inf")), "not finite"),
    "nobody to recommend": (lambda x: replace(x, offered=np.zeros_like(x.offered)), "offers 0 art"),
}


@pytest.fixture
def few_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is broken shows in few lists too, and sooner."""
    monkeypatch.setattr("recommender.sanity.MOST_LISTS", 12)


@pytest.mark.usefixtures("few_lists")
@pytest.mark.parametrize("breakage", BREAKAGES)
@pytest.mark.parametrize("first", [True, False], ids=["the first model", "one after another"])
def test_a_broken_training_is_refused_with_its_reason(
    starter: Starter, sound: Model, breakage: str, first: bool
) -> None:
    break_it, why = BREAKAGES[breakage]
    verdict = judged(starter, Model(break_it(sound.learnt)), None if first else sound)
    assert not verdict.sound
    assert any(why in fault for fault in verdict.faults), verdict.faults


def test_a_training_that_hardly_happened_is_far_below_the_current_model(
    starter: Starter, sound: Model
) -> None:
    recipe = Recipe(components=4, epochs=1, learning_rate=1e-6, min_artists_per_tag=2)
    hasty = train(starter.catalogue, starter.listeners(), min_listeners=2, recipe=recipe)
    verdict = judged(starter, hasty, current=sound)
    assert any("far below the current model's" in fault for fault in verdict.faults)


def test_a_model_of_another_catalogue_is_refused(starter: Starter, small_model: Model) -> None:
    [fault] = judged(starter, small_model).faults
    assert "where the catalogue has" in fault


def test_a_model_of_nothing_is_refused() -> None:
    lists = {"a": {"X": 1.0}}
    tiny = train(world.catalogue(), lists)
    assert not examine(tiny, lists, expected=len(world.catalogue())).sound


def test_numbers_alone_can_be_looked_at_for_a_model_of_anything(small_model: Model) -> None:
    assert list(faults_in_numbers(small_model)) == []
    broken = replace(small_model.learnt, spread=holed(small_model.learnt.spread))
    assert list(faults_in_numbers(Model(broken))) == ["spread holds numbers that are not finite"]
