"""The score as a Standard MIDI File: what a musician drags into a DAW."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Final

import mido

from generator.score import Note, Score

TICKS_PER_BEAT: Final = 480
DRUM_CHANNEL: Final = 9
CHANNELS: Final = {"bass": 0, "pad": 1, "arp": 2, "lead": 3, "keys": 4, "fx": 5, "vocal": 6}
PROGRAMS: Final = {"bass": 38, "pad": 89, "arp": 81, "lead": 80, "keys": 4, "fx": 98, "vocal": 52}

_OFF, _ON = 0, 1


def write_midi(score: Score, provenance: Mapping[str, str]) -> bytes:
    """``score`` as a format 1 file, 480 ticks a beat.

    The first track holds tempo, time signature, key signature, ``provenance`` as one text event
    ("style=synthwave; seed=7") and a marker a section; then comes one named track a part, drums on
    channel 10. A note that crosses the clip's end stops there, and one pitch never sounds twice at
    once in a part: a repeated note ends the one before.
    """
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.append(_conductor(score, provenance))
    end = score.beats * TICKS_PER_BEAT
    for part in score.parts:
        file.tracks.append(_track(part.name, part.notes, end))
    target = io.BytesIO()
    file.save(file=target)
    return target.getvalue()


def _conductor(score: Score, provenance: Mapping[str, str]) -> mido.MidiTrack:
    text = "; ".join(f"{name}={value}" for name, value in provenance.items())
    opening = (
        mido.MetaMessage("track_name", name="Nightjar"),
        mido.MetaMessage("text", text=text),
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(score.bpm)),
        mido.MetaMessage("time_signature", numerator=score.beats_per_bar, denominator=4),
        mido.MetaMessage("key_signature", key=_key_signature(score.key)),
    )
    bar = score.beats_per_bar * TICKS_PER_BEAT
    sections = (
        (section.start_bar * bar, mido.MetaMessage("marker", text=section.name))
        for section in score.sections
    )
    return _timed([*((0, message) for message in opening), *sections], score.bars * bar)


def _key_signature(key: str) -> str:
    tonic, mode = key.split()
    return tonic + "m" if mode == "minor" else tonic


def _track(name: str, notes: Iterable[Note], end: int) -> mido.MidiTrack:
    channel = DRUM_CHANNEL if name == "drums" else CHANNELS[name]
    opening = [(0, mido.MetaMessage("track_name", name=name))]
    if name != "drums":
        program = mido.Message("program_change", channel=channel, program=PROGRAMS[name])
        opening.append((0, program))
    events = sorted(
        event
        for on, off, pitch, velocity in _in_ticks(notes, end)
        for event in ((off, _OFF, pitch, 0), (on, _ON, pitch, velocity))
    )
    played = (
        (tick, mido.Message(_NAMES[kind], channel=channel, note=pitch, velocity=velocity))
        for tick, kind, pitch, velocity in events
    )
    return _timed([*opening, *played], end)


_NAMES: Final = {_OFF: "note_off", _ON: "note_on"}


def _in_ticks(notes: Iterable[Note], end: int) -> list[tuple[int, int, int, int]]:
    """(on, off, pitch, velocity) within 0..end, at least a tick long, no pitch over itself."""
    sounding: dict[int, tuple[int, int, int, int]] = {}
    done = []
    for note in sorted(notes):
        on = max(0, min(round(note.start * TICKS_PER_BEAT), end - 1))
        off = min(max(on + 1, round((note.start + note.length) * TICKS_PER_BEAT)), end)
        before = sounding.get(note.pitch)
        if before is not None and before[0] < on:
            done.append((before[0], min(before[1], on), note.pitch, before[3]))
        elif before is not None:
            off = max(off, before[1])
        sounding[note.pitch] = (on, off, note.pitch, note.velocity)
    return sorted([*done, *sounding.values()])


def _timed(events: Iterable[tuple[int, mido.Message]], end: int) -> mido.MidiTrack:
    """A track of these messages, given delta times in their order, closed at tick ``end``."""
    track = mido.MidiTrack()
    now = 0
    for tick, message in events:
        message.time = tick - now
        track.append(message)
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track
