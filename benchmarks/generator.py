"""What a clip of sixteen bars costs, stage by stage, beside a General MIDI player on the same
notes.

CPU seconds of this process on one core, after start-up: for each seed the least of a few runs, for
what other tenants of the machine add is not ours, and of the seeds the median and the worst. "To
MP3" is a clip of at most five parts from composition to MP3, "all" is every part with picture and
MIDI. Memory is the peak of a fresh process that makes one clip. The player is FluidSynth with
whatever General MIDI soundfont is installed (or $SOUNDFONT): the CPU it needs for the same MIDI
file, less what it needs for an empty one.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import mido
from rich.console import Console
from rich.progress import track
from rich.table import Table

from generator.clip import Clip, make_clip, mastered
from generator.compose import compose
from generator.export import audio, midi, pianoroll, provenance
from generator.request import resolve
from generator.score import Score
from generator.seed import PARTS, Seed
from generator.style import Style, list_styles
from generator.synth.mixdown import perform

BARS = 16
WIDTH = 150
SEEDS = (1, 2, 3, 4, 5)
RUNS = 2
FIVE = 5
SOUNDFONTS = (Path("/usr/share/sounds/sf2"), Path("/usr/share/soundfonts"))
# Not ru_maxrss: a child starts with its parent's.
PEAK = """
import re, sys
from pathlib import Path
from generator.clip import make_clip
from generator.request import resolve
make_clip(resolve(sys.argv[1], seed=1, bars=int(sys.argv[2])))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""

Result = TypeVar("Result")


class Stages:
    """CPU seconds by stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[[], Result]) -> Result:
        start = time.process_time()
        result = work()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - start
        return result


@dataclass(frozen=True, slots=True)
class Take:
    """One clip's cost: CPU seconds by stage, its length, its notes for the peer."""

    stages: dict[str, float]
    length: float
    notes: bytes


class GeneralMidi:
    """FluidSynth and a soundfont."""

    def __init__(self, program: str, soundfont: Path, folder: Path) -> None:
        self._command = [program, "-ni", "-q", "-r", "44100", "-F", str(folder / "out.wav")]
        self._soundfont = soundfont
        self._folder = folder
        self.name = f"FluidSynth, {soundfont.name}"
        empty = mido.MidiFile()
        empty.tracks.append(mido.MidiTrack())
        path = folder / "empty.mid"
        empty.save(path)
        self._start_up = min(self._cpu(path) for _ in range(3))

    def seconds(self, notes: bytes) -> float:
        """CPU seconds to render ``notes`` once the soundfont is loaded."""
        path = self._folder / "clip.mid"
        path.write_bytes(notes)
        return self._cpu(path) - self._start_up

    def _cpu(self, path: Path) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [*self._command, str(self._soundfont), str(path)], check=True, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run() -> dict[str, Any]:
    """Measures every style, prints the table, returns the figures."""
    make_clip(resolve("synthwave", seed=99, bars=4))
    with tempfile.TemporaryDirectory() as folder:
        peer = _general_midi(Path(folder))
        rows = {
            style.slug: _measure(style, peer)
            for style in track(list_styles(), "Styles", console=Console(stderr=True))
        }
    console = Console(width=WIDTH)
    console.print(_table(rows, peer))
    over = {
        name: [row["five_parts_to_mp3"][name] for row in rows.values()]
        for name in ("median", "worst")
    }
    console.print(
        f"Five parts to MP3: median of the styles {median(over['median']):.2f} s, "
        f"slowest style {max(over['median']):.2f} s, its worst seed {max(over['worst']):.2f} s."
    )
    return {
        "bars": BARS,
        "runs": RUNS,
        "seeds": len(SEEDS),
        "peer": peer.name if peer else None,
        "styles": rows,
    }


