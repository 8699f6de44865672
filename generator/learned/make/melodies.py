"""Reading POP909: melodies on the grid of their own beats, over their chords, in their keys.

The files are performances at a nominal tempo: only their beat annotations say where the sixteenths
are.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import mido

from generator.learned.make.corpora import MIDI_FAULTS, MOST_EVENTS, Report, read_archive
from generator.theory import ACCIDENTALS, NATURALS, SCALES, Key, Mode

ARCHIVE: Final = "pop909.tar.gz"
SCALE_SHARE: Final = 0.85
"""Notes inside the annotated key's scale, without which the annotation is not believed."""
FEWEST_NOTES: Final = 32
CHORD_TEXT: Final = re.compile(r"([A-G])([b#]*):([a-z]+)(\d*)[^/]*(?:/.*)?")
TRIADS: Final = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6), "hdim": (0, 3, 6), "aug": (0, 4, 8),
    "sus2": (0, 2, 7), "sus4": (0, 5, 7), "minmaj": (0, 3, 7), "": (0, 4, 7),
}  # fmt: skip
SEVENTHS: Final = {
    ("maj", "7"): 11, ("min", "7"): 10, ("", "7"): 10, ("maj", "6"): 9, ("min", "6"): 9,
    ("minmaj", "7"): 11, ("dim", "7"): 9, ("hdim", "7"): 10,
}  # fmt: skip
"""Semitones of the fourth tone, by kind and number."""
LOWERED: Final[dict[Mode, frozenset[int]]] = {
    "major": frozenset({3, 10}),
    "minor": frozenset({1}),
}
"""Chromatic tones heard as a lowered degree; the others are raised ones."""


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Sung:
    """A melody note: ``at`` sixteenths from the song's first beat, ``place`` its sixteenth in the
    bar, ``gap`` sixteenths to the next attack, ``step`` its scale step in ``key`` (0 the tonic in
    octave 0), ``tones`` its chord's pitch classes, none where no chord is written."""

    at: int
    place: int
    gap: int
    pitch: int
    step: int
    key: Key
    tones: frozenset[int]

    @property
    def tone(self) -> bool:
        """Whether its chord has it."""
        return self.pitch % 12 in self.tones


@dataclass(frozen=True, slots=True)
class Melody:
    """One song's melody in order; ``sure`` if its key's scale holds most of its notes. ``lines``
    are the pitches of all that the song sings: the melody on the grid, and the melody and the
    second melody as they are played."""

    name: str
    sure: bool
    notes: tuple[Sung, ...]
    lines: tuple[tuple[int, ...], ...] = ()


def read_melodies(report: Report) -> list[Melody]:
    """Every song of the archive that can be read, by number."""
    songs: dict[str, dict[str, bytes]] = defaultdict(dict)
    for path, content in read_archive(ARCHIVE, (".txt", ".mid")):
        songs[path.split("/")[-2]][path.rsplit("/", 1)[-1]] = content
    melodies = []
    for name, _ in report.progress([(name, b"") for name in sorted(songs)]):
        try:
            melody = read_melody(name, songs[name])
        except (*MIDI_FAULTS, KeyError, UnicodeDecodeError) as error:
            report.skip(f"unreadable ({type(error).__name__})")
            continue
        if len(melody.notes) < FEWEST_NOTES:
            report.skip(f"fewer than {FEWEST_NOTES} notes")
        else:
            melodies.append(melody)
    report.read = len(melodies)
    return melodies


