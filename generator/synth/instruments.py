"""Who plays which patch: one line an instrument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from generator.score import Part
from generator.synth.analog import play_analog
from generator.synth.chip import play_chip
from generator.synth.electric_piano import play_electric_piano
from generator.synth.ensemble import play_ensemble
from generator.synth.fm import play_fm
from generator.synth.guitar import play_guitar
from generator.synth.kits import play_kit
from generator.synth.organ import play_organ
from generator.synth.patches import Analog, ElectricPiano, Kit, Voice
from generator.synth.plucked import play_plucked
from generator.synth.stage import Stage
from generator.synth.stem import Stem
from generator.synth.sweeps import play_sweep
from generator.synth.timbres import (
    Chip,
    ElectricGuitar,
    Ensemble,
    Fm,
    Organ,
    Plucked,
    Sweep,
)

Player = Callable[[Part, Any, Stage, Stem, np.random.Generator], None]


def play(part: Part, voice: Voice, stage: Stage, stem: Stem, rng: np.random.Generator) -> None:
    """Adds the part as its instrument gives it to ``stem``."""
    PLAYERS[type(voice)](part, voice, stage, stem, rng)


def _chords(player: Callable[..., None], *, chords: bool = True) -> Player:
    """A player that reads touches: chord by chord, or note by note."""

    def play_part(
        part: Part, voice: Any, stage: Stage, stem: Stem, rng: np.random.Generator
    ) -> None:
        player(stage.touches(part.notes, chords=chords), voice, stem, rng)

    return play_part


def _play_analog(
    part: Part, voice: Analog, stage: Stage, stem: Stem, rng: np.random.Generator
) -> None:
    alone = voice.vibrato > 0 or voice.glide > 0
    touches = stage.touches(part.notes, chords=not alone)
    play_analog(touches, voice, stem, rng, stage.frames_per_beat)


PLAYERS: Final[dict[type, Player]] = {
    Analog: _play_analog,
    ElectricPiano: _chords(play_electric_piano),
    Fm: _chords(play_fm),
    Plucked: _chords(play_plucked),
    Organ: _chords(play_organ),
    Ensemble: _chords(play_ensemble),
    Chip: _chords(play_chip),
    ElectricGuitar: _chords(play_guitar),
    Sweep: _chords(play_sweep, chords=False),
    Kit: _chords(play_kit, chords=False),
}
"""By the type of its patch."""
