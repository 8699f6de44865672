"""The client itself: login, registration of commands, errors, the way back after a failure."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from pathlib import Path

import pytest

import cogs
from bot.errors import UserError
from tests.discord.server import DiscordServer
from tests.unit.cogs.conftest import Stage, until


async def test_commands_are_registered_only_when_they_changed(stage: Stage) -> None:
    for _ in range(2):
        async with stage.running():
            assert "jam" in stage.discord.commands
    assert stage.discord.world.syncs == 1
    [name] = stage.notes.texts
    stage.notes.texts[name] = json.dumps({"hash": "of older commands", "ids": {}})
    async with stage.running():
        assert stage.discord.world.syncs == 2


async def test_a_developer_sees_the_commands_in_one_guild_at_once(stage: Stage) -> None:
    async with stage.running(DEV_GUILD_ID=stage.discord.guild.id):
        assert list(stage.discord.world.commands) == [stage.discord.guild.id]
        message = await (await stage.discord.slash("help")).answer()
        assert "</jam:" in message.text


async def test_the_client_asks_for_no_privileged_intent_and_pings_nobody(bot: Stage) -> None:
    [identify] = bot.discord.gateway.identifies
    assert identify["intents"] == 1
    await (await bot.discord.slash("recommend")).answer()
    sent = [r.body["data"] for r in bot.discord.requests if r.path.endswith("/callback")]
    assert [data["allowed_mentions"] for data in sent] == [{"parse": []}]


async def test_both_invite_links_are_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot.client"):
        async with stage.running():
            pass
    assert "permissions=274878024704" in caplog.text
    assert "integration_type=1" in caplog.text
    assert caplog.text.count(f"client_id={stage.discord.bot.id}") == 2


async def test_a_wrong_token_is_one_sentence(stage: Stage) -> None:
    nightjar = stage.nightjar(DISCORD_TOKEN="wrong")
    with pytest.raises(UserError, match="DISCORD_TOKEN"):
        await nightjar.run_until(asyncio.Event())


async def test_no_token_is_one_sentence(stage: Stage) -> None:
    with pytest.raises(UserError, match="DISCORD_TOKEN"):
        stage.nightjar(DISCORD_TOKEN="")


async def test_an_api_that_is_not_up_yet_is_waited_for() -> None:
    async with DiscordServer(listening=False) as discord:
        stage = Stage(discord)
        asyncio.get_running_loop().call_later(0.5, lambda: asyncio.create_task(discord.listen()))
        async with stage.running() as nightjar:
            assert "</jam:" in (await (await discord.slash("help")).answer()).text
            assert nightjar.ready


async def test_an_api_in_trouble_is_tried_again(stage: Stage) -> None:
    stage.discord.fail("GET", "/oauth2/applications/@me", 503)
    async with stage.running():
        assert (await (await stage.discord.slash("help")).answer()).ephemeral


async def test_a_gateway_that_is_not_up_yet_is_waited_for(stage: Stage) -> None:
    stage.discord.gateway.up = False

    async def repair() -> None:
        await asyncio.sleep(0.3)
        assert stage.discord.gateway.refused == 1
        stage.discord.gateway.up = True

    repairing = asyncio.create_task(repair())
    async with stage.running() as nightjar:
        await repairing
        assert nightjar.ready


async def test_ready_says_whether_discord_is_connected(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.IDENTIFY_SECONDS", 0.0)
    async with stage.running() as nightjar:
        assert nightjar.ready
        stage.discord.gateway.up = False
        await stage.discord.gateway.drop()
        await until(lambda: not nightjar.ready)
        stage.discord.gateway.up = True
        await until(lambda: nightjar.ready)
    assert not nightjar.ready


async def test_a_forced_reconnect_resumes_the_session(bot: Stage) -> None:
    await bot.discord.gateway.ask_to_reconnect()
    await until(lambda: len(bot.discord.gateway.resumes) == 1)
    await (await bot.discord.slash("help")).answer()
    assert len(bot.discord.gateway.identifies) == 1


async def test_a_lost_session_is_identified_anew_at_the_same_gateway(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.IDENTIFY_SECONDS", 0.2)
    bot.discord.gateway.sessions[0].valid = False
    await bot.discord.gateway.drop()
    await until(lambda: len(bot.discord.gateway.identifies) == 2, 12)
    await (await bot.discord.slash("help")).answer()


async def test_what_breaks_is_logged_under_the_number_the_person_gets(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bot.services.jobs.failing = ZeroDivisionError("secret detail")
    clip = await (await bot.discord.slash("jam", style="synthwave")).answer()
    [number] = re.findall(r"`([0-9a-f]{8})`", clip.text)
    assert "secret detail" not in clip.text
    assert f"failed [{number}]" in caplog.text
    assert "secret detail" in caplog.text


async def test_a_button_that_breaks_answers_as_well(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    card = await (await bot.discord.slash("recommend")).answer()
    [answer_id] = bot.services.recommendations.answers
    bot.services.recommendations.answers[answer_id] = None  # type: ignore[assignment]
    told = await (await bot.discord.press(card, card.controls[0]["custom_id"])).answer()
    assert told.ephemeral
    [number] = re.findall(r"`([0-9a-f]{8})`", told.text)
    assert number in caplog.text


async def test_an_interaction_that_came_too_late_is_only_logged(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bot.discord.world.callback_seconds = 0.0
    await bot.discord.slash("help")
    await bot.discord.quiet()
    assert "could no longer be answered" in caplog.text
    assert [r.levelname for r in caplog.records if r.name.startswith("cogs")] == ["WARNING"]


async def test_a_developer_guild_the_bot_is_not_in_is_one_sentence(stage: Stage) -> None:
    stage.discord.fail("PUT", "/applications/{application}/guilds/{guild}/commands", 403)
    nightjar = stage.nightjar(DEV_GUILD_ID="1")
    with pytest.raises(UserError, match="DEV_GUILD_ID"):
        await nightjar.run_until(asyncio.Event())
    stage.discord.forgive()


async def test_an_address_that_is_not_discords_api_is_one_sentence(stage: Stage) -> None:
    nightjar = stage.nightjar(DISCORD_API_BASE=f"{stage.discord.world.address}/nowhere")
    with pytest.raises(UserError, match="DISCORD_API_BASE"):
        await nightjar.run_until(asyncio.Event())


async def test_a_cog_that_does_not_load_is_not_taken_for_discord_being_away(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cracked.py").write_text("open('/nowhere/at/all')")
    monkeypatch.setattr("cogs.__path__", [*cogs.__path__, str(tmp_path)])
    with pytest.raises(RuntimeError, match="cracked"):
        await stage.nightjar().run_until(asyncio.Event())
