"""The studio's commands do what the bot's commands do."""

from __future__ import annotations

from bot.errors import UserError
from tests.unit.web.conftest import Site


async def test_everything_that_can_be_chosen_is_listed(studio: Site) -> None:
    document = await (await studio.get("/api/styles")).json()

    styles = {style["slug"]: style for style in document["styles"]}
    assert {"lofi", "synthwave", "techno"} <= set(styles)
    synthwave = styles["synthwave"]
    assert synthwave["name"] == "Synthwave"
    assert 40 <= synthwave["tempo_low"] < synthwave["tempo_high"] <= 220
    assert synthwave["moods"]
    assert {"drums", "bass"} <= set(synthwave["parts"])
    assert "D minor" in document["keys"]
    assert document["bars"] == [4, 8, 16, 32]


async def test_a_clip_is_made_as_wished(studio: Site) -> None:
    clip = await studio.jam(key="D minor", bpm=96, bars=8, mood="dark")

    summary = clip["summary"]
    assert (summary["style"], summary["key"], summary["bpm"]) == ("synthwave", "D minor", 96)
    assert (summary["bars"], summary["mood"], summary["seed"]) == (8, "dark", 7)
    assert clip["title"] == "Synthwave in D minor"
    assert studio.services.jobs.rendered == [clip["id"]]


async def test_the_same_wish_comes_from_the_cache(studio: Site) -> None:
    first = await studio.jam()
    second = await studio.jam()

    assert first == second
    assert studio.services.jobs.rendered == [first["id"]]


async def test_a_new_take_keeps_the_request_and_changes_the_seed(studio: Site) -> None:
    clip = await studio.jam(key="D minor", bpm=96)

    take = await (await studio.post(f"/api/clips/{clip['id']}/new")).json()

    assert take["id"] != clip["id"]
    changed = {name for name in clip["summary"] if clip["summary"][name] != take["summary"][name]}
    assert changed == {"seed"}


async def test_varying_a_part_raises_its_take_only(studio: Site) -> None:
    clip = await studio.jam()

    varied = await (await studio.post(f"/api/clips/{clip['id']}/vary", {"part": "bass"})).json()

    assert varied["id"] != clip["id"]
    assert varied["summary"]["seed"] % 2**20 == clip["summary"]["seed"]
    refused = await studio.post(f"/api/clips/{clip['id']}/vary", {"part": "tuba"})
    assert refused.status == 400
    assert "bass" in (await refused.json())["error"]


async def test_a_clip_leans_to_an_artist_who_is_suggested(studio: Site) -> None:
    named = await (await studio.get("/api/tagged?q=car")).json()
    assert named == {"artists": ["Carpenter Brut"]}
    assert await (await studio.get("/api/tagged?q=%20")).json() == {"artists": []}

    clip = await studio.jam(like="carpenter brut")

    assert clip["summary"]["like"][0].endswith("(from Carpenter Brut): moved")
    assert studio.services.clips.specs[clip["id"]]["like"] == ["Carpenter Brut"]
    take = await (await studio.post(f"/api/clips/{clip['id']}/new")).json()
    assert studio.services.clips.specs[take["id"]]["like"] == ["Carpenter Brut"]
    refused = await studio.post("/api/jam", {"style": "lofi", "like": "Carpenter Brutalists Choir"})
    assert refused.status == 400
    assert "did you mean Carpenter Brut?" in (await refused.json())["error"]


async def test_stems_are_made_and_then_sent_as_a_file(studio: Site) -> None:
    clip = await studio.jam(bars=4, bpm=90, key="D minor")

    made = await (await studio.post(clip["urls"]["stems"])).json()

    assert made["bytes"] == 4000
    sent = await studio.get(made["url"])
    assert sent.content_type == "application/zip"
    assert len(await sent.read()) == 4000
    name = "nightjar-synthwave-d-minor-90bpm-7-stems.zip"
    assert f'filename="{name}"' in sent.headers["Content-Disposition"]
    rendered = studio.services.jobs.rendered
    assert rendered == [clip["id"], f"{clip['id']}-stems24"]


