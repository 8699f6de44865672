"""Voicings: which tones of a chord are played, in which octave, so that the voices hardly move."""

from __future__ import annotations

from functools import lru_cache

from generator.theory import Harmony

Voicing = tuple[int, ...]
"""MIDI pitches from the bottom up."""

PULL = 0.35
"""How much a semitone away from the wanted middle weighs against a semitone of voice movement."""


def voice(
    chord: Harmony, shape: str, low: int, high: int, last: Voicing, middle: float, *, anew: bool = False
) -> Voicing:
    """The inversion of ``chord`` within low..high that moves least from ``last`` and lies near
    ``middle``; with ``anew`` one that differs from ``last`` if there is one."""
    options = _options(_tones(chord, shape), shape, low, high)
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
    return sum(min(abs(pitch - old) for old in last) for pitch in option) + abs(option[-1] - last[-1])


def _roughness(option: Voicing) -> float:
    """Mud (close intervals low down) and a semitone on top count as movement would."""
    gaps = [(above - below, below) for below, above in zip(option, option[1:], strict=False)]
    mud = sum(3.0 for gap, below in gaps if below < 52 and gap < 5)
    return mud + (3.0 if gaps and gaps[-1][0] == 1 else 0.0)


def _tones(chord: Harmony, shape: str) -> tuple[int, ...]:
    """The pitch classes that a shape takes of the chord."""
    tones = chord.tones
    if shape == "fifth":
        return (tones[0], tones[2]) if len(tones) > 2 else tones
    if shape == "guide":
        return (tones[1], tones[3]) if len(tones) > 3 else tones[1:3]
    if shape == "shell":
        return (tones[1], *tones[3:]) if len(tones) > 3 else tones
    if shape == "rootless" and len(tones) > 3:
        return tones[1:]
    return tuple(tone for at, tone in enumerate(tones) if at != 2 or len(tones) < 5)


@lru_cache(maxsize=4096)
def _options(tones: tuple[int, ...], shape: str, low: int, high: int) -> tuple[Voicing, ...]:
    """Every inversion and octave of that shape that fits between low and high.

    Where the range is too narrow for the shape, the chord in close position stands for it.
    """
    bottoms = [pitch for pitch in range(low, high + 1) if pitch % 12 in tones]
    shaped = {_stack(tones, shape, bottom) for bottom in bottoms}
    fitting = sorted(option for option in shaped if option[-1] <= high)
    return tuple(fitting) or tuple(sorted(_stack(tones, "close", bottom) for bottom in bottoms))


def _stack(tones: tuple[int, ...], shape: str, bottom: int) -> Voicing:
    pitches = sorted(bottom + (tone - bottom) % 12 for tone in tones)
    if shape == "open" and len(pitches) > 2:
        pitches[1] += 12
    elif shape == "wide":
        pitches = [pitch + 12 * (at % 2) for at, pitch in enumerate(pitches)]
    elif shape in {"octave", "fifth"}:
        pitches.append(bottom + 12)
    return tuple(sorted(pitches))
