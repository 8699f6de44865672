"""The desk: every part plays, goes through its strip, and meets the others on the bus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from generator.errors import SpecError
from generator.score import Part, Score
from generator.seed import Seed
from generator.synth import effects
from generator.synth.halfband import halve
from generator.synth.inserts import colour
from generator.synth.instruments import play
from generator.synth.loudness import SILENCE, fader_loudness
from generator.synth.patches import Kit
from generator.synth.reverb import convolve, impulse_response
from generator.synth.signal import Audio, gain
from generator.synth.sound import SHELF_RANGE, Desk, PartSound, Sound, Strip
from generator.synth.stage import Stage
from generator.synth.stem import Stem

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
        """Each part alone, as `perform_apart` gives it; they add up to the bus."""
        return dict(perform_apart(self.score, self.sound, self.seed, self.brightness))


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


def perform_apart(
    score: Score, sound: Sound, seed: Seed, brightness: float = 0.0
) -> Iterator[tuple[str, Audio]]:
    """Each part alone, after its effects and its ducking, ``(frames, 2)``, by name.

    They come one at a time, played when asked for: a clip of three minutes would not fit in memory
    seven times.
    """
    stage = Stage.of(score, sound.desk, brightness)
    kicks = stage.kicks(score)
    for part in score.parts:
        yield part.name, _mix((part,), stage, kicks, sound, seed).T


def _mix(
    parts: tuple[Part, ...], stage: Stage, kicks: list[int], sound: Sound, seed: Seed
) -> Audio:
    """The bus ``(2, frames)`` of ``parts``; ``kicks`` duck it even if the drums are not
    among them."""
    console = _Console(stage, sound.desk, kicks)
    for part in parts:
        console.add(part, sound.parts[part.name], seed.stream("sound", part.name))
    return console.with_returns()


class _Console:
    """The bus while it fills, and what is on its way to the shared effects: one channel each, at
    half the rate."""

    def __init__(self, stage: Stage, desk: Desk, kicks: list[int]) -> None:
        self._stage = stage
        self._desk = desk
        self._dip = effects.duck_curve(desk.duck, kicks, stage.frames) - np.float32(1.0)
        self._half_dip = np.ascontiguousarray(self._dip[0::2])
        self._bus = Stem(stage.frames)
        self._sends: dict[str, Audio] = {}

    def add(self, part: Part, source: PartSound, rng: np.random.Generator) -> None:
        """Plays ``part`` and mixes it in.

        The fader does what an engineer's hand does: whatever is played, its louder moments come to
        the strip's level, heard in mono.
        """
        strip = source.strip
        stem = Stem(self._stage.frames)
        play(part, source.voice, self._stage, stem, rng)
        colour(stem, _lit(source, self._stage.brightness))
        middle = stem.half.mean(axis=0) if stem.dark else halve(stem.brought_up())
        heard = fader_loudness(middle)
        fader = gain(strip.level - heard) if heard > SILENCE else 1.0
        middle *= np.float32(fader)
        for name in ("reverb", "echo", "chorus"):
            self._send(name, middle, getattr(strip, name))
        if stem.dark:
            effects.mix_in(self._bus.half, stem.half, fader, self._half_dip, strip.duck)
        else:
            effects.mix_in(self._bus.full, stem.full, fader, self._dip, strip.duck)

    def with_returns(self) -> Audio:
        """The bus with what the shared effects give back; the console is empty afterwards."""
        desk, sends = self._desk, self._sends
        wet = np.zeros_like(self._bus.half)
        if "chorus" in sends:
            wet += effects.chorus(sends.pop("chorus"), desk.chorus)
        if "echo" in sends:
            send = sends.pop("echo")
            effects.band_limit(send, desk.echo.low_cut, desk.echo.high_cut)
            delay = round(desk.echo.beats * self._stage.frames_per_beat / 2.0)
            echoes = effects.ping_pong(send, delay, desk.echo)
            wet += echoes
            self._send("reverb", echoes[0] + echoes[1], desk.echo.reverb)
        if "reverb" in sends:
            wet += convolve(sends.pop("reverb"), impulse_response(desk.reverb))
        effects.mix_in(self._bus.half, wet, 1.0, self._half_dip, desk.duck.returns)
        return self._bus.brought_up()

    def _send(self, name: str, middle: Audio, level: float) -> None:
        if level <= OFF:
            return
        share = middle * np.float32(gain(level))
        if name in self._sends:
            self._sends[name] += share
        else:
            self._sends[name] = share


def _lit(source: PartSound, brightness: float) -> Strip:
    """The part's strip; a kit that follows the mood has more or less above 3 kHz, because drums
    have no filter that the mood could open."""
    strip, voice = source.strip, source.voice
    if not isinstance(voice, Kit) or not voice.follow or not brightness:
        return strip
    shelf = strip.shelf + voice.follow * brightness
    return replace(strip, shelf=min(SHELF_RANGE[1], max(SHELF_RANGE[0], shelf)))
