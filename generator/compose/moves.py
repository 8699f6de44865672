"""Where a note may go when it must be another: what its player would have played there as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from generator.compose.harmony import Span
from generator.compose.plan import Plan
from generator.compose.rhythm import STEPS
from generator.score import FX_FALL, FX_RISE, FX_SWELL, Note
from generator.theory import Key

FIFTH: Final = 7
OCTAVE: Final = 12
SWEEPS: Final = (FX_SWELL, FX_FALL, FX_RISE)
"""The effects that may stand for each other."""

LEAPERS: Final = {"bass", "pad", "keys"}
"""Who rather takes the same tone in another octave; melodies go to the nearest other tone."""


def span_under(plan: Plan, note: Note) -> Span:
    """The chord a played note belongs to: the one on its sixteenth, or the next where only that
    has it (a chord struck early)."""
    bar, step = divmod(round(note.start * 4), STEPS)
    span = plan.bars[min(bar, len(plan.bars) - 1)].span_at(step)
    after = plan.after(span)
    early = note.pitch % 12 in set(after.chord.tones) - set(span.chord.tones)
    return after if early else span


def others(plan: Plan, part: str, notes: Sequence[Note], at: int, compass: range) -> list[int]:
    """The other pitches for ``notes[at]``, the best first: tones of its chord within the part's
    compass, then steps of the key, none of them sounding already or rubbing against what does;
    at last the pitches struck with it, which means to leave the note out."""
    note = notes[at]
    if part == "fx":
        return [pitch for pitch in SWEEPS if note.pitch in SWEEPS and pitch != note.pitch]
    chord = span_under(plan, note).chord
    around = {note.pitch, *_sounding(plan, notes, at)}
    ranks = _ranks(part, note.pitch, chord.tones, plan.key)
    free = [
        pitch
        for pitch in compass
        if pitch % 12 in ranks
        and pitch not in around
        and not {pitch - 1, pitch + 1} & (around - {note.pitch})
    ]
    struck = {each.pitch for each in notes if each.start == note.start} - {note.pitch}
    return [
        *sorted(free, key=lambda pitch: (ranks[pitch % 12], abs(pitch - note.pitch), pitch)),
        *sorted(struck, key=lambda pitch: abs(pitch - note.pitch)),
    ]


def _ranks(part: str, pitch: int, tones: tuple[int, ...], key: Key) -> dict[int, int]:
    """How gladly each pitch class is taken, 0 the most; a bass takes the fifth before the third."""
    ranks = dict.fromkeys(key.scale, 3) | dict.fromkeys(tones, 2)
    if part == "bass":
        ranks |= {tone: 1 for tone in tones if (tone - tones[0]) % 12 == FIFTH}
    return ranks | ({pitch % 12: 0} if part in LEAPERS else {})


def _sounding(plan: Plan, notes: Sequence[Note], at: int) -> set[int]:
    """The pitches that sound in the part while ``notes[at]`` does; the clip is a loop."""
    note = notes[at]
    return {
        each.pitch
        for place, each in enumerate(notes)
        if place != at
        and (
            (each.start - note.start) % plan.beats < note.length
            or (note.start - each.start) % plan.beats < each.length
        )
    }
