"""The desk: every part plays, goes through its strip, and meets the others on the bus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from generator.errors import SpecError
from generator.score import Part, Score
from generator.seed import Seed
from generator.synth import effects
from generator.synth.analog import play_analog
from generator.synth.electric_piano import play_electric_piano
from generator.synth.kits import play_kit
from generator.synth.loudness import SILENCE, fader_loudness
from generator.synth.signal import Audio, gain
from generator.synth.sound import ElectricPiano, Kit, PartSound, Sound, Strip, Voice
from generator.synth.stage import Stage

OFF: Final = -60.0


@dataclass(frozen=True, slots=True)
class Mixdown:
    """The unmastered mix: ``bus`` is float32 ``(frames, 2)``, a seamless loop."""

    bus: Audio
    score: Score
    sound: Sound
    seed: Seed
    brightness: float

    @property
    def stems(self) -> dict[str, Audio]:
        """Each part alone, after its effects and its ducking, ``(frames, 2)``; they add up to the
        bus.

        Played again when asked for: a clip of three minutes would not fit in memory five times.
        """
        stage = Stage.of(self.score, self.sound.desk, self.brightness)
        kicks = stage.kicks(self.score)
        return {
            part.name: _mix((part,), stage, kicks, self.sound, self.seed).T
            for part in self.score.parts
        }


def perform(score: Score, sound: Sound, seed: Seed, brightness: float = 0.0) -> Mixdown:
    """Plays ``score`` with ``sound``; ``brightness`` octaves are added to every filter.

    Each part draws from its own stream of ``seed``: another take of one part leaves the stems of
    the others bit-identical, but for the side chain when the drums change. SpecError for a part
    without sound.
    """
    missing = [part.name for part in score.parts if part.name not in sound.parts]
    if missing:
        raise SpecError(f"This style has no sound for the part {missing[0]}; leave it out.")
    stage = Stage.of(score, sound.desk, brightness)
    bus = _mix(score.parts, stage, stage.kicks(score), sound, seed)
    return Mixdown(bus.T, score, sound, seed, brightness)


@dataclass(frozen=True, slots=True)
class _Sends:
    """What goes to the shared effects, one channel at half the rate each; None where
    nobody sends."""

    reverb: Audio | None = None
    echo: Audio | None = None
    chorus: Audio | None = None


def _mix(
    parts: tuple[Part, ...], stage: Stage, kicks: list[int], sound: Sound, seed: Seed
) -> Audio:
    """The bus ``(2, frames)`` of ``parts``; ``kicks`` duck it whether or not the drums are among
    them."""
    dip = effects.duck_curve(sound.desk.duck, kicks, stage.frames) - np.float32(1)
    bus = np.zeros((2, stage.frames), np.float32)
    sends = _Sends()
    for part in parts:
        source = sound.parts[part.name]
        stem, middle = _play(part, source, stage, seed)
        sends = _send(sends, middle, source.strip)
        if source.strip.duck > 0:
            stem *= 1.0 + np.float32(source.strip.duck) * dip
        bus += stem
    returns = _returns(sends, stage, sound)
    if returns is not None:
        wet = np.zeros_like(bus)
        effects.double(returns, wet)
        wet *= 1.0 + np.float32(sound.desk.duck.returns) * dip
        bus += wet
    return bus


def _play(part: Part, source: PartSound, stage: Stage, seed: Seed) -> tuple[Audio, Audio]:
    """The part's dry stem ``(2, frames)`` at its level, and its middle at half the rate.

    The fader does what an engineer's hand does: whatever is played, its louder moments come to the
    strip's level, heard in mono.
    """
    strip = source.strip
    stem = _voiced(part, source.voice, stage, seed.stream("sound", part.name))
    effects.saturate(stem, strip.drive)
    if strip.tremolo > 0:
        effects.tremolo(stem, strip.tremolo, strip.tremolo_rate)
    if strip.pan:
        angle = (1.0 + strip.pan) * np.pi / 4.0
        stem *= np.sqrt(2.0) * np.array([[np.cos(angle)], [np.sin(angle)]], np.float32)
    middle = effects.halve(0.5 * (stem[0] + stem[1]))
    heard = fader_loudness(middle)
    if heard > SILENCE:
        factor = np.float32(gain(strip.level - heard))
        stem *= factor
        middle *= factor
    return stem, middle


def _voiced(part: Part, voice: Voice, stage: Stage, rng: np.random.Generator) -> Audio:
    if isinstance(voice, Kit):
        return play_kit(stage.touches(part.notes, chords=False), voice, stage.frames, rng)
    if isinstance(voice, ElectricPiano):
        touches = stage.touches(part.notes, chords=True)
        return play_electric_piano(touches, voice, stage.frames, rng)
    alone = voice.vibrato > 0 or voice.glide > 0
    return play_analog(stage.touches(part.notes, chords=not alone), voice, stage.frames, rng)


def _send(sends: _Sends, middle: Audio, strip: Strip) -> _Sends:
    """The sends with this part's share added."""
    for name in ("reverb", "echo", "chorus"):
        level = getattr(strip, name)
        if level > OFF:
            share = middle * np.float32(gain(level))
            before = getattr(sends, name)
            sends = replace(sends, **{name: share if before is None else before + share})
    return sends


def _returns(sends: _Sends, stage: Stage, sound: Sound) -> Audio | None:
    """What the shared effects give back, ``(2, frames / 2)``; None when nobody sent."""
    desk, total, reverb = sound.desk, None, sends.reverb
    if sends.chorus is not None:
        total = effects.chorus(sends.chorus, desk.chorus)
    if sends.echo is not None:
        limited = effects.band_limit(sends.echo, desk.echo.low_cut, desk.echo.high_cut)
        delay = round(desk.echo.beats * stage.frames_per_beat / 2.0)
        echoes = effects.ping_pong(limited, delay, desk.echo)
        total = echoes if total is None else total + echoes
        if desk.echo.reverb > OFF:
            share = np.float32(gain(desk.echo.reverb)) * (echoes[0] + echoes[1])
            reverb = share if reverb is None else reverb + share
    if reverb is not None:
        wet = effects.convolve(reverb, effects.room(desk.reverb))
        total = wet if total is None else total + wet
    return total
