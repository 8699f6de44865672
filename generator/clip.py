"""The whole way from a spec to a clip, in one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.blend import blended
from generator.compose import compose
from generator.likeness import likeness
from generator.score import Score
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style, load_style
from generator.synth.balance import leaning
from generator.synth.mastering import Master, master
from generator.synth.mixdown import Mixdown, perform
from generator.synth.signal import Audio

CEILING: Final = -1.6
"""dBTP before encoding: a lossy file may come back up to .6 dB higher, and must stay below -1."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished clip. ``audio`` is float32 ``(frames, 2)`` at 44.1 kHz, a sample-exact seamless
    loop whose samples are whole multiples of 2**-15; ``loudness_lufs`` and ``true_peak_dbtp`` are
    measured on it. ``likeness`` says what the artists named did to it."""

    spec: ClipSpec
    style_name: str
    score: Score
    audio: Audio
    loudness_lufs: float
    true_peak_dbtp: float
    likeness: tuple[str, ...] = ()


def make_clip(spec: ClipSpec) -> Clip:
    """Composes, plays and masters ``spec``: the same spec gives the same bits in any process.

    SpecError for a style, mood or part that does not exist.
    """
    style, score = written(spec)
    mix = played(spec, style, score)
    done = mastered(spec, style, mix.bus)
    return Clip(
        spec,
        style.name,
        score,
        done.audio,
        done.loudness_lufs,
        done.true_peak_dbtp,
        likeness(spec, score),
    )


def written(spec: ClipSpec) -> tuple[Style, Score]:
    """The style as the spec leans it, and the score composed in it. SpecError as `make_clip`."""
    style = blended(load_style(spec.style), spec.blend, spec.tags, Seed(spec.seed))
    return style, compose(spec, style)


def played(spec: ClipSpec, style: Style, score: Score) -> Mixdown:
    """The mix before mastering."""
    return perform(score, style.sound, Seed(spec.seed), style.mood(spec.mood).brightness)


def mastered(spec: ClipSpec, style: Style, bus: Audio) -> Master:
    """The mix at its loudness; with the whole ensemble (effects apart) in its style's balance, as
    its mood leans it. That balance says nothing about a bass alone."""
    whole = set(style.parts) - {"fx"} <= set(spec.parts)
    brightness = style.mood(spec.mood).brightness
    return master(
        bus,
        style.sound.master,
        Seed(spec.seed),
        ceiling_dbtp=CEILING,
        bands=leaning(style.sound.targets.bands, brightness) if whole else None,
    )