def _measure(style: Style, peer: GeneralMidi | None) -> dict[str, Any]:
    takes = [_take(style, seed) for seed in SEEDS]
    five = [_to_mp3(style, seed) for seed in SEEDS]
    stages = {name: median(take.stages[name] for take in takes) for name in takes[0].stages}
    totals = [sum(take.stages.values()) for take in takes]
    voiced = [take.stages["synth"] + take.stages["master"] for take in takes]
    row: dict[str, Any] = {
        "audio_seconds": median(take.length for take in takes),
        "parts": len(style.parts),
        "cpu_seconds": {**stages, "total": median(totals), "worst": max(totals)},
        "five_parts_to_mp3": {"median": median(five), "worst": max(five)},
        "cpu_per_audio_second": median(
            total / take.length for total, take in zip(totals, takes, strict=True)
        ),
        "peak_megabytes": _peak(style.slug),
    }
    if peer is not None:
        theirs = [peer.seconds(take.notes) for take in takes]
        row["general_midi_seconds"] = median(theirs)
        row["general_midi_ratio"] = median(g / v for g, v in zip(theirs, voiced, strict=True))
    return row


def _take(style: Style, seed: int) -> Take:
    """The least of `RUNS` runs with every part, stage by stage."""
    runs = [_run(style, seed, len(PARTS)) for _ in range(RUNS)]
    least = {name: min(run.stages[name] for run in runs) for name in runs[0].stages}
    return Take(least, runs[0].length, runs[0].notes)


def _to_mp3(style: Style, seed: int) -> float:
    """CPU seconds from composition to MP3 with the style's first five parts, effects apart, of a
    single run."""
    stages = _run(style, seed, FIVE).stages
    return sum(stages[name] for name in ("compose", "synth", "master", "mp3"))


def _run(style: Style, seed: int, most_parts: int) -> Take:
    parts = [part for part in style.parts if part != "fx" or most_parts > FIVE][:most_parts]
    spec = resolve(style.slug, seed=seed, bars=BARS, parts=parts)
    stages = Stages()
    score: Score = stages.time("compose", lambda: compose(spec, style))
    brightness = style.mood(spec.mood).brightness
    mix = stages.time("synth", lambda: perform(score, style.sound, Seed(seed), brightness))
    done = stages.time("master", lambda: mastered(spec, style, mix.bus))
    clip = Clip(spec, style.name, score, done.audio, done.loudness_lufs, done.true_peak_dbtp)
    stages.time("mp3", lambda: audio.encode(clip.audio, "mp3", provenance.tags(clip)))
    stages.time("pictures", lambda: pianoroll.draw(clip))
    notes = stages.time("midi", lambda: midi.write_midi(score, provenance.origin(spec)))
    return Take(stages.seconds, score.seconds, notes)


def _peak(slug: str) -> float:
    command = [sys.executable, "-c", PEAK, slug, str(BARS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _general_midi(folder: Path) -> GeneralMidi | None:
    program = shutil.which("fluidsynth")
    named = [Path(os.environ["SOUNDFONT"])] if os.environ.get("SOUNDFONT") else []
    found = named + [path for place in SOUNDFONTS for path in sorted(place.glob("*GM*.sf2"))]
    if program is None or not found:
        Console(stderr=True).print("No fluidsynth with a General MIDI soundfont: no peer to print.")
        return None
    return GeneralMidi(program, max(found, key=lambda path: path.stat().st_size), folder)


def _table(rows: dict[str, dict[str, Any]], peer: GeneralMidi | None) -> Table:
    stages = list(next(iter(rows.values()))["cpu_seconds"])
    table = Table(title=f"CPU seconds of a clip of {BARS} bars, median of {len(SEEDS)} seeds")
    if peer:
        table.caption = f"GM player: {peer.name}; ratio: its seconds over our synth and master"
    columns = ["style", "audio s", "parts", *stages, "to MP3", "s per s", "peak MB"]
    columns += ["GM player", "ratio"] if peer else []
    for name in columns:
        table.add_column(name, justify="left" if name == "style" else "right")
    for slug, row in rows.items():
        cells = [slug, f"{row['audio_seconds']:.1f}", str(row["parts"])]
        cells += [f"{row['cpu_seconds'][stage]:.3f}" for stage in stages]
        cells += [f"{row['five_parts_to_mp3']['median']:.3f}"]
        cells += [f"{row['cpu_per_audio_second']:.4f}", f"{row['peak_megabytes']:.0f}"]
        if peer:
            cells += [f"{row['general_midi_seconds']:.2f}", f"{row['general_midi_ratio']:.1f}"]
        table.add_row(*cells)
    return table
