"""Where a note may go when it must be another: what its player would have played there as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from generator.compose.harmony import Span
from generator.compose.heard import TOGETHER
from generator.compose.plan import Plan
from generator.compose.rhythm import STEPS
from generator.score import FX_FALL, FX_RISE, FX_SWELL, Note

FIFTH: Final = 7
OCTAVE: Final = 12
SWEEPS: Final = (FX_SWELL, FX_FALL, FX_RISE)
"""The effects that may stand for each other."""

CHORDS: Final = {"pad", "keys"}
LEAPERS: Final = {"bass", *CHORDS}
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
    """The other pitches for ``notes[at]``, the best first.

    Those are tones of its chord within the part's compass, then steps of the key, none of them
    sounding already or rubbing against what does; and the pitches struck with it, which means to
    leave the note out: chords do so gladly, others last. The voices of a chord do not cross."""
    note = notes[at]
    if part == "fx":
        return [pitch for pitch in SWEEPS if note.pitch in SWEEPS and pitch != note.pitch]
    around = {note.pitch, *_sounding(plan, notes, at)}
    struck = {notes[place].pitch for place in struck_with(notes, at)} - {note.pitch}
    gladly = _ranks(plan, part, note)
    if part in CHORDS:
        gladly |= {pitch % 12: 1 for pitch in struck}
        compass = _between(struck, note.pitch, compass)
    ranks = {
        pitch: gladly[pitch % 12]
        for pitch in compass
        if pitch % 12 in gladly
        and pitch not in around
        and not {pitch - 1, pitch + 1} & (around - {note.pitch})
    }
    ranks |= dict.fromkeys(struck, 0 if part in CHORDS else 4)
    return sorted(ranks, key=lambda pitch: (ranks[pitch], abs(pitch - note.pitch), pitch))


def _between(struck: set[int], pitch: int, compass: range) -> range:
    """The part of the compass in which a voice stays between its neighbours."""
    below = max((each for each in struck if each < pitch), default=compass.start - 1)
    above = min((each for each in struck if each > pitch), default=compass.stop)
    return range(below + 1, above)


def struck_with(notes: Sequence[Note], at: int) -> list[int]:
    """The other notes of an attack, or of a roll that ``notes[at]`` is part of: each begins at
    once with its neighbour or within `TOGETHER` of it."""
    found = []
    for way in (-1, 1):
        place = at
        while 0 <= place + way < len(notes):
            if abs(notes[place + way].start - notes[place].start) >= TOGETHER:
                break
            place += way
            found.append(place)
    return found


def _ranks(plan: Plan, part: str, note: Note) -> dict[int, int]:
    """How gladly each pitch class is taken, 0 the most; a bass takes the fifth before the third."""
    tones = span_under(plan, note).chord.tones
    ranks = dict.fromkeys(plan.key.scale, 3) | dict.fromkeys(tones, 2)
    if part == "bass":
        ranks |= {tone: 1 for tone in tones if (tone - tones[0]) % 12 == FIFTH}
    return ranks | ({note.pitch % 12: 0} if part in LEAPERS else {})


def _sounding(plan: Plan, notes: Sequence[Note], at: int) -> set[int]:
    """The pitches that sound in the part while ``notes[at]`` does; the clip is a loop."""
    note, beats = notes[at], plan.beats
    start, length = note.start, note.length
    found = set()
    for place, each in enumerate(notes):
        ahead = (each.start - start) % beats
        if (ahead < length or beats - ahead < each.length) and place != at:
            found.add(each.pitch)
    return found
