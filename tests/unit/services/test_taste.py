"""Listening and recommendations: what is brought in comes out as lists with true reasons."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from bot.errors import UserError
from bot.jobs.queue import Jobs
from bot.services import Answer
from bot.services.library import Library
from recommender.tracks import tracks_of
from tests.exports import CANARIES, account_package, extended_package
from tests.unit.services.conftest import Running

ME = "discord:1"
TASTE = {"Kavinsky": 60, "Perturbator": 40, "Com Truise": 25}


async def test_somebody_new_is_told_where_to_start(running: Running) -> None:
    with pytest.raises(UserError, match="/taste import"):
        await running.services.recommendations.recommend(ME)
    taste = await running.services.listening.show(ME)
    assert "/taste add" in taste.text
    assert taste.artists == ()


async def test_an_import_seeds_recommendations_with_its_own_artists(running: Running) -> None:
    report = await running.services.listening.import_file(ME, "x.zip", extended_package(TASTE))
    assert (report.plays, report.artists) == (125, 3)
    answer = await running.services.recommendations.recommend(ME, count=6)
    assert answer.basis == "from 3 artists you play"
    assert len(answer.items) == 6
    for item in answer.items:
        assert any(artist in item.reason for artist in TASTE)
        assert item.artist not in TASTE
        assert item.link.startswith("https://")


async def test_a_list_says_where_to_begin_but_not_with_what_one_plays(running: Running) -> None:
    services = running.services
    near = await services.recommendations.recommend(ME, like="Kavinsky", count=10)
    assert all(bool(item.start_with) == bool(tracks_of(item.artist)) for item in near.items)
    for item in filter(lambda item: item.start_with, near.items):
        assert item.start_with == tracks_of(item.artist)[0].title
        assert item.start_link.startswith("https://open.spotify.com/search/")
    assert await services.recommendations.find(near.id) == near

    await services.listening.import_file(ME, "x.zip", extended_package(TASTE))
    known = await services.recommendations.recommend(ME, mode="familiar", count=10)
    played = [item for item in known.items if item.artist in TASTE]
    assert played
    assert {item.start_with for item in played} == {""}


async def test_a_card_from_before_there_were_tracks_can_still_be_read() -> None:
    line = {"rank": 1, "artist": "Air", "link": "https://x", "reason": "r", "tags": [], "vote": 1}
    kept = {"id": "a", "member": ME, "mode": "balanced", "basis": "b", "items": [line]}
    [item] = Answer.from_json(kept).items
    assert (item.vote, item.start_with, item.start_link) == (1, "", "")


async def test_the_second_package_adds_to_the_first_and_the_same_one_changes_nothing(
    running: Running,
) -> None:
    listening = running.services.listening
    await listening.import_file(ME, "a.zip", extended_package(TASTE))
    await listening.import_file(ME, "a.zip", extended_package(TASTE))
    assert dict((await listening.show(ME)).artists) == TASTE
    await listening.import_file(ME, "b.zip", account_package({"Miles Davis": 9}))
    assert dict((await listening.show(ME)).artists) == {**TASTE, "Miles Davis": 9}


async def test_nothing_personal_of_an_export_is_kept(running: Running) -> None:
    await running.services.listening.import_file(ME, "x.zip", extended_package(TASTE))
    blob = await running.store.tastes.history(ME)
    shown = await running.services.listening.show(ME)
    assert blob is not None
    for canary in CANARIES:
        assert canary.encode() not in blob
        assert canary not in shown.text


async def test_taste_is_a_picture_and_the_same_in_words(running: Running) -> None:
    await running.services.listening.import_file(ME, "x.zip", extended_package(TASTE))
    await running.services.listening.add(ME, "miles davis")
    taste = await running.services.listening.show(ME)
    with Image.open(io.BytesIO(taste.picture)) as picture:
        assert picture.size == (1200, 675)
    assert "Kavinsky" in taste.text
    assert "Miles Davis" in taste.text
    assert "/privacy show" in taste.text
    assert sum(share for _, share in taste.tags) <= 1.0
    assert "synthwave" in dict(taste.tags)


async def test_votes_change_the_next_list_and_can_be_taken_back(running: Running) -> None:
    recommendations = running.services.recommendations
    await running.services.listening.add(ME, "Kavinsky")
    card = await recommendations.recommend(ME, count=5)
    first = card.items[0].artist
    assert first in await recommendations.vote(ME, card.id, 1, -1)
    assert (await recommendations.find(card.id)).items[0].vote == -1
    after = await recommendations.recommend(ME, count=10)
    assert first not in [item.artist for item in after.items]
    assert "taken back" in await recommendations.vote(ME, card.id, 1, -1)
    assert (await recommendations.find(card.id)).items[0].vote is None


async def test_the_next_card_does_not_repeat_the_last_until_it_is_forgotten(
    running: Running,
) -> None:
    recommendations = running.services.recommendations
    tastes = running.store.tastes
    await running.services.listening.add(ME, "Kavinsky")
    first, second = [await recommendations.recommend(ME, count=5) for _ in range(2)]
    shown = [item.artist for item in first.items]
    assert not {item.artist for item in second.items} & set(shown)
    others = await recommendations.recommend("discord:2", like="Kavinsky", count=5)
    assert shown[0] in [item.artist for item in others.items]
    await tastes.forget(ME)
    assert await tastes.shown(ME) == []
    await running.services.listening.add(ME, "Kavinsky")
    again = await recommendations.recommend(ME, count=5)
    assert [item.artist for item in again.items] == shown


async def test_a_thumb_up_becomes_a_reason(running: Running) -> None:
    recommendations = running.services.recommendations
    card = await recommendations.recommend(ME, like="Kavinsky", count=3)
    liked = card.items[1].artist
    await recommendations.vote(ME, card.id, 2, 1)
    after = await recommendations.recommend(ME, count=5)
    assert after.basis == "from 1 artist you voted on or added"
    assert all(liked in item.reason for item in after.items)


async def test_only_the_asker_votes_but_anybody_may_follow(running: Running) -> None:
    recommendations = running.services.recommendations
    card = await recommendations.recommend(ME, like="Kavinsky", count=2)
    with pytest.raises(UserError, match="somebody else"):
        await recommendations.vote("discord:2", card.id, 1, 1)
    more = await recommendations.more_like("discord:2", card.id, 1)
    assert more.member == "discord:2"
    assert card.items[0].artist in more.basis


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"like": "Qwxzzy Blorp"}, "do not know"),
        ({"like": "Kavinsky", "mode": "wild"}, "balanced"),
        ({"like": "Kavinsky", "count": 11}, "1 to 10"),
    ],
)
async def test_impossible_wishes_are_refused_in_a_sentence(
    running: Running, wishes: dict[str, object], says: str
) -> None:
    with pytest.raises(UserError, match=says):
        await running.services.recommendations.recommend(ME, **wishes)  # type: ignore[arg-type]


async def test_lines_and_cards_that_are_not_there_are_named(running: Running) -> None:
    recommendations = running.services.recommendations
    card = await recommendations.recommend(ME, like="Kavinsky", count=2)
    with pytest.raises(UserError, match="no number 3"):
        await recommendations.vote(ME, card.id, 3, 1)
    with pytest.raises(UserError, match="/recommend"):
        await recommendations.find("forgotten")


async def test_a_file_that_is_no_export_changes_nothing(running: Running) -> None:
    listening = running.services.listening
    await listening.import_file(ME, "x.zip", extended_package(TASTE))
    with pytest.raises(UserError):
        await listening.import_file(ME, "x.zip", b"PK\x03\x04 and then nothing")
    assert dict((await listening.show(ME)).artists) == TASTE


async def test_a_model_that_cannot_be_read_is_trained_anew(running: Running) -> None:
    await running.store.models.publish("f" * 16, b"left by an older Nightjar")
    answer = await running.services.recommendations.recommend(ME, like="Burial", count=2)
    assert len(answer.items) == 2
    assert running.jobs.trained == 1


async def test_a_damaged_model_folder_is_laid_out_anew(running: Running, tmp_path: Path) -> None:
    await running.library.model()
    [home] = (tmp_path / "models").iterdir()
    (home / "manifest.json").write_text("{")
    again = Library(running.store, cast("Jobs", running.jobs), tmp_path / "models")
    assert (await again.model()).find("Kavinsky") == "Kavinsky"
    assert running.jobs.trained == 1


async def test_only_the_model_in_use_stays_on_disk(running: Running, tmp_path: Path) -> None:
    await running.library.model()
    await running.services.listening.import_file(ME, "x.zip", extended_package({"Burial": 9}))
    version = await running.jobs.train()
    await running.library.newest()
    assert [folder.name for folder in (tmp_path / "models").iterdir()] == [version]


async def test_an_artist_of_one_member_alone_is_not_told_to_others(running: Running) -> None:
    lonely = {"Zqx Unique Lonely": 40, "Kavinsky": 3}
    await running.services.listening.import_file(ME, "x.zip", extended_package(lonely))
    await running.jobs.train()
    await running.library.newest()
    assert "Zqx Unique Lonely" not in running.services.listening.suggest("Zqx")
    assert "Kavinsky" in running.services.listening.suggest("Kavin")
    with pytest.raises(UserError) as refused:
        await running.services.recommendations.recommend("discord:2", like="Zqx Unique Lonelx")
    assert "Lonely" not in str(refused.value)


async def test_votes_at_the_same_time_all_stand(running: Running) -> None:
    recommendations = running.services.recommendations
    card = await recommendations.recommend(ME, like="Kavinsky", count=5)
    votes = (recommendations.vote(ME, card.id, rank, 1) for rank in range(1, 6))
    await asyncio.gather(*votes)
    assert [item.vote for item in (await recommendations.find(card.id)).items] == [1] * 5
