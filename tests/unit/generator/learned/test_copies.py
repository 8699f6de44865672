"""No twelve notes are a song's: copies are noticed in any key and rhythm, and written again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from generator.compose import lead, originality
from generator.compose.feel import open_on_the_beat
from generator.compose.originality import DRAFTS, melody, original
from generator.compose.plan import Plan, make_plan
from generator.learned import copies
from generator.learned.copies import NOTES, copied_at, fingerprints
from generator.players import LeadTable
from generator.request import resolve
from generator.score import Note
from generator.style import list_styles, load_style

SONG = [60, 62, 64, 65, 67, 65, 64, 62, 60, 67, 69, 71, 72, 67, 64, 60]


def plant(monkeypatch: pytest.MonkeyPatch, songs: Iterable[Sequence[int]]) -> None:
    """Makes these the only songs that were heard."""
    known = np.unique(np.concatenate([fingerprints(song) for song in songs]))
    monkeypatch.setattr(copies, "_known", lambda: known)


@cache
def plan_and_table(style: str, seed: int) -> tuple[Plan, LeadTable]:
    chosen = load_style(style)
    assert chosen.writing.lead is not None
    return make_plan(resolve(style, seed=seed), chosen), chosen.writing.lead


def looped(notes: Sequence[Note]) -> list[int]:
    pitches = [note.pitch for note in melody(notes)]
    return pitches + pitches[: NOTES - 1]


def test_a_fingerprint_for_every_twelve_notes() -> None:
    assert len(fingerprints(SONG)) == len(SONG) - NOTES + 1
    assert len(fingerprints(SONG[:12])) == 1
    assert len(fingerprints(SONG[:11])) == len(fingerprints([])) == 0


def test_a_copy_is_noticed_in_any_key_and_only_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, [SONG])
    around = [48, 50, *(pitch + 5 for pitch in SONG), 50]
    assert copied_at(around) == [2, 3, 4, 5, 6]
    assert copied_at(SONG[:11]) == []
    for at in range(1, 11):
        changed = SONG[:12]
        changed[at] += 1
        assert copied_at(changed) == []
    assert copied_at([-pitch for pitch in SONG]) == []


def test_chance_seldom_looks_like_a_copy() -> None:
    rng = np.random.default_rng(2)
    noise = np.cumsum(rng.integers(-9, 10, 200_000)).tolist()
    assert len(copied_at(noise)) < 40


def test_a_lead_that_copies_is_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, table = plan_and_table("synthwave", 11)
    before = lead.write_lead(plan, table)
    plant(monkeypatch, [looped(before)])
    after = lead.write_lead(plan, table)
    assert after == lead.write_lead(plan, table)
    assert [note.pitch for note in melody(after)] != [note.pitch for note in melody(before)]
    assert copied_at(looped(after)) == []


def test_a_short_quotation_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, table = plan_and_table("lofi", 11)
    before = looped(lead.write_lead(plan, table))
    plant(monkeypatch, [before[3 : 3 + NOTES]])
    assert copied_at(before)
    assert copied_at(looped(lead.write_lead(plan, table))) == []


def test_when_every_draft_copies_the_first_is_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, table = plan_and_table("synthwave", 5)
    drafts = [lead._draft(plan, table, f" {count}" * (count > 0)) for count in range(DRAFTS)]
    drafts = [open_on_the_beat(notes) if plan.opener == "lead" else notes for notes in drafts]
    plant(monkeypatch, [looped(notes) for notes in drafts])
    after = lead.write_lead(plan, table)
    assert copied_at(looped(after)) == []
    first = sorted(drafts[0])
    assert len(after) == len(first)
    moved = [
        (old, new) for old, new in zip(first, sorted(after), strict=True) if old.pitch != new.pitch
    ]
    assert 0 < len(moved) < len(first) / 2
    assert max(abs(old.pitch - new.pitch) for old, new in moved) <= originality.REACH
    assert all(old.start == new.start and old.length == new.length for old, new in moved)


def test_drafts_are_written_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = plan_and_table("synthwave", 1)
    plant(monkeypatch, [SONG])
    counts = []

    def write(count: int) -> list[Note]:
        counts.append(count)
        pitches = SONG if count < 2 else SONG[::-1]
        return [Note(at / 2, 0.5, pitch, 90) for at, pitch in enumerate(pitches)]

    assert [note.pitch for note in original(plan, "lead", write)] == SONG[::-1]
    assert counts == [0, 1, 2]


def test_the_seam_of_the_loop_is_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = plan_and_table("synthwave", 1)
    plant(monkeypatch, [SONG])
    turned = [*SONG[6:], 59, 58, 57, *SONG[:6]]
    notes = [Note(at / 2, 0.5, pitch, 90) for at, pitch in enumerate(turned)]
    assert copied_at(turned) == []
    assert copied_at(looped(notes))
    repaired = original(plan, "lead", lambda _: notes)
    assert copied_at(looped(repaired)) == []


@pytest.mark.parametrize("slug", [style.slug for style in list_styles() if style.writing.lead])
def test_no_lead_of_any_style_repeats_twelve_notes_of_a_song(slug: str) -> None:
    for seed in (1, 2, 3):
        plan, table = plan_and_table(slug, seed)
        assert copied_at(looped(lead.write_lead(plan, table))) == []


def test_known_runs_are_sorted_and_many() -> None:
    known = copies._known()
    assert known.dtype == np.uint32
    assert len(known) > 100_000
    assert all(before < after for before, after in pairwise(known[:1000].tolist()))
    assert (np.diff(known.astype(np.int64)) > 0).all()
