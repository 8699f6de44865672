"""Stopping: nobody is left before a "thinking..." that never ends."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from tests.unit.cogs.conftest import Stage


async def test_who_waits_still_gets_the_clip(stage: Stage) -> None:
    stage.services.jobs.seconds = 1.0
    async with stage.running():
        asked = await stage.discord.slash("jam", style="synthwave")
        await asked.acknowledged()
    assert (await asked.answer()).file(".mp3")


async def test_who_would_wait_too_long_is_told_how_to_get_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.client.DRAIN_SECONDS", 0.5)
    async with stage.running():
        clip = await (await stage.discord.slash("jam", style="synthwave")).answer()
        stage.services.jobs.seconds = 30.0
        asked = await stage.discord.slash("jam", style="synthwave", bars=4, bpm=100, seed=7)
        pressed = await stage.discord.press(clip, "New take")
        await asked.acknowledged()
        await pressed.acknowledged()
        began = time.monotonic()
    assert time.monotonic() - began < 2.0
    for interaction in (asked, pressed):
        assert "restarting; ask again in a minute" in (await interaction.answer()).text
    assert "seed:7`" in (await asked.answer()).text
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]


async def test_who_asks_while_it_stops_is_told_at_once(stage: Stage) -> None:
    async with stage.running():
        card = await (await stage.discord.slash("recommend")).answer()
        stage.services.jobs.seconds = 1.5
        waiting = await stage.discord.slash("jam", style="synthwave")
        await waiting.acknowledged()

        async def come_late() -> None:
            await asyncio.sleep(0.3)
            for late in (
                await stage.discord.slash("help"),
                await stage.discord.press(card, card.controls[0]["custom_id"]),
            ):
                told = await late.answer(1.0)
                assert told.ephemeral
                assert "restarting" in told.text

        coming = asyncio.create_task(come_late())
    await coming
    assert (await waiting.answer()).file(".mp3")
