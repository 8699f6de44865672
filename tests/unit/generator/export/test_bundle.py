from __future__ import annotations

import io
import json

import mido
import pytest
from PIL import Image

from generator.export.bundle import export_clip
from generator.spec import FORMATS
from generator.version import GENERATOR_VERSION
from tests.unit.generator.export import scores


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_clip_leaves_as_four_files(file_format: str) -> None:
    files = export_clip(scores.clip(file_format=file_format))
    assert set(files) == {f"clip.{file_format}", "clip.mid", "pianoroll.png", "clip.json"}
    assert all(files.values())


def test_the_document_says_what_the_contract_promises() -> None:
    document = json.loads(export_clip(scores.clip(bars=4, bpm=120))["clip.json"])
    assert document == {
        "style": "synthwave",
        "bpm": 120,
        "key": "D minor",
        "mood": "night",
        "bars": 4,
        "seed": 7,
        "seconds": 8.0,
        "parts": ["drums", "bass", "pad", "arp", "lead"],
        "loudness_lufs": -14.02,
        "true_peak_dbtp": -1.23,
        "generator_version": GENERATOR_VERSION,
        "learned_from": [],
        "artists": [],
        "like": [],
    }


def test_every_file_carries_what_makes_the_clip_again() -> None:
    files = export_clip(scores.clip(file_format="mp3"))
    facts = ("style=synthwave", "seed=7", "key=D minor", "bpm=120", "bars=4", "mood=night")
    midi = mido.MidiFile(file=io.BytesIO(files["clip.mid"]))
    (text,) = [m.text for m in midi.tracks[0] if m.type == "text"]
    for fact in facts:
        assert fact.encode() in files["clip.mp3"]
        assert fact in text
    assert f"Nightjar {GENERATOR_VERSION}" in text
    assert f"Nightjar {GENERATOR_VERSION}".encode() in files["clip.mp3"]
    assert "seed=7" in Image.open(io.BytesIO(files["pianoroll.png"])).text["Comment"]


def test_the_same_clip_gives_the_same_files() -> None:
    assert export_clip(scores.clip()) == export_clip(scores.clip())
