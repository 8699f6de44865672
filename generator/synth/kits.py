"""A player of drum kits who never strikes twice alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from generator import score as gm
from generator.synth.drumkits import (
    acoustic,
    analog_808,
    analog_909,
    breakbeat,
    brushes,
    chip,
    hand,
    vintage,
)
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drums import Strike
from generator.synth.patches import Kit
from generator.synth.signal import SAMPLE_RATE, Audio, gain, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem

LAYERS: Final = 3
CHOKE_FADE: Final = SAMPLE_RATE // 100
CHOKES: Final = {
    gm.OPEN_HAT: {gm.CLOSED_HAT, gm.PEDAL_HAT},
    gm.KICK: {gm.KICK},
    gm.HIGH_CONGA: {gm.HIGH_CONGA, gm.MUTE_CONGA},
}
"""What damps what: two booms of one drum at once would cancel each other as often as not."""

KITS: Final[dict[str, Drums]] = {
    "gated": vintage.GATED,
    "dusty": vintage.DUSTY,
    "machine": vintage.MACHINE,
    "808": analog_808.FAMILY,
    "909": analog_909.FAMILY,
    "acoustic": acoustic.FAMILY,
    "brushes": brushes.FAMILY,
    "breakbeat": breakbeat.FAMILY,
    "chip": chip.FAMILY,
    "hand": hand.FAMILY,
}
"""By family, the drum of each General MIDI key."""


def play_kit(touches: Iterator[Touch], kit: Kit, stem: Stem, rng: np.random.Generator) -> None:
    """Adds every touch to ``stem``; the takes of each drum and layer take turns.

    A closed hat chokes an open one, and so on as `CHOKES` says. Keys that are no drum's are silent.
    """
    drums_of = KITS[kit.family]
    made: dict[tuple[int, int, int], Audio] = {}
    turns: dict[tuple[int, int], int] = {}
    played = sorted(touches, key=lambda touch: (touch.start, touch.pitches))
    stops = {
        pitch: np.array([t.start for t in played if t.pitches[0] in by])
        for pitch, by in CHOKES.items()
    }
    for touch in played:
        pitch = touch.pitches[0]
        drum = drums_of.get(pitch)
        if drum is None:
            continue
        layer = round(touch.hardness * LAYERS)
        turn = turns.get((pitch, layer), -1) + 1
        turns[pitch, layer] = turn
        kind = (pitch, layer, turn % drum.takes)
        if kind not in made:
            made[kind] = _strike(drum, kit, layer / LAYERS, rng)
        hit = made[kind][::-1] if drum.mirrored and turn // drum.takes % 2 else made[kind]
        if pitch in stops:
            hit = _choked(hit, touch.start, stops[pitch], stem.frames)
        wrap_add(stem.full, touch.start, hit, touch.level)


def _strike(drum: Drum, kit: Kit, hardness: float, rng: np.random.Generator) -> Audio:
    semitones = kit.tune.get(drum.name, 0.0) + rng.normal(0.0, 0.06)
    level = gain(drum.level + kit.levels.get(drum.name, 0.0) + rng.normal(0.0, 0.25))
    decay = kit.decay.get(drum.name, 1.0)
    strike = Strike(hardness, float(2.0 ** (semitones / 12.0)), kit.gate, rng, decay)
    return drum.recipe(strike) * np.float32(level)


def _choked(hit: Audio, start: int, stops: npt.NDArray[np.int64], frames: int) -> Audio:
    """The hit up to the next stroke that damps it, with a short fade."""
    ahead = (stops - start) % frames
    stop = int(ahead[ahead > 0].min(initial=frames))
    if stop + CHOKE_FADE >= hit.shape[1]:
        return hit
    short = hit[:, : stop + CHOKE_FADE].copy()
    short[:, stop:] *= np.linspace(1.0, 0.0, CHOKE_FADE, dtype=np.float32)
    return short
