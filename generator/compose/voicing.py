"""Voicings: which tones of a chord are played, in which octave, so that the voices hardly move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from generator.theory import Harmony, Key

Voicing = tuple[int, ...]
"""MIDI pitches from the bottom up."""

ON_ROOT = {"spread", "fifth", "drone"}
"""Shapes that stand on their root and are not inverted."""

PULL = 0.35
"""How much a semitone away from the wanted middle weighs against a semitone of voice movement."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How a chord is taken: in which shape, between which pitches, and the key it is heard in."""

    shape: str
    low: int
    high: int
    key: Key


def voice(
    chord: Harmony, hand: Hand, last: Voicing, middle: float, *, anew: bool = False
) -> Voicing:
    """The inversion of ``chord`` within the hand's reach that moves least from ``last`` and lies
    near ``middle``; with ``anew`` one that differs from ``last`` if there is one."""
    options = _options(_tones(chord, hand), hand.shape, hand.low, hand.high)
    if anew and len(options) > 1:
        options = tuple(option for option in options if option != last)
    return min(options, key=lambda option: (_cost(option, last, middle), option))


def _cost(option: Voicing, last: Voicing, middle: float) -> float:
    centre = abs(sum(option) / len(option) - middle)
    return _motion(option, last) + PULL * centre + _roughness(option)


def _motion(option: Voicing, last: Voicing) -> float:
    """Semitones that the voices move in all, the top one counted twice."""
    if not last:
        return 0.0
    return sum(min(abs(pitch - old) for old in last) for pitch in option) + abs(
        option[-1] - last[-1]
    )


def _roughness(option: Voicing) -> float:
    """Mud (close intervals low down) and a semitone on top count as movement would."""
    gaps = [(above - below, below) for below, above in pairwise(option)]
    mud = sum(3.0 for gap, below in gaps if below < 52 and gap < 5)
    rubs = sum(1.5 for gap, _ in gaps if gap == 1) + (2.0 if gaps and gaps[-1][0] == 1 else 0.0)
    clusters = sum(1.5 for (one, _), (two, _) in pairwise(gaps) if one + two <= 4)
    return mud + rubs + clusters


def _tones(chord: Harmony, hand: Hand) -> tuple[int, ...]:
    """The pitch classes that a shape takes of the chord; the key's own chord keeps its whole
    triad."""
    tones, shape = chord.tones, hand.shape
    if shape == "drone":
        return hand.key.tonic, (hand.key.tonic + 7) % 12
    if shape == "quartal":
        return _fourths(chord, hand.key)
    if shape == "fifth" and len(tones) > 2:
        fifths = [tone for tone in tones if (tone - tones[0]) % 12 in (6, 7, 8)]
        return tones[0], (fifths or [(tones[0] + 7) % 12])[0]
    if len(tones) < 4:
        return tones[:2] if shape == "guide" else tones
    if tones[0] == hand.key.tonic:
        return (*tones[:3], tones[-1])
    if shape == "guide":
        return tones[1], tones[3]
    if shape == "shell":
        return (tones[1], *tones[3:])
    return tones[1:] if shape == "rootless" or len(tones) > 4 else tones


def _fourths(chord: Harmony, key: Key) -> tuple[int, ...]:
    """Fourths of the key upwards from the root, four of them, the last a third; a chord from
    outside the key keeps its own tones."""
    if not set(chord.tones) <= set(key.scale):
        return chord.tones[:4]
    place = key.scale.index(chord.root)
    return tuple(key.scale[(place + 3 * by) % 7] for by in range(4))


@lru_cache(maxsize=4096)
def _options(tones: tuple[int, ...], shape: str, low: int, high: int) -> tuple[Voicing, ...]:
    """Every inversion and octave of that shape that fits between low and high.

    Where the range is too narrow for the shape, the chord in close position stands for it.
    """
    lowest = tones[:1] if shape in ON_ROOT else tones
    bottoms = [pitch for pitch in range(low, high + 1) if pitch % 12 in lowest]
    shaped = {_stack(tones, shape, bottom) for bottom in bottoms}
    fitting = sorted(option for option in shaped if option[-1] <= high)
    return tuple(fitting) or tuple(sorted(_stack(tones, "close", bottom) for bottom in bottoms))


def _stack(tones: tuple[int, ...], shape: str, bottom: int) -> Voicing:
    if shape in {"quartal", "spread"}:
        return _piled(tones if shape == "quartal" else _spread(tones), bottom)
    pitches = sorted(bottom + (tone - bottom) % 12 for tone in tones)
    if shape == "open" and len(pitches) > 2:
        pitches[1] += 12
    elif shape == "wide":
        pitches = [pitch + 12 * (at % 2) for at, pitch in enumerate(pitches)]
    elif shape in {"octave", "fifth", "drone"}:
        pitches.append(bottom + 12)
    return tuple(sorted(pitches))


def _spread(tones: tuple[int, ...]) -> tuple[int, ...]:
    """The tones in the order in which a wide hand piles them: root, fifth, third, the rest."""
    return (tones[0], *tones[2:3], tones[1], *tones[3:])


def _piled(tones: tuple[int, ...], bottom: int) -> Voicing:
    """Each tone above the one before, the order begun at the one that ``bottom`` is."""
    at = [tone % 12 for tone in tones].index(bottom % 12)
    pitches = [bottom]
    for tone in (*tones[at + 1 :], *tones[:at]):
        pitches.append(pitches[-1] + 1 + (tone - pitches[-1] - 1) % 12)
    return tuple(pitches)
