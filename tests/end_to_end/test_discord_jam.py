"""`/jam` on the real program: a bot process, its workers and its Redis, over the real protocol."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator

import mido
import pytest
import pytest_asyncio
import soundfile
from PIL import Image

from tests.discord.messages import Message
from tests.discord.server import DiscordServer
from tests.end_to_end.discord_process import BotProcess, bot_process

pytestmark = pytest.mark.asyncio(loop_scope="module")

RENDER_SECONDS = 60.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    """One program for the whole file; every test leaves it running."""
    folder = tmp_path_factory.mktemp("nightjar")
    async with DiscordServer() as discord, bot_process(discord, folder) as process:
        yield process


def notes(message: Message) -> dict[str, list[tuple[int, int, int]]]:
    """What each track of the attached MIDI plays: (tick, pitch, velocity) of every note on."""
    midi = mido.MidiFile(file=io.BytesIO(message.file(".mid").data))
    played = {}
    for track in midi.tracks:
        tick, found = 0, []
        for event in track:
            tick += event.time
            if event.type == "note_on" and event.velocity:
                found.append((tick, event.note, event.velocity))
        if found:
            played[track.name] = found
    return played


async def test_jam_synthwave_and_its_buttons_across_a_restart(bot: BotProcess) -> None:
    discord = bot.discord
    ix = await discord.slash("jam", style="synthwave")
    assert await ix.acknowledged() < 1.0
    message = await ix.answer(RENDER_SECONDS)

    audio = message.file(".mp3").data
    info = soundfile.info(io.BytesIO(audio))
    assert (info.samplerate, info.channels) == (44100, 2)
    assert 15 < info.duration < 60
    with Image.open(io.BytesIO(message.file(".png").data)) as picture:
        assert picture.width >= 800
    played = notes(message)
    assert list(played) == ["drums", "bass", "pad", "arp", "lead"]
    assert [c["label"] for c in message.controls] == ["New take", "Vary", "Stems"]
    assert "synthwave" in message.text
    assert "16 bars" in message.text

    assert await bot.stop() == 0, bot.log
    await bot.start()

    pressed = await discord.press(message, "New take", by=discord.bob)
    assert await pressed.acknowledged() < 1.0
    other = await pressed.answer(RENDER_SECONDS)
    assert notes(other) != played
    assert other.file(".mp3").data != audio

    question = await (await discord.press(message, "Vary")).answer()
    assert question.ephemeral
    chosen = await discord.choose(question, "Choose a part", "lead")
    assert await chosen.acknowledged() < 1.0
    varied = notes(await chosen.answer(RENDER_SECONDS))
    changed = [part for part in played if varied[part] != played[part]]
    assert changed == ["lead"]
    assert discord.world.syncs == 1


async def test_the_same_words_give_the_same_bytes(bot: BotProcess) -> None:
    discord = bot.discord
    asked = {"style": "lofi", "bars": 4, "seed": 99, "key": "D minor", "bpm": 80}
    first = await (await discord.slash("jam", **asked)).answer(RENDER_SECONDS)
    place = discord.dm(discord.bob)
    again = await discord.slash("jam", by=discord.bob, where=place, **asked)
    second = await again.answer(RENDER_SECONDS)
    assert [a.data for a in first.attachments] == [a.data for a in second.attachments]


async def test_an_artist_is_followed_and_stems_outlive_a_restart(bot: BotProcess) -> None:
    discord = bot.discord
    found = await discord.autocomplete("jam", "like", "nujab", style="techno")
    assert [choice["value"] for choice in found] == ["Nujabes"]
    ix = await discord.slash("jam", style="techno", bars=4, bpm=130, seed=7, like="Nujabes")
    message = await ix.answer(RENDER_SECONDS)
    assert "(from Nujabes)" in message.text
    assert "like:Nujabes`" in message.text

    assert await bot.stop() == 0, bot.log
    await bot.start()

    pressed = await discord.press(message, "Stems", by=discord.bob)
    assert await pressed.acknowledged() < 1.0
    stems = await pressed.answer(RENDER_SECONDS)
    with zipfile.ZipFile(io.BytesIO(stems.file("-stems.zip").data)) as archive:
        assert archive.testzip() is None
        parts = [name for name in archive.namelist() if name.endswith(".flac")]
        for name in parts:
            info = soundfile.info(io.BytesIO(archive.read(name)))
            assert info.duration == pytest.approx(4 * 4 * 60 / 130, abs=0.001)
    assert parts == [f"{name}.flac" for name in notes(message)]
    again = await (await discord.press(message, "New take")).answer(RENDER_SECONDS)
    assert "like:Nujabes`" in again.text


async def test_what_is_typed_is_completed_and_corrected(bot: BotProcess) -> None:
    discord = bot.discord
    styles = await discord.autocomplete("jam", "style", "")
    assert {"synthwave", "lofi", "techno"} <= {choice["value"] for choice in styles}
    typo = await (await discord.slash("jam", style="sinthwave")).answer()
    assert typo.ephemeral
    assert "synthwave" in typo.text
    unkey = await (await discord.slash("jam", style="lofi", key="H sharp")).answer()
    assert unkey.ephemeral
    assert unkey.text
