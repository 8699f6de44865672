"""Votes: each changes the very next list, fades, survives a restart and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from bot.app import build_services
from bot.jobs.queue import Jobs
from bot.jobs.training import everybodys_listening
from bot.metrics import Metrics
from bot.services import Answer, Services
from bot.services.tastes import DOWN, KNOWN, UP, Tastes
from bot.store.marks import Mark
from recommender.memory import DISLIKE_HALF_LIFE, LIKE_HALF_LIFE
from recommender.model import Profile
from recommender.profile import listen
from recommender.ranking import Wish, in_order, pick, shortlist
from recommender.scoring import score
from tests.exports import extended_package
from tests.unit.services.conftest import Running, forget_shown

ME = "discord:1"
PLAYED = {"Kavinsky": 60, "Miles Davis": 60, "Boards of Canada": 40}
DAY = 86_400.0


@dataclass
class Clock:
    """The time, as a test sets it."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def later(self, days: float) -> None:
        self.now += days * DAY


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def services(running: Running, clock: Clock) -> Services:
    await running.library.model()  # learnt before anybody came
    return _started(running, clock)


def _started(running: Running, clock: Clock) -> Services:
    """The services as a program that has just started has them."""
    jobs = cast("Jobs", running.jobs)
    return build_services(running.store, jobs, running.library, Metrics(), clock)[0]


async def _ask(services: Services, count: int = 10) -> Answer:
    return await services.recommendations.recommend(ME, count=count)


async def _scores(running: Running, clock: Clock) -> dict[str, float]:
    """What the model says of every artist that may be shown to the member now."""
    taste = await Tastes(running.store, clock).read(ME)
    profile = Profile(taste.plays, taste.liked, taste.known, taste.disliked)
    learnt = (await running.library.model()).learnt
    scored = score(learnt, listen(profile, learnt.index))
    wish = Wish("balanced", len(learnt.index))
    short = shortlist(learnt, scored, wish)
    items, scores = in_order(short, pick(short, wish))
    names = (learnt.index.names[item] for item in items)
    return dict(zip(names, scores.tolist(), strict=True))


def _names(answer: Answer) -> list[str]:
    return [item.artist for item in answer.items]


@pytest.mark.parametrize("value", [UP, KNOWN, DOWN])
async def test_a_vote_hides_the_artist_from_the_very_next_list_and_undo_brings_it_back(
    running: Running, services: Services, clock: Clock, value: int
) -> None:
    await services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    before = await _ask(services)
    first = before.items[0].artist
    await services.recommendations.vote(ME, before.id, 1, value)
    assert (await services.recommendations.find(before.id)).items[0].vote == value
    await forget_shown(running, ME)
    assert first not in _names(await _ask(services))
    clock.later(1)
    await forget_shown(running, ME)
    again = await _ask(_started(running, clock))
    assert first not in _names(again)
    assert "taken back" in await services.recommendations.vote(ME, before.id, 1, value)
    await forget_shown(running, ME)
    assert (await _ask(services)).items == before.items


async def test_neighbours_rise_with_a_thumb_up_and_fall_with_a_thumb_down(
    running: Running, services: Services, clock: Clock
) -> None:
    await services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    card = await services.recommendations.recommend(ME, like="Perturbator", count=2)
    close = _names(await services.recommendations.more_like(ME, card.id, 1))
    changes = {}
    for value in (UP, KNOWN, DOWN):
        before = await _scores(running, clock)
        await services.recommendations.vote(ME, card.id, 1, value)
        after = await _scores(running, clock)
        changes[value] = sum(after[name] - before[name] for name in close if name in before)
        await services.recommendations.vote(ME, card.id, 1, value)
    assert changes[UP] > changes[KNOWN] > 0 > changes[DOWN]


async def test_a_thumb_down_fades_within_weeks_but_the_artist_stays_away(
    running: Running, services: Services, clock: Clock
) -> None:
    await services.listening.import_file(ME, "x.zip", extended_package(PLAYED))
    card = await _ask(services, count=1)
    hidden = card.items[0].artist
    await services.recommendations.vote(ME, card.id, 1, DOWN)
    tastes = Tastes(running.store, clock)
    assert (await tastes.read(ME)).disliked == {hidden: 1.0}
    clock.later(DISLIKE_HALF_LIFE)
    assert (await tastes.read(ME)).disliked[hidden] == pytest.approx(0.5)
    clock.later(3 * 365)
    assert (await tastes.read(ME)).disliked[hidden] < 1e-6
    await forget_shown(running, ME)
    assert hidden not in _names(await _ask(services))


