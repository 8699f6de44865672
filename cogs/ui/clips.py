"""A clip as a message: audio, MIDI and picture, with buttons that outlive the process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.services import RenderedClip, StemsTooLarge
from cogs.host import Interaction
from cogs.ui.answers import answer, as_file, in_time
from cogs.ui.press import Pressable
from cogs.under_way import AGAIN

if TYPE_CHECKING:
    from generator.spec import ClipSpec

MAX_LIKENESS: Final = 1200  # of a message's 2,000 characters
_CLIP: Final = r"(?P<clip>[0-9a-f]{16})"


async def show_clip(interaction: Interaction, spec: ClipSpec) -> None:
    """Makes the clip and posts it as the interaction's answer."""
    if not interaction.response.is_done():
        await interaction.response.defer(thinking=True)
    interaction.extras[AGAIN] = RenderedClip(spec.id, spec, {}, {}).command
    clip = await interaction.client.services.clips.make(spec)
    await answer(interaction, _caption(clip), view=_buttons(clip.id), files=_files(clip))


def _caption(clip: RenderedClip) -> str:
    spec = clip.spec
    minutes, seconds = divmod(round(clip.summary["seconds"]), 60)
    facts = [spec.key, f"{spec.bpm} bpm", f"{spec.bars} bars", spec.mood, f"{minutes}:{seconds:02}"]
    return "\n".join(
        [
            f"**{discord.utils.escape_markdown(spec.style)}** · {' · '.join(facts)}",
            *_likeness(clip),
            f"-# Seed {spec.seed}. The same again: `{clip.command}`",
        ]
    )


def _likeness(clip: RenderedClip) -> list[str]:
    """What the artists named did to it, in small print that fits beside the rest."""
    if not clip.spec.like:
        return []
    names = " and ".join(clip.spec.like)
    said = clip.likeness or (f"The tags of {names} moved nothing here.",)
    lines = [f"-# {discord.utils.escape_markdown(sentence)}" for sentence in said]
    while sum(map(len, lines)) > MAX_LIKENESS:
        lines.pop()
    return lines


def _files(clip: RenderedClip) -> list[discord.File]:
    spec = clip.spec
    stem = f"nightjar-{spec.style}-{spec.seed}"
    picture = (
        f"Piano roll: {spec.style} in {spec.key}, {spec.bars} bars at {spec.bpm} bpm, with"
        f" {', '.join(spec.parts)}."
    )
    return [
        as_file(f"{stem}.{spec.format}", clip.files[clip.audio_name]),
        as_file(f"{stem}.png", clip.files["pianoroll.png"], picture),
        as_file(f"{stem}.mid", clip.files["clip.mid"]),
    ]


async def _new_take(interaction: Interaction, clip_id: str) -> None:
    clips = interaction.client.services.clips
    spec = await in_time(interaction, clips.find(clip_id))
    await show_clip(interaction, clips.new_take(spec))


async def _stems(interaction: Interaction, clip_id: str) -> None:
    """The parts as files; where they are too large, the longest clip of the kind that fits."""
    clips = interaction.client.services.clips
    spec = await in_time(interaction, clips.find(clip_id))
    if not interaction.response.is_done():
        await interaction.response.defer(thinking=True)
    interaction.extras[AGAIN] = RenderedClip(spec.id, spec, {}, {}).command
    try:
        data = await clips.stems(spec, interaction.filesize_limit)
    except StemsTooLarge as refusal:
        await answer(interaction, str(refusal), view=_shorter(refusal.shorter))
        return
    said = f"Stems of **{discord.utils.escape_markdown(spec.style)}**, seed {spec.seed}: "
    said += f"{', '.join(spec.parts)}, {spec.bars} bars at {spec.bpm} bpm in {spec.key}."
    name = f"nightjar-{spec.style}-{spec.seed}-stems.zip"
    await answer(interaction, said, files=[as_file(name, data)])


def _shorter(spec: ClipSpec | None) -> discord.ui.View | None:
    if spec is None:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(ClipButton("stems", spec.id, f"Stems of {spec.bars} bars"))
    return view


async def _vary(interaction: Interaction, clip_id: str) -> None:
    clips = interaction.client.services.clips
    spec = await in_time(interaction, clips.find(clip_id), ephemeral=True)
    view = discord.ui.View(timeout=None)
    view.add_item(PartChoice(clip_id, spec.parts))
    question = "Which part should be written anew? Everything else stays as it is."
    await answer(interaction, question, view=view, ephemeral=True)


@dataclass(frozen=True, slots=True)
class _Action:
    label: str
    emoji: str
    style: discord.ButtonStyle
    press: Callable[[Interaction, str], Awaitable[None]]


_ACTIONS: Final = {
    "new": _Action("New take", "🎲", discord.ButtonStyle.primary, _new_take),
    "vary": _Action("Vary", "✏️", discord.ButtonStyle.secondary, _vary),
    "stems": _Action("Stems", "🎚️", discord.ButtonStyle.secondary, _stems),
}


def _buttons(clip_id: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for action in _ACTIONS:
        view.add_item(ClipButton(action, clip_id))
    return view


class ClipButton(
    Pressable[discord.ui.Button[Any]],
    template=rf"clip:(?P<action>{'|'.join(_ACTIONS)}):{_CLIP}",
):
    """A button under a clip, in any process: its custom_id says all. Anyone may press it."""

    def __init__(self, action: str, clip: str, label: str = "") -> None:
        known = _ACTIONS[action]
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label or known.label,
            emoji=known.emoji,
            style=known.style,
            custom_id=f"clip:{action}:{clip}",
        )
        super().__init__(button)
        self._do = known.press
        self._clip_id = clip

    async def press(self, interaction: Interaction) -> None:
        await self._do(interaction, self._clip_id)


class PartChoice(Pressable[discord.ui.Select[Any]], template=f"clip:part:{_CLIP}"):
    """The select behind Vary; what it leads to is a new message for everybody."""

    def __init__(self, clip: str, parts: tuple[str, ...] = ()) -> None:
        select: discord.ui.Select[Any] = discord.ui.Select(
            placeholder="Choose a part",
            options=[discord.SelectOption(label=part.title(), value=part) for part in parts],
            custom_id=f"clip:part:{clip}",
        )
        super().__init__(select)
        self._clip_id = clip

    async def press(self, interaction: Interaction) -> None:
        clips = interaction.client.services.clips
        spec = await in_time(interaction, clips.find(self._clip_id))
        await show_clip(interaction, clips.vary(spec, self.item.values[0]))
