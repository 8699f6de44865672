"""Frequency modulation: sines that bend the phase of sines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from generator.synth.envelopes import adsr
from generator.synth.oscillators import frequency
from generator.synth.signal import SAMPLE_RATE, Audio, stretched, turning, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import Fm, Operator

MIDDLE_C: Final = 60
NEUTRAL: Final = 0.75
HIGHEST: Final = 19_000.0
DARK: Final = 8_000.0
STEP: Final = 32
SILENT: Final = 2e-4
UNSTEADY: Final = 0.04
"""The share by which the touch of equal notes differs."""
SIDE: Final = 0.6
"""How loud the detuned copy is that stands left and, turned over, right: in mono it is gone."""
FEEDBACK_ROUNDS: Final = 3


def play_fm(touches: Iterable[Touch], patch: Fm, stem: Stem, rng: np.random.Generator) -> None:
    """Adds every touch to ``stem``, at half the rate where it has no sideband above `DARK` Hz."""
    banks = {slower: _Bank(patch, SAMPLE_RATE // slower, rng) for slower in (1, 2)}
    for take, played in gather(touches).items():
        slower = 2 if _highest(patch, take) < DARK else 1
        tone = banks[slower].render(take)
        for touch in played:
            wrap_add(stem.at(slower), touch.start // slower, tone, touch.level)


def _push(take: Take) -> float:
    """How much harder than a middling touch, as a factor near 1; brightness counts as touch."""
    return float((0.25 + take.hardness) / (0.25 + NEUTRAL) * 2.0 ** (0.5 * take.octaves))


def _level(operator: Operator, pitch: int, push: float, first: Operator) -> float:
    """Amplitude or index at the start of a note."""
    velocity = operator.velocity - (first.velocity if operator.to == 0 else 0.0)
    return float(
        operator.level * push**velocity * 2.0 ** (operator.follow * (pitch - MIDDLE_C) / 12.0)
        if operator.to
        else operator.level * push**velocity
    )


def _highest(patch: Fm, take: Take) -> float:
    """Hz of the highest sideband that matters (Carson's rule), over the chord's highest key."""
    pitch, reach = max(take.pitches), [0.0] * len(patch.operators)
    push, hertz = _push(take), frequency(max(take.pitches))
    for place in range(len(patch.operators) - 1, -1, -1):
        operator = patch.operators[place]
        width = operator.ratio * hertz + operator.hertz
        width *= 1.0 + 2.0 * operator.feedback
        width += reach[place]
        if operator.to:
            index = _level(operator, pitch, push, patch.operators[0])
            reach[operator.to - 1] += (index + 1.0) * width
        reach[place] = width
    return max(w for w, o in zip(reach, patch.operators, strict=True) if o.to == 0)


class _Bank:
    """What turns takes into sound at one rate."""

    def __init__(self, patch: Fm, rate: int, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rate = rate
        self._rng = rng

    def render(self, take: Take) -> Audio:
        """``(2, frames)`` of all keys of a take."""
        gate = take.gate * self._rate // SAMPLE_RATE
        envelope = adsr(self._patch.amp, gate, self._rate)
        push = _push(take) * self._rng.uniform(1.0 - UNSTEADY, 1.0 + UNSTEADY)
        sound = np.zeros((2, len(envelope)), np.float32)
        for pitch in take.pitches:
            sound += self._key(pitch, push, len(envelope))
        sound *= envelope
        return sound

    def _key(self, pitch: int, push: float, frames: int) -> Audio:
        patch, hertz = self._patch, frequency(pitch)
        bend = self._bend(frames)
        middle = self._voice(hertz, pitch, push, bend, frames)
        if patch.spread <= 0:
            return _placed(middle, pitch)
        away = hertz * 2.0 ** (patch.spread / 1200.0)
        side = self._voice(away, pitch, push, bend, frames)
        side *= np.float32(SIDE * min(1.0, max(0.0, (pitch - 40) / 20.0)))
        return np.stack([middle + side, middle - side])

    def _voice(
        self, hertz: float, pitch: int, push: float, bend: Audio | None, frames: int
    ) -> Audio:
        """One key ``(frames,)``: the operators from the last to the first, each bent by those that
        lead to it."""
        operators = self._patch.operators
        bends: list[Audio | None] = [None] * len(operators)
        tone = np.zeros(frames, np.float32)
        for place in range(len(operators) - 1, -1, -1):
            operator = operators[place]
            rate = operator.ratio * hertz + operator.hertz
            level = _level(operator, pitch, push, operators[0])
            if operator.to:
                carrier = operators[operator.to - 1].ratio * hertz
                room = (HIGHEST - carrier) / max(rate, 1.0) - 2.0
                level = min(level, max(0.0, room))
            if level <= 0 or rate >= min(HIGHEST, 0.45 * self._rate):
                continue
            course = self._course(operator, pitch, level, frames)
            bent, heard = bends[place], len(course)
            wave = self._wave(operator, rate, bend, bent, heard)
            wave *= course
            target = operator.to - 1
            if operator.to == 0:
                tone[:heard] += wave
            else:
                bends[target] = _together(bends[target], wave)
        return tone

    def _wave(
        self, operator: Operator, hertz: float, bend: Audio | None, bent: Audio | None, frames: int
    ) -> Audio:
        phase = turning(hertz * SAMPLE_RATE / self._rate, frames)
        if bend is not None:
            phase += bend[:frames] * np.float32(hertz * 2.0 * np.pi / self._rate)
        if bent is not None:
            shorter = min(frames, len(bent))
            phase[:shorter] += bent[:shorter]
        wave: Audio = np.sin(phase)
        for _ in range(FEEDBACK_ROUNDS if operator.feedback > 0 else 0):
            wave *= np.float32(operator.feedback)
            wave += phase
            np.sin(wave, out=wave)
        return wave

    def _course(self, operator: Operator, pitch: int, level: float, frames: int) -> Audio:
        """The operator's envelope until nothing is left of it; high keys die away sooner."""
        time = np.arange(-(-frames // STEP) + 1) * (STEP / self._rate)
        decay = operator.decay * 2.0 ** (-self._patch.key_decay * (pitch - MIDDLE_C) / 12.0)
        late = np.maximum(time - operator.attack, 0.0)
        course = operator.sustain + (1.0 - operator.sustain) * np.exp(-late / decay)
        if operator.attack > 0:
            course *= np.minimum(time / operator.attack, 1.0)
        loud = np.flatnonzero(course > SILENT)
        end = min(frames, (int(loud[-1]) + 1) * STEP) if len(loud) else 0
        return stretched((level * course).astype(np.float32), STEP, end)

    def _bend(self, frames: int) -> Audio | None:
        """Frames by which vibrato leads."""
        patch = self._patch
        if patch.vibrato <= 0:
            return None
        time = np.arange(-(-frames // STEP) + 1) * (STEP / self._rate)
        late = np.clip((time - patch.vibrato_delay) / 0.3, 0.0, 1.0)
        turn = 2.0 * np.pi * (patch.vibrato_rate * time + self._rng.uniform())
        lead = np.cumsum(2.0 ** (patch.vibrato * late * np.sin(turn) / 1200.0) - 1.0) * STEP
        return stretched(lead.astype(np.float32), STEP, frames)


def _together(one: Audio | None, other: Audio) -> Audio:
    """The sum of two bends of which either may end sooner."""
    if one is None:
        return other
    short, long = sorted((one, other), key=len)
    result = long.copy()
    result[: len(short)] += short
    return result


def _placed(tone: Audio, pitch: int) -> Audio:
    """The keyboard across the stage: low keys in the middle, high ones a little to the right."""
    lean = np.float32(0.25 * min(1.0, max(0.0, (pitch - 48) / 36.0)))
    return np.stack([tone * (1 - lean), tone * (1 + lean)])
