from __future__ import annotations

import io
from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from PIL import Image

from generator.export.pianoroll import draw
from generator.export.sheet import COLOURS, lay_out
from generator.export.waveform import waveform
from generator.seed import PARTS
from tests.unit.generator.export import scores


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def coloured(picture: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Where the picture has that hue at full strength."""
    brightest = picture.max(axis=2, keepdims=True)
    hue = picture / np.maximum(brightest, 1)
    wanted = np.array(colour) / max(colour)
    return (np.abs(hue - wanted).max(axis=2) < 0.12) & (brightest[..., 0] > 140)


def test_it_is_a_picture_of_the_promised_size_and_always_the_same() -> None:
    first, second = draw(scores.clip()), draw(scores.clip())
    assert first == second
    assert Image.open(io.BytesIO(first)).size == (1200, 675)
    assert len(first) < 1_000_000


def test_other_music_gives_another_picture() -> None:
    pictures = [
        draw(scores.clip(bars=4)),
        draw(scores.clip(bars=8)),
        draw(scores.clip(bpm=90)),
        draw(scores.clip(parts=("bass", "lead"))),
    ]
    assert all(a != b for a, b in pairwise(pictures))


def test_each_part_shines_in_its_colour_only_when_it_plays() -> None:
    everyone = pixels(draw(scores.clip(parts=("bass", "pad", "arp", "lead"))))
    without_arp = pixels(draw(scores.clip(parts=("bass", "pad", "lead"))))
    assert coloured(everyone, COLOURS["arp"]).sum() > 500
    assert coloured(without_arp, COLOURS["arp"]).sum() < 20


def test_a_note_stands_where_it_sounds() -> None:
    """The bass plays nine tenths of each beat, so its colour ends before the next."""
    clip = scores.clip(bars=4, parts=("bass",))
    sheet = lay_out(clip.score, drum_rows=0)
    top, bottom = (round(edge) for edge in sheet.roll)
    roll = coloured(pixels(draw(clip)), COLOURS["bass"])[top:bottom]
    for beat in range(16):
        assert roll[:, round(sheet.x(beat + 0.45))].any()
        assert not roll[:, round(sheet.x(beat + 0.96))].any()


@pytest.mark.parametrize("bars", [4, 8, 16, 32])
def test_every_length_and_every_part_can_be_drawn(bars: int) -> None:
    assert draw(scores.clip(bars=bars, parts=PARTS))
    assert draw(scores.clip(bars=bars, parts=("drums",)))


def test_drawing_is_cheap() -> None:
    clip = scores.clip(bars=16, bpm=100)
    draw(clip)
    spent = []
    for _ in range(3):
        started = process_time()
        draw(clip)
        spent.append(process_time() - started)
    assert min(spent) < 0.15


class TestWaveform:
    def test_louder_is_taller(self) -> None:
        audio = scores.tone(2.0)
        audio[:44100] *= 0.25
        opaque = (np.asarray(waveform(audio, 100, 80))[..., 3] > 0).sum(axis=0)
        assert opaque[60:95].mean() > 2 * opaque[5:45].mean()

    def test_bass_and_treble_differ_in_colour(self) -> None:
        time = np.arange(44100) / 44100
        low, high = np.sin(2 * np.pi * 55 * time), np.sin(2 * np.pi * 6000 * time)
        audio = np.repeat(np.concatenate([low, high])[:, None], 2, axis=1).astype(np.float32)
        colours = np.asarray(waveform(audio, 100, 20))[10, :, :3].astype(int)
        assert np.abs(colours[25] - colours[75]).max() > 100

    def test_silence_is_a_thin_line(self) -> None:
        drawn = np.asarray(waveform(np.zeros((1000, 2), np.float32), 200, 100))[..., 3]
        assert 0 < (drawn > 0).sum(axis=0).max() <= 4
