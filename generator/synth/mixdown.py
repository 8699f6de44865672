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
from generator.synth.signal import Audio, gain
from generator.synth.sound import Analog, ElectricPiano, Kit, PartSound, Sound
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
        """Each part alone, after its effects and its ducking, ``(frames, 2)``; they add up to the bus.

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

    Each part draws from its own stream of ``seed``: another take of one part leaves the stems of the
    others bit-identical, but for the side chain when the drums change. SpecError for a part without sound.
    """
    missing = [part.name for part in score.parts if part.name not in sound.parts]
    if missing:
        raise SpecError(f"This style has no sound for the part {missing[0]}; leave it out.")
    stage = Stage.of(score, sound.desk, brightness)
    bus = _mix(score.parts, stage, stage.kicks(score), sound, seed)
    return Mixdown(bus.T, score, sound, seed, brightness)


@dataclass(frozen=True, slots=True)
class _Sends:
    """What goes to the shared effects, one channel at half the rate each; None where nobody sends."""

    reverb: Audio | None = None
    echo: Audio | None = None
    chorus: Audio | None = None


def _mix(
    parts: tuple[Part, ...], stage: Stage, kicks: list[int], sound: Sound, seed: Seed
) -> Audio:
    """The bus ``(2, frames)`` of ``parts``; ``kicks`` duck it whether or not the drums are among them."""
    curve = effects.duck_curve(sound.desk.duck, kicks, stage.frames)
    bus = np.zeros((2, stage.frames), np.float32)
    sends = _Sends()
    for part in parts:
        source = sound.parts[part.name]
        stem = _play(part, source, stage, seed)
        sends = _send(sends, stem, source)
        if source.strip.duck > 0:
            stem *= 1.0 + np.float32(source.strip.duck) * (curve - 1.0)
        bus += stem
    returns = _returns(sends, stage, sound)
    if returns is not None:
        wet = np.zeros_like(bus)
        effects.double(returns, wet)
        wet *= 1.0 + np.float32(sound.desk.duck.returns) * (curve - 1.0)
        bus += wet
    return bus


def _play(part: Part, source: PartSound, stage: Stage, seed: Seed) -> Audio:
    """The part's dry stem at its level, coloured by its strip."""
    rng = seed.stream("sound", part.name)
    voice, strip, frames = source.voice, source.strip, stage.frames
    if isinstance(voice, Kit):
        stem = play_kit(stage.touches(part.notes, chords=False), voice, frames, rng)
    elif isinstance(voice, Analog):
        alone = voice.vibrato > 0 or voice.glide > 0
        stem = play_analog(stage.touches(part.notes, chords=not alone), voice, frames, rng)
    else:
        assert isinstance(voice, ElectricPiano)  # noqa: S101 - narrows the type
        stem = play_electric_piano(stage.touches(part.notes, chords=True), voice, frames, rng)
    effects.saturate(stem, strip.drive)
    if strip.tremolo > 0:
        effects.tremolo(stem, strip.tremolo, strip.tremolo_rate)
    stem *= np.float32(gain(strip.level))
    if strip.pan:
        angle = (1.0 + strip.pan) * np.pi / 4.0
        stem *= np.sqrt(2.0) * np.array([[np.cos(angle)], [np.sin(angle)]], np.float32)
    return stem


def _send(sends: _Sends, stem: Audio, source: PartSound) -> _Sends:
    """The sends with this stem's share added."""
    strip = source.strip
    wanted = {"reverb": strip.reverb, "echo": strip.echo, "chorus": strip.chorus}
    if all(level <= OFF for level in wanted.values()):
        return sends
    mono = effects.halve(0.5 * (stem[0] + stem[1]))
    for name, level in wanted.items():
        if level > OFF:
            before = getattr(sends, name)
            share = mono * np.float32(gain(level))
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
