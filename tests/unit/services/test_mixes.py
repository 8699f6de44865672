"""Mixes and comparisons over a real store."""

from __future__ import annotations

import io

import pytest
import redis.asyncio
from PIL import Image

from bot.errors import UserError
from tests.exports import extended_package
from tests.unit.services.conftest import Running

ME, YOU = "discord:1", "discord:2"
NIGHTS = {"Kavinsky": 60, "Perturbator": 40, "Com Truise": 25, "Gunship": 9, "Carpenter Brut": 4}
BEATS = {"Nujabes": 30, "J Dilla": 20, "Madlib": 12, "Knxwledge": 9, "DJ Shadow": 3}


async def test_a_history_becomes_mixes_of_its_own_tracks_and_new_ones(running: Running) -> None:
    await running.services.listening.import_file(ME, "x.zip", extended_package(NIGHTS | BEATS))
    mixes = await running.services.mixes.of(ME)
    assert len(mixes) == 2
    blob = await running.store.tastes.history(ME)
    assert blob is not None
    for mix in mixes:
        assert 20 <= len(mix.items) <= 50
        assert 0 < mix.known < len(mix.items)
        for item in mix.items:
            assert item.link.startswith("https://open.spotify.com/")
            if item.known:
                assert item.artist in NIGHTS | BEATS
                assert item.reason == "you play it"
                assert item.link.startswith("https://open.spotify.com/track/")
    assert await running.services.mixes.of(ME) == mixes
    found, others = await running.services.mixes.find(ME, mixes[1].id)
    assert (found, others) == (mixes[1], mixes)
    assert await running.store.tastes.history(ME) == blob


async def test_artists_that_were_only_added_make_a_mix(running: Running) -> None:
    for artist in NIGHTS:
        await running.services.listening.add(ME, artist)
    [mix] = await running.services.mixes.of(ME)
    known = {item.artist: item for item in mix.items if item.known}
    assert set(known) == set(NIGHTS)
    assert known["Kavinsky"].reason == "you like Kavinsky"
    assert known["Kavinsky"].link.endswith("/tracks")


async def test_a_mix_that_is_gone_and_a_taste_too_small_say_what_to_do(running: Running) -> None:
    with pytest.raises(UserError, match="/taste import"):
        await running.services.mixes.of(ME)
    await running.services.listening.add(ME, "Kavinsky")
    with pytest.raises(UserError, match="Mixes begin at 3 artists"):
        await running.services.mixes.of(ME)
    await running.services.listening.import_file(ME, "x.zip", extended_package(NIGHTS))
    with pytest.raises(UserError, match="/mix"):
        await running.services.mixes.find(ME, "sea-shanties")


async def test_two_tastes_are_compared_in_a_picture_and_in_words(running: Running) -> None:
    mine, yours = {**NIGHTS, "Enya": 8}, {**BEATS, "Kavinsky": 50}
    await running.services.listening.import_file(ME, "x.zip", extended_package(mine))
    await running.services.listening.import_file(YOU, "x.zip", extended_package(yours))
    found = await running.services.comparisons.compare(ME, YOU, ("Alice 🌙", "Борис"))
    assert 0 < found.share < 100
    assert found.both == ("Kavinsky",)
    assert "Perturbator" in [one.artist for one in found.first_shows]
    assert {one.artist for one in found.second_shows} <= set(BEATS)
    near = {name for one in found.first_shows for name in one.because}
    assert near <= set(yours)
    assert all(one.link.startswith("https://") for one in found.first_shows)
    with Image.open(io.BytesIO(found.picture)) as picture:
        assert picture.size == (1200, 1000)
    assert f"{found.share}%" in found.text
    assert len(found.text) <= 256


async def test_whoever_cannot_be_compared_is_told_without_a_word_on_the_other(
    running: Running,
) -> None:
    comparisons = running.services.comparisons
    with pytest.raises(UserError, match="/taste add"):
        await comparisons.check(ME)
    await running.services.listening.add(ME, "Kavinsky")
    await comparisons.check(ME)
    with pytest.raises(UserError, match="I do not know your taste yet"):
        await comparisons.compare(ME, YOU, ("a", "b"))
    with pytest.raises(UserError, match="the other taste") as refused:
        await comparisons.compare(YOU, ME, ("a", "b"))
    assert "Kavinsky" not in str(refused.value)


async def test_neither_mixes_nor_comparisons_leave_anything_behind(
    running: Running, raw: redis.asyncio.Redis
) -> None:
    for member in (ME, YOU):
        await running.services.listening.import_file(member, "x.zip", extended_package(NIGHTS))
    await running.library.model()
    before = set(await raw.keys("*"))
    await running.services.mixes.of(ME)
    await running.services.comparisons.compare(ME, YOU, ("a", "b"))
    assert set(await raw.keys("*")) == before
