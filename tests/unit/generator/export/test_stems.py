"""Stems add up to the mix, and say what they are."""

from __future__ import annotations

import io
import json
import zipfile

import mido
import numpy as np
import pytest
import soundfile

from generator.clip import played, written
from generator.export import stems as module
from generator.export.stems import export_stems, zip_stems
from generator.kinship import Liked
from generator.request import resolve

LIKED = Liked("Sigur Rós", {"ambient": 5, "dreamy": 4})


def _decibels(wanted: np.ndarray, got: np.ndarray) -> float:
    error = np.sqrt(np.mean((wanted - got) ** 2)) / np.sqrt(np.mean(wanted**2))
    return float(20 * np.log10(error))


@pytest.mark.parametrize(("style", "bits", "limit"), [("lofi", 24, -100), ("techno", 16, -60)])
def test_the_files_add_up_to_the_unmastered_mix(style: str, bits: int, limit: int) -> None:
    spec = resolve(style, seed=5, bars=4, bpm=120)
    stems = export_stems(spec, bits)
    assert tuple(stems.files) == spec.parts
    total = 0.0
    for data in stems.files.values():
        info = soundfile.info(io.BytesIO(data))
        assert (info.samplerate, info.channels, info.subtype) == (44100, 2, f"PCM_{bits}")
        samples, _ = soundfile.read(io.BytesIO(data), dtype="float64")
        assert np.abs(samples).max() < 1.0
        total = total + samples
    bus = played(spec, *written(spec)).bus.astype(np.float64)
    assert _decibels(bus, np.asarray(total) / stems.scale) < limit


def test_a_stem_that_would_clip_lowers_all(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = resolve("techno", seed=5, bars=4, bpm=180, parts=["drums", "bass"])
    usual = export_stems(spec)
    monkeypatch.setattr(module, "LOUDEST", 4.0)
    lowered = export_stems(spec)
    assert lowered.scale in {usual.scale, 2 * usual.scale, 1.0}
    for data in lowered.files.values():
        samples, _ = soundfile.read(io.BytesIO(data))
        assert np.abs(samples).max() < 1.0


def test_the_archive_holds_the_parts_the_notes_and_a_page_about_them() -> None:
    spec = resolve("synthwave", seed=8, bars=4, bpm=200, like=[LIKED], parts=["bass", "lead"])
    stems = export_stems(spec, 16)
    data = zip_stems(stems)
    assert data == zip_stems(export_stems(spec, 16))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = ["bass.flac", "lead.flac", "clip.mid", "stems.json", "README.txt"]
        assert archive.namelist() == names
        assert archive.read("bass.flac") == stems.files["bass"]
        document = json.loads(archive.read("stems.json"))
        page = archive.read("README.txt").decode()
        midi = mido.MidiFile(file=io.BytesIO(archive.read("clip.mid")), charset="utf-8")
    assert (document["seed"], document["bits"], document["scale"]) == (8, 16, stems.scale)
    assert [track.name for track in midi.tracks] == ["Nightjar", "bass", "lead"]
    for fact in (f"Seed {spec.seed}", spec.key, "200 bpm", "6.0 dB", "Sigur Rós"):
        assert fact in page
