from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from time import process_time
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generator.clip import Clip
from generator.compose import compose
from generator.export.canvas import Canvas, text_width
from generator.export.chart import lay_out_chart, loops
from generator.export.pianoroll import draw
from generator.export.sheet import COLOURS, HEIGHT, MARGIN, RIGHT, WIDTH, lay_out
from generator.export.waveform import waveform
from generator.request import resolve
from generator.score import Chord, Score, Section
from generator.seed import MAX_SEED, PARTS
from generator.style import list_styles
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
    assert Image.open(io.BytesIO(first)).size == (1100, 700)
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


SHOWN = 550
"""How wide a channel shows a picture, in points, when it is at most 350 tall."""

SMALLEST = 11


@dataclass(frozen=True)
class Written:
    """A text of the picture and the box it takes."""

    text: str
    size: float
    box: tuple[float, float, float, float]

    def touches(self, other: Written) -> bool:
        left, top, right, bottom = self.box
        x, y, far, low = other.box
        return left < far and x < right and top < low and y < bottom


def writing(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> list[Written]:
    """Everything that is written when the clip is drawn."""
    found = []
    plain = Canvas.text

    def text(
        canvas: Canvas, x: float, y: float, words: str, size: float, *rest: Any, **more: Any
    ) -> None:
        wide, tall = text_width(words, size), 0.72 * size
        across, upright = more.get("anchor", "ls")
        left = x - wide if across == "r" else x
        top = y - tall if upright == "s" else y - tall / 2
        found.append(Written(words, size, (left, top, left + wide, top + tall)))
        plain(canvas, x, y, words, size, *rest, **more)

    monkeypatch.setattr(Canvas, "text", text)
    draw(clip)
    monkeypatch.undo()
    return found


def harmonised(bars: int, chords: list[list[str]]) -> Clip:
    """A clip whose bars have these chords, over and over."""
    clip = scores.clip(bars=bars, parts=PARTS)
    changes = [
        Chord(4.0 * bar + 4.0 / len(names) * at, 4.0 / len(names), 0, (0, 4, 7), name)
        for bar in range(bars)
        for names in [chords[bar % len(chords)]]
        for at, name in enumerate(names)
    ]
    return replace(clip, score=replace(clip.score, chords=tuple(changes)))


LONG = ["F#m7b5", "Bbmaj9", "C#m(add9)", "Ebm(maj7)", "G9sus4/D", "Abm7b5/Gb", "B7b9", "Dbm69"]
HARMONIES = {
    "one a bar": [[name] for name in LONG[:4]],
    "two a bar": [[LONG[at], LONG[at + 1]] for at in range(0, 8, 2)],
    "two a bar, never twice": [
        [f"{'CDEFGAB'[at % 7]}#m7b5", f"{'CDEFGAB'[at // 7]}bmaj9"] for at in range(32)
    ],
    "one for all": [["Ebm(maj7)"]],
}


@pytest.mark.parametrize("chords", list(HARMONIES))
@pytest.mark.parametrize("bars", [4, 8, 16, 32])
def test_all_writing_can_be_read_at_a_channels_width(
    bars: int, chords: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert HEIGHT <= WIDTH * 350 / SHOWN
    clip = harmonised(bars, HARMONIES[chords])
    written = writing(replace(clip, spec=replace(clip.spec, seed=MAX_SEED)), monkeypatch)
    for each in written:
        assert each.size * SHOWN / WIDTH >= SMALLEST, each
        left, top, right, bottom = each.box
        assert left >= 0 <= top, each
        assert right <= WIDTH, each
        assert bottom <= HEIGHT, each
    for one, other in combinations(written, 2):
        assert not one.touches(other), (one, other)


def test_the_densest_of_songs_is_small_but_not_written_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slashed = [[f"F#m7b5/{at}", f"Bbmaj9/{at}", f"Ebm9/{at}"] for at in range(32)]
    written = writing(harmonised(32, slashed), monkeypatch)
    assert not any(one.touches(other) for one, other in combinations(written, 2))
    assert {each.text for each in written} >= {name for bar in slashed for name in bar}


@pytest.mark.parametrize("style", [style.slug for style in list_styles()])
def test_clips_of_every_style_can_be_read(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = next(each for each in list_styles() if each.slug == style)
    for seed, bars in ((1, 16), (2, 32)):
        spec = resolve(style, seed=seed, bars=bars)
        score = compose(spec, found)
        clip = Clip(spec, found.name, score, scores.tone(1.0), -14.0, -1.5)
        written = writing(clip, monkeypatch)
        assert min(each.size for each in written) * SHOWN / WIDTH >= SMALLEST
        clashes = [pair for pair in combinations(written, 2) if pair[0].touches(pair[1])]
        assert clashes == []
        top, bottom = lay_out(score, 8).roll
        assert bottom - top > 120


def test_the_title_says_what_brings_the_clip_back(monkeypatch: pytest.MonkeyPatch) -> None:
    words = " ".join(each.text for each in writing(scores.clip(), monkeypatch))
    for fact in ("Synthwave", "D minor", "120 bpm", "night", "seed 7", "drums", "lead"):
        assert fact in words


class TestChart:
    def song(self, bars: str, sections: list[tuple[str, int]]) -> Score:
        """A bar a letter, its chord."""
        chords = tuple(Chord(4.0 * at, 4.0, 0, (0, 4, 7), name) for at, name in enumerate(bars))
        form, start = [], 0
        for name, length in sections:
            form.append(Section(name, start, length, 0.5))
            start += length
        return Score(120, "C major", len(bars), tuple(form), chords, ())

    def told(self, score: Score) -> list[tuple[str, str, bool]]:
        return [
            (
                " ".join(section.name for section in loop.sections),
                "".join(chord for bar in loop.bars for chord in bar),
                loop.again,
            )
            for loop in loops(score)
        ]

    def test_each_loop_is_written_once(self) -> None:
        score = self.song("ACDGACDGEFEFACDGACDG", [("A", 8), ("B", 4), ("A'", 8)])
        assert self.told(score) == [("A A'", "ACDG", True), ("B", "EF", True)]

    def test_a_beginning_belongs_to_its_loop(self) -> None:
        score = self.song("ACACDGACDE", [("intro", 2), ("A", 4), ("B", 4)])
        assert self.told(score) == [("intro A", "ACDG", False), ("B", "ACDE", False)] or (
            self.told(score) == [("intro B", "ACDE", False), ("A", "ACDG", False)]
        )

    @pytest.mark.parametrize("style", ["jazz", "bossa-nova", "trance", "cinematic", "ambient"])
    def test_going_round_the_loops_gives_the_whole_song(self, style: str) -> None:
        found = next(each for each in list_styles() if each.slug == style)
        for seed in range(4):
            score = compose(resolve(style, seed=seed, bars=32), found)
            loop_of = {
                section.start_bar: loop.bars for loop in loops(score) for section in loop.sections
            }
            sung = []
            for section in score.sections:
                bars = loop_of[section.start_bar]
                sung += [bars[at % len(bars)] for at in range(section.bars)]
            heard = []
            for bar in range(32):
                inside = [c for c in score.chords if 4 * bar <= c.start < 4 * bar + 4]
                names = [c.symbol for c in inside]
                heard.append(tuple(n for at, n in enumerate(names) if not at or names[at - 1] != n))
            assert sung == heard

    def test_rows_have_their_bars_and_a_sign_for_the_same_again(self) -> None:
        chart = lay_out_chart(loops(self.song("AACD", [("A", 4)])), MARGIN, RIGHT, 100.0)
        (row,) = chart.rows
        assert [word.text for word in row.words] == ["A", "%", "C", "D"]
        assert len(row.lines) == 5
        assert all(
            a < word.x < b for (a, b), word in zip(pairwise(row.lines), row.words, strict=True)
        )
        assert [chip.name for chip in chart.chips] == ["A"]


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