async def test_stems_too_large_to_keep_are_refused_in_a_sentence(studio: Site) -> None:
    studio.services.jobs.stem_bytes_a_bar = 2**25
    clip = await studio.jam(bars=8)
    refused = await studio.post(clip["urls"]["stems"])
    assert refused.status == 400
    assert "4 bars fit" in (await refused.json())["error"]


async def test_artists_are_suggested_and_added(studio: Site) -> None:
    assert await (await studio.get("/api/artists?q=car")).json() == {"artists": ["Carpenter Brut"]}
    assert await (await studio.get("/api/artists?q=")).json() == {"artists": []}

    added = await studio.post("/api/taste/add", {"artist": "carpenter"})

    assert await added.json() == {"artist": "Carpenter Brut"}
    taste = await (await studio.get("/api/taste")).json()
    assert taste["sources"] == [{"name": "added", "count": 1}]
    picture = await studio.get(taste["picture"])
    assert picture.content_type == "image/png"
    assert picture.headers["Cache-Control"] == "no-store"


async def test_recommendations_can_be_voted_on_and_followed(studio: Site) -> None:
    answer = await (await studio.post("/api/recommend", {"like": "Kavinsky", "count": 3})).json()

    assert "member" not in answer
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    assert all(item["reason"] and item["link"].startswith("https://") for item in answer["items"])

    assert [item["start_with"] for item in answer["items"]] == ["", "", "*Up* (Down)"]
    assert answer["items"][2]["start_link"].startswith("https://open.spotify.com/search/")

    vote = {"rank": 2, "value": 1}
    voted = await (await studio.post(f"/api/answers/{answer['id']}/vote", vote)).json()
    assert [item["vote"] for item in voted["answer"]["items"]] == [None, 1, None]
    taken_back = await (await studio.post(f"/api/answers/{answer['id']}/vote", vote)).json()
    assert taken_back["answer"]["items"][1]["vote"] is None

    more = await (await studio.post(f"/api/answers/{answer['id']}/more", {"rank": 2})).json()
    assert more["basis"] == f"close to {answer['items'][1]['artist']}"


async def test_what_one_knows_already_is_a_vote_too(studio: Site) -> None:
    answer = await (await studio.post("/api/recommend", {"like": "Kavinsky", "count": 2})).json()
    path = f"/api/answers/{answer['id']}/vote"
    known = await (await studio.post(path, {"rank": 1, "value": 0})).json()
    assert [item["vote"] for item in known["answer"]["items"]] == [0, None]


async def test_votes_are_up_known_or_down(studio: Site) -> None:
    answer = await (await studio.post("/api/recommend", {"like": "Kavinsky"})).json()
    for value in (-2, 2, None, "up"):
        refused = await studio.post(
            f"/api/answers/{answer['id']}/vote", {"rank": 1, "value": value}
        )
        assert refused.status == 400
    assert all(
        item.vote is None for item in studio.services.recommendations.answers[answer["id"]].items
    )


async def test_mixes_are_listed_with_their_items(studio: Site) -> None:
    document = await (await studio.get("/api/mixes")).json()

    first, second = document["mixes"]
    assert (first["name"], first["tags"]) == ("Synthwave & Darksynth", ["synthwave", "80s"])
    assert (len(first["items"]), len(second["items"])) == (32, 20)
    item = first["items"][0]
    assert set(item) == {"artist", "track", "known", "reason", "link"}
    assert studio.services.mixes.asked_by == ["local"]

    studio.services.mixes.refusing = UserError("Mixes begin at 3 artists.")
    refused = await studio.get("/api/mixes")
    assert refused.status == 400
    assert (await refused.json())["error"] == "Mixes begin at 3 artists."
