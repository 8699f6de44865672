"""`python -m benchmarks.measure STYLE [SEED...]`: what clips of one style measure, clip by clip."""

from __future__ import annotations

import sys

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import traits
from generator.clip import Clip, make_clip
from generator.errors import SpecError
from generator.request import resolve
from generator.style import Style, load_style
from generator.synth.sound import BANDS
from tests import hearing

SEEDS = ("3", "4", "6", "8", "11", "12", "13", "14")
WIDTH = 150


def main(arguments: list[str]) -> int:
    """Prints one row a clip beside the style's targets; 2 for a style or a seed that is none."""
    try:
        style = load_style(arguments[0] if arguments else "")
        seeds = [int(text) for text in arguments[1:] or SEEDS]
        clips = [make_clip(resolve(style.slug, seed=seed)) for seed in seeds]
    except (SpecError, ValueError) as error:
        sys.stderr.write(f"{error}\nUsage: python -m benchmarks.measure STYLE [SEED...]\n")
        return 2
    Console(width=WIDTH).print(_table(style, clips))
    return 0


def _table(style: Style, clips: list[Clip]) -> Table:
    targets = style.sound.targets
    table = Table(title=f"{style.name}, 16 bars; bands in dB of the whole")
    for name in ("clip", "LUFS", "dBTP", *BANDS, "side/mid", "tempo heard", "key heard", "silence"):
        table.add_column(name, justify="left" if name == "clip" else "right")
    bands = [f"{targets.bands[band]:.1f}" for band in BANDS]
    table.add_row(
        f"target, ±{targets.tolerance:g}", "-14.0", "<= -1.0", *bands, f"{targets.side_mid:.1f}"
    )
    table.add_section()
    for clip in clips:
        table.add_row(*_row(style, clip))
    return table


def _row(style: Style, clip: Clip) -> list[str]:
    spec, audio = clip.spec, clip.audio
    shares = hearing.band_shares(audio, BANDS)
    middle = float(np.sqrt(style.tempo_low * style.tempo_high))
    return [
        f"{spec.seed}: {spec.key}, {spec.mood}, {spec.bpm} bpm",
        f"{hearing.loudness(audio):.2f}",
        f"{hearing.true_peak(audio):.2f}",
        *(f"{shares[band]:.1f}" for band in BANDS),
        f"{hearing.side_to_mid(audio):.1f}",
        f"{hearing.tempo(audio, middle):.1f}",
        f"{traits.keys_right(clip):.0%}",
        f"{hearing.longest_silence(audio):.2f} s",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
