"""Clips as every surface asks for them."""

from __future__ import annotations

import io
import zipfile

import mido
import numpy as np
import pytest
import soundfile

from bot.errors import UserError
from bot.services import StemsTooLarge
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


async def test_an_artist_leans_a_clip_and_every_button_keeps_it(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("synthwave", bars=4, seed=3, like=["nujabes"])
    assert spec.like == ("Nujabes",)
    assert spec.blend
    clip = await clips.make(spec)
    assert clip.summary["artists"] == ["Nujabes"]
    assert any("from Nujabes" in sentence for sentence in clip.likeness)
    assert clip.command.endswith("like:Nujabes")
    for other in (clips.new_take(spec), clips.vary(spec, "lead")):
        assert (other.like, other.blend, other.tags) == (spec.like, spec.blend, spec.tags)
    assert await clips.find(spec.id) == spec
    again = clips.request(
        spec.style, key=spec.key, bpm=spec.bpm, bars=4, mood=spec.mood, seed=3, like=["Nujabes"]
    )
    assert again == spec


async def test_an_artist_nobody_knows_is_answered_with_the_nearest(running: Running) -> None:
    clips = running.services.clips
    with pytest.raises(UserError, match=r"do not know 'Nujabsxx' yet; did you mean Nujabes"):
        clips.request("lofi", like=["Nujabsxx"])
    assert "Nujabes" in clips.suggest_artists("nuja")


async def test_stems_come_as_one_zip_from_the_cache_the_second_time(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("techno", bars=4, bpm=180, seed=2, parts=("drums", "bass"))
    data = await clips.stems(spec)
    assert await clips.stems(spec) == data
    assert running.jobs.rendered == [f"{spec.id}-stems24"]
    depth = _depth(data, ["drums.flac", "bass.flac"])
    assert depth == "PCM_24"


def _depth(data: bytes, names: list[str]) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[: len(names)] == names
        for name in names:
            samples, _ = soundfile.read(io.BytesIO(archive.read(name)))
            assert np.abs(samples).max() > 0.01
        return str(soundfile.info(io.BytesIO(archive.read(names[0]))).subtype)


async def test_where_deep_stems_do_not_pass_flatter_ones_come(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("techno", bars=4, bpm=180, seed=2, parts=("drums", "bass"))
    deep = len(await clips.stems(spec))
    assert _depth(await clips.stems(spec, limit=deep - 1), ["drums.flac"]) == "PCM_16"


async def test_stems_that_never_pass_are_refused_with_a_clip_that_fits(running: Running) -> None:
    clips = running.services.clips
    spec = clips.request("techno", bars=8, bpm=180, seed=2, parts=("drums", "bass"))
    deep = len(await clips.stems(spec))
    flat = len(await clips.stems(spec, limit=deep - 1))
    with pytest.raises(StemsTooLarge, match=r"8 bars of stems are .* 4 bars fit") as refused:
        await clips.stems(spec, limit=flat - 1)
    shorter = refused.value.shorter
    assert shorter is not None
    assert (shorter.bars, shorter.seed, shorter.parts) == (4, 2, spec.parts)
    assert await clips.find(shorter.id) == shorter
    assert len(await clips.stems(shorter, limit=flat - 1)) < flat
    with pytest.raises(StemsTooLarge, match="--stems` has no limit") as refused:
        await clips.stems(shorter, limit=1000)
    assert refused.value.shorter is None
