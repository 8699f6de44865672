"""No twelve notes are a song's, in any part: copies are noticed in any key and rhythm, and written
again."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from generator.compose import compose, lead
from generator.compose.feel import open_on_the_beat
from generator.compose.heard import lines
from generator.compose.originality import DRAFTS, copied, original, own
from generator.compose.plan import Plan, make_plan
from generator.learned import copies
from generator.learned.copies import (
    NOTES,
    commonplace,
    copied_at,
    count_copied,
    fingerprints,
    pack,
    unpack,
)
from generator.players import LeadTable
from generator.request import resolve
from generator.score import Note
from generator.style import list_styles, load_style
from tests.notation import chord_at, top_line

SONG = [60, 62, 64, 65, 67, 65, 64, 62, 60, 67, 69, 71, 72, 67, 64, 60]
STYLES = {style.slug: style for style in list_styles()}


def plant(monkeypatch: pytest.MonkeyPatch, songs: Iterable[Sequence[int]]) -> None:
    """Makes these the only songs that were heard."""
    known = np.unique(np.concatenate([fingerprints(song) for song in songs]))
    monkeypatch.setattr(copies, "_known", lambda: known)


def melody(pitches: Sequence[int]) -> list[Note]:
    """Eighths, one note each."""
    return [Note(at / 2, 0.5, pitch, 90) for at, pitch in enumerate(pitches)]


@cache
def plan_and_table(style: str, seed: int) -> tuple[Plan, LeadTable]:
    chosen = load_style(style)
    assert chosen.writing.lead is not None
    return make_plan(resolve(style, seed=seed), chosen), chosen.writing.lead


def looped(notes: Sequence[Note]) -> list[int]:
    """The highest note of each attack, and so many once more that the loop has no seam."""
    highest: dict[float, int] = {}
    for note in sorted(notes):
        highest[note.start] = max(note.pitch, highest.get(note.start, 0))
    pitches = list(highest.values())
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
    assert looped(after) != looped(before)
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
    assert all(new.pitch % 12 in plan.key.scale for _, new in moved)
    assert all(old.start == new.start and old.length == new.length for old, new in moved)


def test_drafts_are_written_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = plan_and_table("synthwave", 1)
    plant(monkeypatch, [SONG])
    counts = []

    def write(count: int) -> list[Note]:
        counts.append(count)
        pitches = SONG if count < 2 else SONG[::-1]
        return melody(pitches)

    assert [note.pitch for note in original(plan, "lead", write)] == SONG[::-1]
    assert counts == [0, 1, 2]


def test_the_seam_of_the_loop_is_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = plan_and_table("synthwave", 1)
    plant(monkeypatch, [SONG])
    turned = [*SONG[6:], 59, 58, 57, *SONG[:6]]
    notes = melody(turned)
    assert copied_at(turned) == []
    assert copied_at(looped(notes))
    repaired = original(plan, "lead", lambda _: notes)
    assert copied_at(looped(repaired)) == []


@pytest.mark.parametrize(
    "run",
    [
        [40] * 12,
        [40, 52] * 6,
        [40, 40, 52] * 4,
        [60, 64, 67, 64] * 3,
        [60, 64, 67] * 4,
        [64, 67, 64, 60] * 3,
    ],
)
def test_what_only_repeats_is_nobodys(run: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, [run])
    assert commonplace(run)
    assert copied_at(run) == []
    assert copied(melody(run)) is False


@pytest.mark.parametrize(
    "run",
    [
        [40] * 11 + [42],
        [40] * 6 + [45] * 6,
        [60, 64, 67, 72] * 3,
        [60, 62, 64, 62, 60] * 2 + [60, 62],
        [60, 64, 67, 64, 60, 64, 67, 64, 60, 64, 67, 60],
        SONG[:12],
    ],
)
def test_what_moves_on_or_has_four_notes_may_be_somebodys(
    run: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, [run])
    assert not commonplace(run)
    assert copied_at(run) == [0]


def test_many_lines_are_counted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, [SONG])
    rows = [SONG, [pitch + 3 for pitch in SONG], SONG[::-1], [60] * len(SONG)]
    assert count_copied(rows) == [5, 5, 0, 0]


def test_a_packed_table_comes_back() -> None:
    marks = np.unique(np.random.default_rng(1).integers(0, 2**32, 5000, dtype=np.uint32))
    file = io.BytesIO()
    pack(marks, file)
    file.seek(0)
    assert (unpack(file) == marks).all()


def test_a_roll_is_heard_note_by_note_and_as_chords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Triads under the song, each rolled upwards, and over its mirror image."""
    rolled = [
        Note(at + delay, 1.0, pitch + below, 90)
        for at, pitch in enumerate(SONG)
        for delay, below in ((0.0, -7), (0.02, -4), (0.04, 0))
    ]
    plant(monkeypatch, [SONG])
    assert copied(rolled)
    plant(monkeypatch, [[pitch - 7 for pitch in SONG]])
    assert copied(rolled)
    plant(monkeypatch, [[note.pitch for note in rolled]])
    assert copied(rolled)
    plant(monkeypatch, [SONG[::-1]])
    assert not copied(rolled)


