"""Whatever people type and whatever ids come back: one private sentence, and no rule broken."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.discord.messages import COMPONENTS_V2, Message
from tests.unit.cogs.conftest import Stage

_MANY = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each further one waits for timeouts
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_MANY
@given(typed=st.text(min_size=1, max_size=20))
async def test_any_text_in_any_option_gets_an_answer(bot: Stage, typed: str) -> None:
    discord = bot.discord
    asked = [
        await discord.slash("jam", style=typed),
        await discord.slash("jam", style="synthwave", key=typed, seed=7, bars=4),
        await discord.slash("jam", style="synthwave", mood=typed, seed=7, bars=4),
        await discord.slash("recommend", like=typed),
        await discord.slash("taste add", artist_or_track=typed),
    ]
    for ix in asked:
        message = await ix.answer()
        assert message.ephemeral or message.attachments or message.controls
        assert "Something broke" not in message.text


@_MANY
@given(typed=st.text(max_size=100))
async def test_any_half_typed_text_gets_choices_in_time(bot: Stage, typed: str) -> None:
    for command, option in [
        ("jam", "style"),
        ("jam", "key"),
        ("jam", "mood"),
        ("recommend", "like"),
        ("taste add", "artist_or_track"),
    ]:
        choices = await bot.discord.autocomplete(command, option, typed)
        assert len(choices) <= 25


@pytest.mark.parametrize(
    "custom_id",
    [
        "clip:new:0123456789abcdef",
        "clip:vary:ffffffffffffffff",
        "rec:up:abcdef012345:1",
        "rec:down:0:99",
        "rec:known:abcdef012345:1",
        "rec:more:abcdef012345:0",
        "rec:page:abcdef012345:99",
    ],
)
async def test_a_button_nobody_remembers_says_what_to_do(bot: Stage, custom_id: str) -> None:
    button = {"type": 2, "style": 1, "label": "Old", "custom_id": custom_id}
    rows = [{"type": 1, "components": [button]}]
    old = Message(bot.discord.channel, bot.discord.bot, "An old message", components=rows)
    told = await (await bot.discord.press(old, "Old")).answer()
    assert told.ephemeral
    assert "no longer remembered" in told.text


@pytest.mark.parametrize(
    ("custom_id", "says"),
    [
        ("mix:page:{alice}:sea-shanties:7", "ask for /mix again"),
        ("mix:page:{alice}:synthwave:99", "Synthwave"),
        ("mix:page:1:synthwave:0", "somebody else"),
        ("compare:allow:{alice}:1", "Only the person who was asked"),
        ("compare:allow:1:{alice}", "/taste add"),
        ("compare:hide:1:2", "between two others"),
    ],
)
async def test_a_button_of_a_stateless_card_does_no_more_than_its_presser_may(
    bot: Stage, custom_id: str, says: str
) -> None:
    wanted = custom_id.format(alice=bot.discord.alice.id)
    text = {"type": 10, "content": "An old card"}
    button = {"type": 2, "style": 1, "label": "Old", "custom_id": wanted}
    rows = [text, {"type": 1, "components": [button]}]
    old = Message(bot.discord.channel, bot.discord.bot, components=rows, flags=COMPONENTS_V2)
    assert says in (await (await bot.discord.press(old, "Old")).answer()).text
