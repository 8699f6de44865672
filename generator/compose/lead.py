"""The lead: each section's material has a motif; a phrase tells what becomes of it, bar after
bar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from generator.choose import chance, turn
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.line import Slot, Voice
from generator.compose.motif import Motif, Statement, invent, state
from generator.compose.originality import original
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import STEPS, attacks, closeness, lengths, rotate, steps
from generator.learned.melody import sung
from generator.players import LeadTable
from generator.score import Note

PHRASE_BARS: Final = 4
SECOND_STEPS: Final = {"thirds": 2, "sixths": 5}
WIDTH: Final = 0.6
"""How far a rhythm's density may be from the level before it becomes unlikely."""


def write_lead(plan: Plan, table: LeadTable) -> list[Note]:
    """Every lead note of the clip, on the grid; no twelve of them in a row are a known song's."""
    return original(plan, "lead", lambda draft: _draft(plan, table, f" {draft}" * (draft > 0)))


def _draft(plan: Plan, table: LeadTable, again: str) -> list[Note]:
    """A lead; ``again`` names the streams it is drawn from."""
    motifs: dict[str, Motif] = {}
    notes: list[Note] = []
    for section in plan.sections:
        if section.usual("lead") <= 0:
            continue
        voice = _voice(plan, table, section)
        if section.material not in motifs:
            motifs[section.material] = _motif(plan, table, section, voice, again)
        notes += _section(plan, table, section, motifs[section.material], voice, again)
    return notes


def _voice(plan: Plan, table: LeadTable, section: Stretch) -> Voice:
    up = plan.mood.register + section.kind.lift
    return Voice.between(plan.key, table.low + up, table.high + up)


def _motif(plan: Plan, table: LeadTable, section: Stretch, voice: Voice, again: str) -> Motif:
    name = f"lead {section.material}{again}"
    bars = plan.bars_of(section)
    cells = [steps(cell) for cell in table.rhythms]
    fitting = [cell for cell in cells if len(cell) <= STEPS * len(bars)] or cells
    level = section.usual("lead")
    cell = turn(plan.seed, name, "lead", fitting, _suiting(fitting, level, table))
    rng = plan.seed.stream(name, "lead")
    if table.shift:
        cell = rotate(cell, table.shift * int(rng.integers(STEPS)))
    rhythm = tuple((at, length) for at, length, _ in lengths(cell))
    return invent(rhythm, bars[: len(cell) // STEPS], voice, table, rng)


def _suiting(cells: Sequence[str], level: float, table: LeadTable) -> list[float]:
    """How well each rhythm suits the level and, as far as the style has ``learned``, how much
    likelier it is sung than one that costs a bit more a note."""
    weights = closeness(cells, level, WIDTH)
    if not table.learned:
        return weights
    costs = [_cost(attacks(cell), len(cell)) for cell in cells]
    return [
        weight * 2.0 ** (table.learned * (min(costs) - cost))
        for weight, cost in zip(weights, costs, strict=True)
    ]


def _cost(starts: Sequence[int], length: int) -> float:
    """Bits a note of a rhythm that begins again after ``length`` sixteenths; silence costs
    nothing."""
    if not starts:
        return 0.0
    gaps = [after - start for start, after in pairwise([*starts, starts[0] + length])]
    return sung().of_rhythm(gaps, starts[0])


def _section(
    plan: Plan, table: LeadTable, section: Stretch, motif: Motif, voice: Voice, again: str
) -> list[Note]:
    rng = plan.seed.stream(f"lead section {section.name}{again}", "lead")
    bars = plan.bars_of(section)
    notes: list[Note] = []
    for place, letter in enumerate(_letters(plan, table, section, motif)):
        here = bars[place * motif.bars : (place + 1) * motif.bars]
        if all(bar.level("lead") > 0 for bar in here):
            said = state(letter, motif, here, voice, table, rng)
            notes += _sung(said, here[0], voice, table)
    return [note for note in notes if not plan.bars[int(note.start // 4)].answer]


def _letters(plan: Plan, table: LeadTable, section: Stretch, motif: Motif) -> str:
    """What becomes of the motif in each of the section's statements.

    A material keeps its phrase whenever it returns; a phrase that another follows stays open (c
    becomes a); a repeated section changes some of its motifs; the clip's last phrase comes home.
    """
    size = max(1, PHRASE_BARS // motif.bars)
    count = max(1, section.bars // motif.bars)
    phrases = [phrase for phrase in table.phrases if len(phrase) == size] or ["m" * size]
    name = f"lead phrase {section.material} {size}"
    phrase = turn(plan.seed, name, "lead", phrases, [1.0] * len(phrases))
    letters = (phrase * count)[:count]
    open_until = count - size
    letters = letters[:open_until].replace("c", "a") + letters[max(0, open_until) :]
    rng = plan.seed.stream(f"lead letters {section.name}", "lead")
    if section.varied:
        letters = "".join(
            str(rng.choice(list("dvs" if place else "d")))
            if letter == "m" and chance(rng, table.embellish)
            else letter
            for place, letter in enumerate(letters)
        )
    final = section is plan.sections[-1] and table.cadence
    return letters[:-1] + "c" if final else letters


def _sung(said: Statement, bar: Bar, voice: Voice, table: LeadTable) -> list[Note]:
    """The statement's notes, each over ``table.stack`` chord tones and its second voice."""
    notes = []
    for slot, step in said:
        start, length = bar.beat + slot.at / 4, slot.length / 4 * table.gate
        top = voice.pitch(step, slot.chord)
        below = [pitch for pitch in range(top - 12, top) if pitch % 12 in slot.chord.tones]
        stack = below[len(below) - table.stack :] if table.stack else []
        velocity = touch(table.velocity, slot.at, table.accents)
        second = _second(step, slot, voice, table)
        pitches = sorted({*stack, *second, top})
        notes += [Note(start, length, pitch, velocity) for pitch in pitches]
    return notes


def _second(step: int, slot: Slot, voice: Voice, table: LeadTable) -> list[int]:
    """The pitch of the second voice under a step: an octave, or the third or sixth of the key
    that a strong note bends to the nearest tone of its chord below the melody."""
    if not table.harmony:
        return []
    if table.harmony == "octaves":
        return [voice.pitch(step, slot.chord) - 12]
    wanted = step - SECOND_STEPS[table.harmony]
    if slot.strong:
        tones = [each for each in range(step - 5, step - 1) if voice.is_tone(each, slot.chord)]
        wanted = min(tones, key=lambda each: (abs(each - wanted), each))
    return [voice.pitch(wanted, slot.chord)]
