"""Clips as every surface asks for them."""

from __future__ import annotations

import io

import mido
import pytest

from bot.errors import UserError
from tests.unit.services.conftest import Running


def notes(data: bytes) -> dict[str, list[tuple[int, int, int]]]:
    """Note-ons by part: tick, pitch, velocity."""
    found = {}
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        tick, played = 0, []
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                played.append((tick, message.note, message.velocity))
        if played:
            found[track.name] = played
    return found


async def test_a_spec_asked_for_again_comes_from_the_cache(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("synthwave", bars=4, seed=11)
    first, again = await clips.make(spec), await clips.make(spec)
    assert first.files == again.files
    assert running.jobs.rendered == [spec.id]


async def test_the_command_in_an_answer_gives_the_very_clip_again(running: Running) -> None:
    clips = running.services.clips
    varied = clips.vary(clips.new_take(clips.request("lofi", bars=4, mood="dreamy")), "keys")
    clip = await clips.make(varied)
    head, *options = clip.command.replace(":", " ").split(" ")
    words = " ".join(options)
    assert head == "/jam"
    for name in ("style", "key", "bpm", "bars", "mood", "seed"):
        assert f"{name} {getattr(varied, name)}" in words
    again = clips.request(
        varied.style,
        key=varied.key,
        bpm=varied.bpm,
        bars=varied.bars,
        mood=varied.mood,
        seed=varied.seed,
    )
    assert again == varied


async def test_vary_writes_one_part_anew_and_leaves_the_rest(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("synthwave", bars=8, seed=5)
    before = notes((await clips.make(spec)).files["clip.mid"])
    after = notes((await clips.make(clips.vary(spec, "lead"))).files["clip.mid"])
    assert before.keys() == after.keys()
    assert [part for part in before if before[part] != after[part]] == ["lead"]


async def test_a_clip_is_found_by_its_id_and_a_stranger_is_not(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("techno", bars=4)
    await clips.make(spec)
    assert await clips.find(spec.id) == spec
    with pytest.raises(UserError, match="/jam"):
        await clips.find("0123456789abcdef")


async def test_half_typed_styles_and_keys_are_completed(running: Running) -> None:
    clips = running.services.clips
    assert clips.suggest_styles("synt")[0].slug == "synthwave"
    assert clips.suggest_styles("Lo-Fi")[0].slug == "lofi"
    assert {style.slug for style in clips.suggest_styles("")} >= {"lofi", "synthwave", "techno"}
    assert clips.suggest_keys("d m") == ["D minor", "D major"]
    assert set(clips.moods("lofi")) <= set(clips.moods())


async def test_two_takes_of_a_request_differ(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("synthwave", bars=4, seed=1)
    other = clips.new_take(spec)
    assert (other.style, other.key, other.bpm) == (spec.style, spec.key, spec.bpm)
    first = notes((await clips.make(spec)).files["clip.mid"])
    second = notes((await clips.make(other)).files["clip.mid"])
    assert all(first.get(part) != second.get(part) for part in ("bass", "arp", "lead"))