def read_melody(name: str, files: dict[str, bytes]) -> Melody:
    """The melody of a song from its four files; raises one of MIDI_FAULTS or KeyError."""
    beats = _rows(files["beat_midi.txt"])
    times = [float(row[0]) for row in beats]
    downs = [at for at, row in enumerate(beats) if float(row[2]) == 1.0]
    keys = [(float(row[0]), key_named(row[2])) for row in _rows(files["key_audio.txt"])]
    chords = [(float(row[0]), tones_of(row[2])) for row in _rows(files["chord_midi.txt"])]
    song = mido.MidiFile(file=io.BytesIO(files[f"{name}.mid"]), clip=True)
    played, second = _track(song, "MELODY"), _track(song, "BRIDGE")
    grid = _on_grid(played, times)
    notes, inside = [], 0
    for (at, pitch), following in zip(grid, [*grid[1:], (grid[-1][0] + 16, 0)], strict=True):
        gap = following[0] - at
        key = _at(keys, _time(at, times)) or keys[0][1]
        place = (at - 4 * max(0, downs[max(0, bisect_right(downs, at // 4) - 1)])) % 16
        heard = at + 2 if gap > 2 and place % 4 else at
        tones = _at(chords, _time(heard, times) + 0.02) or frozenset()
        notes.append(Sung(at, place, gap, pitch, scale_step(pitch, key), key, tones))
        inside += pitch % 12 in key.scale
    lines = (grid, played, second)
    pitches = tuple(tuple(pitch for _, pitch in line) for line in lines)
    return Melody(name, inside >= SCALE_SHARE * len(notes), tuple(notes), pitches)


def scale_step(pitch: int, key: Key) -> int:
    """The scale step of a pitch; a chromatic tone counts as the degree it alters."""
    octave, above = divmod(pitch - key.tonic, 12)
    scale = SCALES[key.mode]
    if above not in scale:
        above += 1 if above in LOWERED[key.mode] else -1
    return octave * 7 + scale.index(above)


def key_named(text: str) -> Key:
    """The key of "Gb:maj"."""
    root, _, mode = text.strip().partition(":")
    return Key(_pitch_class(root[0], root[1:]), "minor" if mode.startswith("min") else "major")


def tones_of(text: str) -> frozenset[int]:
    """The pitch classes of "F#:maj7/5"; none for N or what is not understood."""
    match = CHORD_TEXT.fullmatch(text.strip())
    if match is None:
        return frozenset()
    letter, accidentals, kind, number = match.groups()
    if kind == "sus":
        kind, number = f"sus{number}", ""
    if kind not in TRIADS:
        return frozenset()
    root = _pitch_class(letter, accidentals)
    seventh = SEVENTHS.get((kind, number))
    steps = TRIADS[kind] if seventh is None else (*TRIADS[kind], seventh)
    return frozenset((root + step) % 12 for step in steps)


def _track(song: mido.MidiFile, name: str) -> list[tuple[float, int]]:
    """(seconds, pitch) of a track's attacks; of several at once the highest."""
    track = next((each for each in song.tracks if each.name.strip() == name), None)
    if track is None or len(track) > MOST_EVENTS:
        raise KeyError(name)
    tempos = _tempos(song)
    found: dict[int, int] = {}
    now = 0
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity > 0:
            found[now] = max(found.get(now, 0), message.note)
    return [(_seconds(tick, tempos, song.ticks_per_beat), found[tick]) for tick in sorted(found)]


def _tempos(song: mido.MidiFile) -> list[tuple[int, int]]:
    """(tick, microseconds a beat) in order, beginning at 0."""
    found = [(0, 500_000)]
    for track in song.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "set_tempo":
                found.append((now, message.tempo))
    return sorted(found, key=lambda each: each[0])


def _seconds(tick: int, tempos: Iterable[tuple[int, int]], beat: int) -> float:
    total, since, tempo = 0.0, 0, 500_000
    for start, following in tempos:
        if start > tick:
            break
        total += (start - since) * tempo / beat / 1e6
        since, tempo = start, following
    return total + (tick - since) * tempo / beat / 1e6


def _on_grid(played: Sequence[tuple[float, int]], times: Sequence[float]) -> list[tuple[int, int]]:
    """(sixteenth, pitch): each attack on the nearest sixteenth of its beat, of two on one the
    first; what lies outside the beats is left out."""
    placed: dict[int, int] = {}
    for second, pitch in played:
        beat = bisect_right(times, second + 1e-4) - 1
        if 0 <= beat < len(times) - 1:
            share = (second - times[beat]) / (times[beat + 1] - times[beat])
            placed.setdefault(4 * beat + round(4 * share), pitch)
    if not placed:
        raise KeyError("no melody")
    return sorted(placed.items())


def _time(at: int, times: Sequence[float]) -> float:
    """When a sixteenth is."""
    beat, share = divmod(at, 4)
    if beat >= len(times) - 1:
        return times[-1]
    return times[beat] + (times[beat + 1] - times[beat]) * share / 4


def _at(rows: Sequence[tuple[float, Value]], second: float) -> Value | None:
    """What holds at a time in rows of (from, what)."""
    found = bisect_right(rows, second, key=lambda row: row[0]) - 1
    return rows[found][1] if found >= 0 else None


def _rows(content: bytes) -> list[list[str]]:
    return [line.split() for line in content.decode().splitlines() if line.strip()]


def _pitch_class(letter: str, accidentals: str) -> int:
    return (NATURALS[letter] + sum(ACCIDENTALS[each] for each in accidentals)) % 12
