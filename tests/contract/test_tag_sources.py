"""What every source of tags promises, against services that answer well, badly and not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.settings import Settings
from bot.sources.fetch import LONGEST_WAIT, TryLater, make_session
from bot.sources.tag_source import TagAnswer, TagSource
from bot.sources.tags import SOURCES, open_sources
from recommender.vocabulary import in_our_words
from tests.conftest import make_settings
from tests.tag_services import ACTS, SHAPES, Act, Mishap, TagServices, tag_services

AGENT = "Nightjar/0 ( you@example.org )"
NAMES = tuple(SOURCES)
MOTH = ACTS[0]


@dataclass(frozen=True, slots=True)
class Setting:
    services: TagServices
    sources: dict[str, TagSource]


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    async with tag_services() as services, make_session(AGENT) as session:
        settings = make_settings(tmp_path, **services.settings())
        sources = {source.name: source for source in open_sources(session, settings)}
        yield Setting(services, sources)


def act(name: str) -> Act:
    return next(act for act in ACTS if act.name == name)


async def ask(setting: Setting, name: str, artist: str) -> TagAnswer:
    """ListenBrainz is asked by the id that MusicBrainz would have given."""
    mbid = next((act.mbid for act in ACTS if act.name == artist), None)
    return await setting.sources[name].look_up(artist, mbid)


async def test_the_registry_holds_them_all(setting: Setting) -> None:
    assert tuple(setting.sources) == NAMES
    assert NAMES[0] == "musicbrainz"  # which tells namesakes apart, for those after it


async def test_without_a_key_lastfm_is_left_out(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        opened = open_sources(session, make_settings(tmp_path))
    assert [source.name for source in opened] == ["musicbrainz", "listenbrainz"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_known_artist_has_tags_as_the_service_weighs_them(
    setting: Setting, name: str
) -> None:
    answer = await ask(setting, name, "Moth Parade")
    assert dict(answer.tags) == MOTH.tags
    assert in_our_words(answer.tags) == {"synthpop": 5.0, "electronic": 3.0, "new wave": 3.0}
    assert answer.mbid in (MOTH.mbid, None)


@pytest.mark.parametrize("name", NAMES)
async def test_one_request_that_says_who_asks_and_what_for_and_nothing_else(
    setting: Setting, name: str
) -> None:
    await ask(setting, name, "Moth Parade")
    [(_, _, query, headers)] = setting.services.asked
    assert headers["User-Agent"] == AGENT
    assert set(headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    asked = "".join(query.values())
    assert ("Moth Parade" in asked) or (MOTH.mbid in asked)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("artist", ["Nobody Ever", "Parade", "x" * 200, "*", '"', "a\\", "日本"])
async def test_an_unknown_artist_has_none(setting: Setting, name: str, artist: str) -> None:
    assert await ask(setting, name, artist) == TagAnswer()


@pytest.mark.parametrize("artist", ["moth parade", "MOTH PARADE"])
async def test_spellings_of_the_name_are_the_artist(setting: Setting, artist: str) -> None:
    assert (await setting.sources["musicbrainz"].look_up(artist, None)).mbid == MOTH.mbid
    assert (await setting.sources["lastfm"].look_up(artist, None)).tags == MOTH.tags


async def test_musicbrainz_knows_other_names_and_odd_ones(setting: Setting) -> None:
    source = setting.sources["musicbrainz"]
    assert (await source.look_up("Angstrom", None)).mbid == act("Ångström Choir").mbid
    odd = act('The "Quoted" \\ Ones')
    assert (await source.look_up(odd.name, None)).mbid == odd.mbid


async def test_of_namesakes_only_a_clearly_meant_one_counts(setting: Setting) -> None:
    source = setting.sources["musicbrainz"]
    assert await source.look_up("Twin", None) == TagAnswer(ambiguous=True)
    assert "techno" in (await source.look_up("Big Namesake", None)).tags
    assert await source.look_up("Sparrow", None) == TagAnswer()


async def test_listenbrainz_is_not_asked_for_a_name_alone(setting: Setting) -> None:
    assert await setting.sources["listenbrainz"].look_up("Moth Parade", None) == TagAnswer()
    assert setting.services.asked == []


async def test_a_single_tag_of_lastfm_may_come_without_a_list(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"toptags": {"tag": {"name": "dub", "count": 100}, "@attr": {"artist": "Solo"}}}

    async def answer(*_: object) -> tuple[int, object]:
        return 200, document

    monkeypatch.setattr("bot.sources.lastfm.get_json", answer)
    assert (await setting.sources["lastfm"].look_up("Solo", None)).tags == {"dub": 100.0}
    assert await setting.sources["lastfm"].look_up("Duo", None) == TagAnswer()


async def test_a_refused_key_is_said_without_the_key(setting: Setting, tmp_path: Path) -> None:
    values = {**setting.services.settings(), "lastfm_api_key": "wrong-and-secret"}
    async with make_session(AGENT) as session:
        source = open_sources(session, make_settings(tmp_path, **values))[-1]
        with pytest.raises(TryLater, match="LASTFM_API_KEY") as refused:
            await source.look_up("Moth Parade", None)
    assert refused.value.seconds == LONGEST_WAIT
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("mishap", "seconds"),
    [
        ("429", 7.0),
        ("503", None),
        ("503 date", LONGEST_WAIT),
        ("500", None),
        ("slow", None),
        ("cut off", None),
        ("garbage", None),
        ("nothing", None),
        ("huge", None),
        ("bomb", None),
        ("elsewhere", None),
    ],
)
async def test_a_service_in_trouble_is_asked_again_later(
    setting: Setting,
    name: str,
    mishap: Mishap,
    seconds: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setting.services.mishap = mishap
    if mishap == "slow":
        source = setting.sources[name]
        monkeypatch.setattr(source._session, "_timeout", aiohttp.ClientTimeout(total=0.2))  # type: ignore[attr-defined]
    with pytest.raises(TryLater) as refused:
        await ask(setting, name, "Moth Parade")
    assert refused.value.seconds == seconds
    assert len(setting.services.asked) == (2 if mishap == "cut off" else 1)


@pytest.mark.parametrize("name", NAMES)
async def test_documents_of_odd_shapes_tell_nothing(setting: Setting, name: str) -> None:
    setting.services.mishap = "odd shapes"
    for _ in range(SHAPES):
        try:
            answer = await ask(setting, name, "Moth Parade")
        except TryLater:
            continue
        assert dict(answer.tags) == {}
        assert not answer.ambiguous


async def test_nobody_at_the_address_is_a_service_in_trouble(tmp_path: Path) -> None:
    settings = make_settings(
        tmp_path,
        musicbrainz_api_base="http://127.0.0.1:1",
        listenbrainz_api_base="http://127.0.0.1:1",
        lastfm_api_base="http://127.0.0.1:1",
        lastfm_api_key="k",
    )
    async with make_session(AGENT) as session:
        for source in open_sources(session, settings):
            with pytest.raises(TryLater, match="cannot be reached"):
                await source.look_up("Moth Parade", MOTH.mbid)


async def test_a_bare_host_gets_the_usual_path(tmp_path: Path) -> None:
    async with tag_services() as services, make_session(AGENT) as session:
        bases = ("musicbrainz_api_base", "listenbrainz_api_base", "lastfm_api_base")
        values = {**services.settings(), **dict.fromkeys(bases, services.base + "/")}
        for source in open_sources(session, Settings.model_validate(values)):
            assert (await source.look_up("Moth Parade", MOTH.mbid)).tags == MOTH.tags
