"""Who plays which patch: one line an instrument."""

from __future__ import annotations

import numpy as np

from generator.score import Part
from generator.synth.analog import play_analog
from generator.synth.electric_piano import play_electric_piano
from generator.synth.kits import play_kit
from generator.synth.patches import ElectricPiano, Kit, Voice
from generator.synth.signal import Audio
from generator.synth.stage import Stage


def play(part: Part, voice: Voice, stage: Stage, stem: Audio, rng: np.random.Generator) -> None:
    """Adds the part as its instrument gives it to ``stem`` ``(2, frames)``."""
    if isinstance(voice, Kit):
        play_kit(stage.touches(part.notes, chords=False), voice, stem, rng)
    elif isinstance(voice, ElectricPiano):
        play_electric_piano(stage.touches(part.notes, chords=True), voice, stem, rng)
    else:
        alone = voice.vibrato > 0 or voice.glide > 0
        play_analog(stage.touches(part.notes, chords=not alone), voice, stem, rng)
