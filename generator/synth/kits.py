"""Which drum answers which key in each family, and a player who never strikes twice alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from generator import score as gm
from generator.synth import drums
from generator.synth.drums import Recipe, Strike
from generator.synth.patches import Kit
from generator.synth.signal import SAMPLE_RATE, Audio, gain, wrap_add
from generator.synth.stage import Touch

ROUND_ROBIN: Final = 3
LAYERS: Final = 3
CHOKE_FADE: Final = SAMPLE_RATE // 100


class Drum(NamedTuple):
    """A drum of a kit: the name styles tune it by, its recipe, its level in dB, how many ``takes``
    of each layer there are, and whether each is also played with its sides exchanged."""

    name: str
    recipe: Recipe
    level: float
    takes: int = ROUND_ROBIN
    mirrored: bool = False


_LATIN: Final = {
    gm.TAMBOURINE: Drum("tambourine", drums.shaken(0.2, 0.003, 0.05, 6000.0), -8.0),
    gm.COWBELL: Drum("cowbell", drums.cowbell, -6.0),
    gm.SHAKER: Drum("shaker", drums.shaken(0.12, 0.02, 0.025, 5000.0), -10.0),
    gm.SIDE_STICK: Drum("stick", drums.side_stick, -4.0),
    gm.CLAP: Drum("clap", drums.clap, -1.0),
}

KITS: Final[dict[str, dict[int, Drum]]] = {
    "gated": _LATIN
    | {
        gm.KICK: Drum("kick", drums.gated_kick, 0.0),
        gm.SNARE: Drum("snare", drums.gated_snare, -0.5),
        gm.CLOSED_HAT: Drum("hat", drums.hat(0.12, 0.028, 6500.0, 13_000.0, 0.5), -11.0),
        gm.PEDAL_HAT: Drum("hat", drums.hat(0.1, 0.02, 6000.0, 11_000.0, 0.5), -13.0),
        gm.OPEN_HAT: Drum("open_hat", drums.hat(0.5, 0.13, 6500.0, 13_000.0, 0.55), -12.0),
        gm.LOW_TOM: Drum("tom", drums.tom(92.0, 0.45, 0.17, 5000.0), -2.0),
        gm.MID_TOM: Drum("tom", drums.tom(124.0, 0.0, 0.16, 5000.0), -2.0),
        gm.HIGH_TOM: Drum("tom", drums.tom(166.0, -0.45, 0.15, 5000.0), -2.0),
        gm.CRASH: Drum("crash", drums.cymbal(1.9, 0.5, 3800.0, 0.1), -9.0, takes=1, mirrored=True),
        gm.RIDE: Drum("ride", drums.cymbal(1.0, 0.28, 5200.0, 0.8), -14.0, takes=1, mirrored=True),
    },
    "machine": _LATIN
    | {
        gm.KICK: Drum("kick", drums.machine_kick, 0.0),
        gm.SNARE: Drum("snare", drums.machine_snare, -3.0),
        gm.CLOSED_HAT: Drum("hat", drums.hat(0.1, 0.022, 7500.0, 14_000.0, 0.35), -9.0),
        gm.PEDAL_HAT: Drum("hat", drums.hat(0.08, 0.016, 7000.0, 12_000.0, 0.35), -11.0),
        gm.OPEN_HAT: Drum("open_hat", drums.hat(0.45, 0.11, 7000.0, 14_000.0, 0.4), -9.0),
        gm.LOW_TOM: Drum("tom", drums.tom(88.0, 0.35, 0.14, 3500.0), -4.0),
        gm.MID_TOM: Drum("tom", drums.tom(118.0, 0.0, 0.13, 3500.0), -4.0),
        gm.HIGH_TOM: Drum("tom", drums.tom(158.0, -0.35, 0.12, 3500.0), -4.0),
        gm.CRASH: Drum(
            "crash", drums.cymbal(1.7, 0.45, 4200.0, 0.1), -10.0, takes=1, mirrored=True
        ),
        gm.RIDE: Drum("ride", drums.cymbal(0.8, 0.22, 6000.0, 1.0), -13.0, takes=1, mirrored=True),
    },
    "dusty": _LATIN
    | {
        gm.KICK: Drum("kick", drums.dusty_kick, 0.0),
        gm.SNARE: Drum("snare", drums.dusty_snare, -2.0),
        gm.CLOSED_HAT: Drum("hat", drums.hat(0.09, 0.02, 4800.0, 8500.0, 0.75), -13.0),
        gm.PEDAL_HAT: Drum("hat", drums.hat(0.07, 0.014, 4500.0, 7500.0, 0.75), -15.0),
        gm.OPEN_HAT: Drum("open_hat", drums.hat(0.4, 0.09, 4800.0, 8500.0, 0.7), -14.0),
        gm.LOW_TOM: Drum("tom", drums.tom(96.0, 0.25, 0.13, 2200.0), -5.0),
        gm.MID_TOM: Drum("tom", drums.tom(130.0, 0.0, 0.12, 2200.0), -5.0),
        gm.HIGH_TOM: Drum("tom", drums.tom(170.0, -0.25, 0.11, 2200.0), -5.0),
        gm.CRASH: Drum("crash", drums.cymbal(1.5, 0.4, 3200.0, 0.1), -13.0, takes=1, mirrored=True),
        gm.RIDE: Drum("ride", drums.cymbal(0.8, 0.2, 4500.0, 0.9), -15.0, takes=1, mirrored=True),
    },
}
"""By family, the drum of each General MIDI key."""


def play_kit(touches: Iterator[Touch], kit: Kit, stem: Audio, rng: np.random.Generator) -> None:
    """Adds every touch to ``stem`` ``(2, frames)``; the takes of each drum and layer take turns.

    A closed hat chokes an open one. Keys the family has no drum for are silent.
    """
    drums_of = KITS[kit.family]
    made: dict[tuple[int, int, int], Audio] = {}
    turns: dict[tuple[int, int], int] = {}
    played = sorted(touches, key=lambda touch: (touch.start, touch.pitches))
    closed = [t.start for t in played if t.pitches[0] in {gm.CLOSED_HAT, gm.PEDAL_HAT}]
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
        if pitch == gm.OPEN_HAT:
            hit = _choked(hit, touch.start, closed, stem.shape[1])
        wrap_add(stem, touch.start, hit, touch.level)


def _strike(drum: Drum, kit: Kit, hardness: float, rng: np.random.Generator) -> Audio:
    semitones = kit.tune.get(drum.name, 0.0) + rng.normal(0.0, 0.06)
    level = gain(drum.level + kit.levels.get(drum.name, 0.0) + rng.normal(0.0, 0.25))
    strike = Strike(hardness, float(2.0 ** (semitones / 12.0)), kit.gate, rng)
    return drum.recipe(strike) * np.float32(level)


def _choked(hit: Audio, start: int, closed: list[int], frames: int) -> Audio:
    """The open hat up to the next closed one, with a short fade."""
    ahead = [(other - start) % frames for other in closed]
    stop = min((gap for gap in ahead if gap > 0), default=frames)
    if stop + CHOKE_FADE >= hit.shape[1]:
        return hit
    short = hit[:, : stop + CHOKE_FADE].copy()
    short[:, stop:] *= np.linspace(1.0, 0.0, CHOKE_FADE, dtype=np.float32)
    return short