async def test_a_thumb_up_halves_in_a_year_and_an_add_never_does(
    running: Running, services: Services, clock: Clock
) -> None:
    card = await services.recommendations.recommend(ME, like="Kavinsky", count=1)
    voted = card.items[0].artist
    await services.recommendations.vote(ME, card.id, 1, UP)
    await services.listening.add(ME, "Miles Davis")
    clock.later(LIKE_HALF_LIFE)
    liked = (await Tastes(running.store, clock).read(ME)).liked
    assert liked == {voted: pytest.approx(0.5), "Miles Davis": 1.0}


async def test_taking_a_vote_back_leaves_an_add_of_the_same_artist(
    running: Running, services: Services, clock: Clock
) -> None:
    card = await services.recommendations.recommend(ME, like="Kavinsky", count=1)
    artist = card.items[0].artist
    await services.listening.add(ME, artist)
    tastes = Tastes(running.store, clock)
    for value in (UP, DOWN, KNOWN):
        clock.later(1)
        await services.recommendations.vote(ME, card.id, 1, value)
        await services.recommendations.vote(ME, card.id, 1, value)
        assert (await tastes.read(ME)).liked == {artist: 1.0}
    await services.recommendations.vote(ME, card.id, 1, DOWN)
    disliking = await tastes.read(ME)
    assert (disliking.liked, list(disliking.disliked)) == ({}, [artist])


async def test_the_latest_word_on_an_artist_stands(
    running: Running, services: Services, clock: Clock
) -> None:
    card = await services.recommendations.recommend(ME, like="Kavinsky", count=1)
    artist = card.items[0].artist
    await services.recommendations.vote(ME, card.id, 1, DOWN)
    clock.later(1)
    await services.listening.add(ME, artist)
    taste = await Tastes(running.store, clock).read(ME)
    assert (taste.liked, taste.disliked) == ({artist: 1.0}, {})
    learnt = await everybodys_listening(running.store.tastes)
    assert learnt.plays == {"member 1": {artist: 1.0}}


async def test_a_model_learns_what_one_knows_and_not_what_one_dislikes(running: Running) -> None:
    tastes = running.store.tastes
    await tastes.mark(ME, "known", "Kavinsky", 1.0)
    await tastes.mark(ME, "up", "Perturbator", 2.0)
    await tastes.mark(ME, "down", "Miles Davis", 3.0)
    learnt = await everybodys_listening(tastes)
    assert learnt.plays == {"member 1": {"Kavinsky": 1.0, "Perturbator": 1.0}}


async def test_a_vote_undone_by_its_id_shows_on_the_card(
    running: Running, services: Services, clock: Clock
) -> None:
    card = await services.recommendations.recommend(ME, like="Kavinsky", count=2)
    await services.recommendations.vote(ME, card.id, 2, UP)
    tastes = Tastes(running.store, clock)
    [mark] = await tastes.marks(ME)
    assert mark == Mark("up", card.items[1].artist, clock.now)
    assert await tastes.undo(ME, mark.id) == mark
    assert await tastes.undo(ME, mark.id) is None
    assert [i.vote for i in (await services.recommendations.find(card.id)).items] == [None, None]
    assert "Noted" in await services.recommendations.vote(ME, card.id, 2, UP)


async def test_all_that_is_known_is_what_one_knows(services: Services) -> None:
    card = await services.recommendations.recommend(ME, like="Kavinsky", count=1)
    await services.recommendations.vote(ME, card.id, 1, KNOWN)
    after = await _ask(services, count=3)
    assert after.basis == "from 1 artist you voted on or added"
    assert all(item.reason.startswith("because you know ") for item in after.items)
    assert "1 known already" in (await services.listening.show(ME)).text


async def test_what_an_earlier_version_kept_counts_on(
    running: Running, services: Services, clock: Clock
) -> None:
    earlier = {"Kavinsky": "1.0", "Perturbator": "-1.0"}
    await running.store._redis.hset(f"nightjar:taste:likes:{ME}", mapping=earlier)
    answer = await _ask(services)
    assert answer.basis == "from 2 artists you voted on or added"
    assert not {"Kavinsky", "Perturbator"} & set(_names(answer))
    clock.later(DISLIKE_HALF_LIFE)
    taste = await Tastes(running.store, clock).read(ME)
    assert taste.disliked == {"Perturbator": pytest.approx(0.5)}
    assert [mark.kind for mark in taste.marks] == ["down", "liked"]
