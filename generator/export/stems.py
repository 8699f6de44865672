"""The parts of a clip as files of their own, which add up to its mix before mastering."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import soundfile

from generator.clip import written
from generator.export.audio import SAMPLE_RATE
from generator.export.midi import write_midi
from generator.export.provenance import origin
from generator.score import Score
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.synth.mixdown import perform_apart
from generator.synth.signal import Audio

LOUDEST: Final = 0.5
"""The factor of nearly every clip: mixes peak at up to 1.9, and a power of two loses no bit."""

_COMPRESSION: Final = 0.5
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Stems:
    """``files`` holds a FLAC by part, stereo at 44.1 kHz and ``bits`` deep.

    Their sum divided by ``scale``, which is the same for all, is the unmastered mix: to -130 dB in
    24 bits, to -70 dB in 16.
    """

    spec: ClipSpec
    score: Score
    files: Mapping[str, bytes]
    bits: int
    scale: float

    def describe(self) -> dict[str, Any]:
        """What the files are, as plain JSON."""
        return {"bits": self.bits, "scale": self.scale, "parts": list(self.files)}


def export_stems(spec: ClipSpec, bits: int = 24) -> Stems:
    """Plays each part of ``spec`` alone; the same arguments give the same bytes.

    Where a stem would clip at `LOUDEST`, all are played again at half of it, and so forth.
    """
    style, score = written(spec)
    brightness = style.mood(spec.mood).brightness
    scale, files = LOUDEST, None
    while files is None:
        apart = perform_apart(score, style.sound, Seed(spec.seed), brightness)
        files = _encoded(apart, bits, scale, origin(spec))
        scale = scale if files is not None else scale / 2.0
    return Stems(spec, score, files, bits, scale)


def zip_stems(stems: Stems) -> bytes:
    """One archive of the FLAC files, the MIDI and a page that says what they are."""
    inside = {
        **{f"{part}.flac": data for part, data in stems.files.items()},
        "clip.mid": write_midi(stems.score, origin(stems.spec)),
        "stems.json": json.dumps({**stems.spec.to_json(), **stems.describe()}, indent=2).encode(),
        "README.txt": _page(stems).encode(),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in inside.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return target.getvalue()


def _encoded(
    stems: Iterable[tuple[str, Audio]], bits: int, scale: float, facts: Mapping[str, str]
) -> dict[str, bytes] | None:
    """A FLAC by part; None where ``scale`` lets one of them clip."""
    files = {}
    for part, stem in stems:
        if float(np.abs(stem).max(initial=0.0)) * scale >= 1.0:
            return None
        files[part] = _flac(stem, bits, scale, {**facts, "part": part})
    return files


def _flac(stem: Audio, bits: int, scale: float, facts: Mapping[str, str]) -> bytes:
    whole = np.rint(stem * np.float64(scale * 2.0 ** (bits - 1)))
    samples = whole.astype(np.int16) if bits == 16 else whole.astype(np.int32) << 8
    target = io.BytesIO()
    with soundfile.SoundFile(
        target,
        "w",
        samplerate=SAMPLE_RATE,
        channels=2,
        subtype=f"PCM_{bits}",
        format="FLAC",
        compression_level=_COMPRESSION,
    ) as file:
        file.title = facts["part"]
        file.artist = "Nightjar"
        file.comment = "; ".join(f"{name}={value}" for name, value in facts.items())
        file.write(samples)
    return target.getvalue()


def _page(stems: Stems) -> str:
    spec = stems.spec
    decibels = 20.0 * np.log10(stems.scale)
    leaning = f"Like: {', '.join(spec.like)}\n" if spec.like else ""
    return (
        f"Stems of {spec.style} in {spec.key}, {spec.bpm} bpm, {spec.bars} bars, {spec.mood}\n"
        f"Seed {spec.seed}, {origin(spec)['generator']}\n{leaning}\n"
        f"Each file is one part: 44.1 kHz, {stems.bits} bits, stereo, effects included, as long as"
        " the clip and a seamless loop like it.\n"
        f"All are {-decibels:.1f} dB below the mix, so that nothing clips. Played together from"
        " the same bar they are the clip before mastering.\n"
        "clip.mid holds the notes; stems.json everything needed to make the clip again.\n"
    )
