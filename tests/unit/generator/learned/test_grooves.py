"""Learned grooves: drums are late, soft and ghosted as the template says; the kick keeps time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.compose.drums import write_drums
from generator.compose.feel import play
from generator.compose.plan import Plan, make_plan
from generator.grammar import Feel
from generator.learned import FAMILIES
from generator.learned.grooves import CLASSES, FURTHEST_MS, STEPS, drum_class, groove
from generator.request import resolve
from generator.score import CLAP, CLOSED_HAT, HIGH_CONGA, KICK, SNARE, Note
from generator.style import load_style

BARS = 16


def plan_with(feel: Feel, style: str = "synthwave") -> Plan:
    plan = make_plan(resolve(style, seed=4, bars=BARS), load_style(style))
    writing = replace(plan.style.writing, feel=feel)
    return replace(plan, style=replace(plan.style, writing=writing))


def sixteenths(pitch: int, velocity: int = 100) -> list[Note]:
    return [Note(at / 4, 0.25, pitch, velocity) for at in range(BARS * STEPS)]


def late_ms(plan: Plan, pitch: int) -> np.ndarray:
    """How late each sixteenth of each bar is, shape (bars, 16)."""
    notes = sixteenths(pitch)
    played = [play([note], plan, "drums")[0] for note in notes]
    late = [after.start - note.start for note, after in zip(notes, played, strict=True)]
    return np.array(late).reshape(BARS, STEPS) * 60_000 / plan.bpm


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_its_tables(family: str) -> None:
    template = groove(family)
    for table in (template.hit, template.late_ms, template.spread_ms, template.accent):
        assert table.shape == (len(CLASSES), STEPS)
        assert np.isfinite(table).all()
    assert template.bars > 200
    assert template.hit.min() >= 0
    assert np.abs(template.late_ms).max() < 70
    assert 5 < np.median(template.spread_ms) < 45
    assert 0 <= template.swung <= 1


def test_families_play_what_they_are_known_for() -> None:
    snare, hat, ghost, ride = (CLASSES.index(name) for name in ("snare", "hat", "ghost", "ride"))
    for family in ("rock", "funk", "hiphop", "dance", "soul", "pop"):
        on_backbeat = groove(family).hit[snare, [4, 12]].mean()
        assert on_backbeat > 0.6
        assert on_backbeat > 3 * groove(family).hit[snare, [0, 8]].mean()
        accents = groove(family).accent[hat]
        assert accents[::2].mean() > accents[1::2].mean()
    assert groove("funk").hit[ghost].sum() > 1.5 * groove("rock").hit[ghost].sum()
    assert groove("jazz").hit[ride].sum() > groove("hiphop").hit[ride].sum()
    assert groove("jazz").swung > 0.1 > groove("hiphop").swung


def test_drums_come_as_late_as_the_family_and_as_much_as_human() -> None:
    template = groove("funk")
    wanted = np.clip(template.late_ms[CLASSES.index("hat")], -FURTHEST_MS, FURTHEST_MS)
    full = late_ms(plan_with(Feel(groove="funk", human=1.0)), CLOSED_HAT)
    half = late_ms(plan_with(Feel(groove="funk", human=0.5)), CLOSED_HAT)
    assert full.mean(axis=0)[1:] == pytest.approx(half.mean(axis=0)[1:] * 2, abs=0.5)
    drift = full[0].copy()
    drift[0] = wanted[0]
    # One draw of looseness: each note alone is the part's first, so all wander alike.
    spread = template.spread_ms[CLASSES.index("hat")]
    wander = (drift - wanted)[1:] / spread[1:]
    assert wander == pytest.approx(np.full(15, wander[0]), abs=0.02)
    assert abs(wander[0]) <= 0.8


def test_the_kick_keeps_the_grid_and_so_does_the_bass() -> None:
    plan = plan_with(Feel(groove="hiphop", human=1.0))
    assert np.abs(late_ms(plan, KICK)).max() < 0.1
    bass = play(sixteenths(36), plan, "bass")
    assert [note.start for note in bass] == [note.start for note in sixteenths(36)]


def test_no_groove_and_no_human_change_nothing() -> None:
    notes = [note for pitch in (KICK, SNARE, CLOSED_HAT) for note in sixteenths(pitch)]
    plain = play(notes, plan_with(Feel()), "drums")
    assert play(notes, plan_with(Feel(groove="funk", human=0.0)), "drums") == plain
    assert play(notes, plan_with(Feel(groove="funk", human=1.0)), "drums") != plain


def test_accents_follow_the_family() -> None:
    played = play(sixteenths(CLOSED_HAT), plan_with(Feel(groove="funk", human=1.0)), "drums")
    velocity = np.array([note.velocity for note in played]).reshape(BARS, STEPS).mean(axis=0)
    wanted = groove("funk").accent[CLASSES.index("hat")]
    assert np.corrcoef(velocity, wanted)[0, 1] > 0.97


def test_soft_snares_follow_the_ghosts_and_strange_drums_the_toms() -> None:
    assert drum_class(SNARE) == drum_class(CLAP) == "snare"
    assert drum_class(SNARE, ghost=True) == "ghost"
    assert drum_class(CLOSED_HAT, ghost=True) == "hat"
    assert drum_class(HIGH_CONGA) == "tom"


def test_ghosts_fall_where_the_family_plays_them() -> None:
    plan = plan_with(Feel(groove="funk"), style="lofi")
    drums = plan.style.writing.drums
    assert drums is not None
    rng = np.random.default_rng(3)
    drawn = [groove("funk").strokes("ghost", rng) for _ in range(4000)]
    shares = [np.mean([step in each for each in drawn]) for step in range(STEPS)]
    assert shares == pytest.approx(groove("funk").hit[CLASSES.index("ghost")], abs=0.03)
    learned = write_drums(plan, replace(drums, learned=1.0))
    assert learned != write_drums(plan, replace(drums, learned=0.0))


def test_a_family_nobody_heard_is_refused() -> None:
    with pytest.raises(ValueError, match="polka"):
        Feel(groove="polka")
    with pytest.raises(KeyError):
        groove("polka")