PLAYERS = [
    ("synthwave", "bass"), ("jazz", "bass"), ("trance", "arp"), ("cinematic", "pad"),
    ("bossa-nova", "keys"), ("ambient", "pad"), ("lofi", "keys"), ("house", "lead"),
    ("house", "fx"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "part"), PLAYERS)
def test_a_planted_line_is_found_and_written_again_in_every_part(
    slug: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, [SONG])
    spec = resolve(slug, seed=7, bars=16)
    before = compose(spec, STYLES[slug])
    notes = before.part(part).notes
    pitches = [note.pitch for note in notes]
    song = next(
        run
        for line in lines(notes)
        for note in range(0, len(notes), 5)
        if not commonplace((run := line.around(note, pitches, [pitches[note]])[0])[:NOTES])
    )
    plant(monkeypatch, [song[:NOTES]])
    assert copied(notes)
    after = compose(spec, STYLES[slug])
    assert not copied(after.part(part).notes)
    assert after == compose(spec, STYLES[slug])
    for other in before.parts:
        assert (after.part(other.name) == other) == (not copied(other.notes))
    if part != "lead":
        old = {(note.start, note.length, note.velocity) for note in notes}
        assert {(n.start, n.length, n.velocity) for n in after.part(part).notes} <= old
        new = set(after.part(part).notes) - set(notes)
        assert len(new) < len(notes) / 4


def test_a_bass_moves_to_its_chord_and_keeps_the_notes_that_chords_begin_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch, [SONG])
    spec = resolve("disco", seed=3, bars=16)
    before = compose(spec, STYLES["disco"])
    notes = before.part("bass").notes
    line = looped(notes)
    plant(monkeypatch, [line])
    after = compose(spec, STYLES["disco"])
    assert [note.start for note in after.part("bass").notes] == [note.start for note in notes]
    new = [note for note in after.part("bass").notes if note not in notes]
    begins = {round(chord.start * 4) for chord in before.chords}
    inside = sum(note.pitch % 12 in chord_at(after, note.start + 0.1).tones for note in new)
    assert new
    assert inside >= 0.8 * len(new)
    assert sum(round(note.start * 4) in begins for note in new) <= 0.2 * len(new)


def test_what_no_line_copies_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = plan_and_table("synthwave", 1)
    plant(monkeypatch, [SONG])
    notes = tuple(melody(SONG[::-1]))
    assert own(plan, "bass", notes) == notes


def copies_of(slug: str, seed: int, bars: int | None = None) -> list[str]:
    """The parts of a clip with a copied run, however its chords are heard."""
    settings = {} if bars is None else {"bars": bars}
    score = compose(resolve(slug, seed=seed, **settings), STYLES[slug])
    pitched = [part for part in score.parts if part.name != "drums"]
    found = [part.name for part in pitched if copied(part.notes)]
    tops = {part.name: [note.pitch for note in top_line(score, part.name)] for part in pitched}
    return found + [name for name, top in tops.items() if copied_at(top)]


@pytest.mark.parametrize("slug", list(STYLES))
def test_no_part_of_any_style_repeats_twelve_notes_of_a_song(slug: str) -> None:
    assert [copies_of(slug, seed) for seed in (1, 2)] == [[], []]


@pytest.mark.slow
@pytest.mark.parametrize("slug", list(STYLES))
def test_no_part_of_many_clips_repeats_twelve_notes_of_a_song(slug: str) -> None:
    for seed in range(20):
        for bars in (None, 4, 32):
            assert copies_of(slug, seed, bars) == [], (seed, bars)


def test_known_runs_are_sorted_and_many() -> None:
    known = copies._known()
    assert known.dtype == np.uint32
    assert len(known) > 100_000
    assert all(before < after for before, after in pairwise(known[:1000].tolist()))
    assert (np.diff(known.astype(np.int64)) > 0).all()
