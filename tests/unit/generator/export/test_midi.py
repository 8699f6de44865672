from __future__ import annotations

import io

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.compose import compose
from generator.export.midi import CHANNELS, PROGRAMS, write_midi
from generator.request import resolve
from generator.score import Note, Part, Score, Section
from generator.seed import PARTS
from generator.style import list_styles, load_style
from tests.unit.generator.export import scores

ORIGIN = {"style": "synthwave", "seed": "7"}


def read(data: bytes) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(data), charset="utf-8")


def notes(track: mido.MidiTrack) -> list[Note]:
    """What a sequencer plays: each note-on with the next note-off of its pitch, in beats."""
    now, sounding, played = 0, {}, []
    for message in track:
        now += message.time
        if message.type == "note_on":
            assert message.note not in sounding
            sounding[message.note] = (now, message.velocity)
        elif message.type == "note_off":
            start, velocity = sounding.pop(message.note)
            played.append(Note(start / 480, (now - start) / 480, message.note, velocity))
    assert not sounding
    return sorted(played)


def events(file: mido.MidiFile, kind: str) -> list[tuple[int, mido.MetaMessage]]:
    now, found = 0, []
    for message in file.tracks[0]:
        now += message.time
        if message.type == kind:
            found.append((now, message))
    return found


def test_the_file_says_tempo_metre_key_sections_and_where_it_comes_from() -> None:
    file = read(write_midi(scores.score(bars=4, bpm=100), ORIGIN))
    assert (file.type, file.ticks_per_beat) == (1, 480)
    assert [(at, m.tempo) for at, m in events(file, "set_tempo")] == [(0, 600_000)]
    metre = events(file, "time_signature")[0][1]
    assert (metre.numerator, metre.denominator) == (4, 4)
    assert [m.key for _, m in events(file, "key_signature")] == ["Dm"]
    assert [m.text for _, m in events(file, "text")] == ["style=synthwave; seed=7"]
    assert [(at, m.text) for at, m in events(file, "marker")] == [(0, "A"), (2 * 1920, "B")]


def test_every_part_is_a_named_track_with_its_own_channel_and_sound() -> None:
    file = read(write_midi(scores.score(parts=PARTS), ORIGIN))
    assert [track.name for track in file.tracks[1:]] == list(PARTS)
    for track in file.tracks[1:]:
        channels = {message.channel for message in track if not message.is_meta}
        programs = [message.program for message in track if message.type == "program_change"]
        if track.name == "drums":
            assert channels == {9}
            assert programs == []
        else:
            assert channels == {CHANNELS[track.name]}
            assert programs == [PROGRAMS[track.name]]
    assert 9 not in CHANNELS.values()
    assert len(set(CHANNELS.values())) == len(CHANNELS)


def test_every_track_ends_with_the_clip_and_a_crossing_note_is_cut_there() -> None:
    score = scores.score(bars=4)
    file = read(write_midi(score, ORIGIN))
    for track in file.tracks:
        assert sum(message.time for message in track) == 16 * 480
    pad = next(track for track in file.tracks if track.name == "pad")
    assert max(note.start + note.length for note in notes(pad)) == 16.0


@pytest.mark.parametrize(
    ("key", "written"),
    [("D minor", "Dm"), ("F# major", "F#"), ("Bb major", "Bb"), ("G# minor", "G#m")],
)
def test_the_key_signature_is_the_key(key: str, written: str) -> None:
    score = Score(120, key, 4, (), (), (Part("bass", ()),))
    assert [m.key for _, m in events(read(write_midi(score, {})), "key_signature")] == [written]


def test_a_repeated_pitch_ends_the_note_before_it() -> None:
    held = (Note(0.0, 4.0, 60, 80), Note(1.0, 1.0, 60, 90), Note(1.0, 3.0, 60, 70))
    score = Score(120, "C major", 4, (), (), (Part("pad", held),))
    played = notes(read(write_midi(score, {})).tracks[1])
    assert played == [Note(0.0, 1.0, 60, 80), Note(1.0, 3.0, 60, 70)]


ticks = st.integers(0, 4 * 4 * 480 - 1)
written_notes = st.lists(
    st.builds(
        lambda start, length, pitch, velocity: Note(start / 480, length / 480, pitch, velocity),
        ticks,
        st.integers(1, 3000),
        st.integers(0, 127),
        st.integers(1, 127),
    ),
    max_size=40,
)


def without_overlaps(notes: list[Note], end: float) -> list[Note]:
    """Only notes that sound alone on their pitch and within the clip: none needs a cut."""
    kept: list[Note] = []
    for note in sorted(notes):
        stop = note.start + note.length
        free = all(n.pitch != note.pitch or n.start + n.length <= note.start for n in kept)
        if free and stop <= end:
            kept.append(note)
    return kept


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(PARTS), written_notes, min_size=1), st.integers(40, 220))
def test_what_is_written_is_what_is_read(parts: dict[str, list[Note]], bpm: int) -> None:
    kept = {name: without_overlaps(found, 16.0) for name, found in parts.items()}
    score = Score(
        bpm,
        "A minor",
        4,
        (Section("A", 0, 4, 0.5),),
        (),
        tuple(Part(name, tuple(found)) for name, found in kept.items()),
    )
    file = read(write_midi(score, ORIGIN))
    assert {track.name: notes(track) for track in file.tracks[1:]} == kept
    assert round(mido.tempo2bpm(events(file, "set_tempo")[0][1].tempo)) == bpm


@settings(deadline=None, max_examples=60)
@given(written_notes)
def test_any_notes_make_a_file_that_plays_within_the_clip(found: list[Note]) -> None:
    score = Score(120, "C major", 4, (), (), (Part("keys", tuple(found)),))
    played = notes(read(write_midi(score, {})).tracks[1])
    assert {note.pitch for note in played} == {note.pitch for note in found}
    assert all(note.length > 0 and note.start + note.length <= 16.0 for note in played)


@pytest.mark.parametrize("style", [style.slug for style in list_styles()])
@pytest.mark.parametrize("seed", [0, 7, 4711])
def test_every_note_a_composer_writes_is_in_the_file(style: str, seed: int) -> None:
    spec = resolve(style, seed=seed, bars=8)
    score = compose(spec, load_style(style))
    file = read(write_midi(score, ORIGIN))
    assert events(file, "key_signature")[0][1].key == spec.key.split()[0] + (
        "m" if spec.key.endswith("minor") else ""
    )
    tracks = {track.name: notes(track) for track in file.tracks[1:]}
    assert list(tracks) == [part.name for part in score.parts]
    for part in score.parts:
        written = {(round(note.start * 480), note.pitch): note.velocity for note in part.notes}
        played = {
            (round(note.start * 480), note.pitch): note.velocity for note in tracks[part.name]
        }
        assert played.keys() == written.keys()
        assert all(played[place] == written[place] for place in played)
