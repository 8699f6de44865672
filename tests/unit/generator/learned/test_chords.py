"""Learned harmony: loops in numerals that say their key, come round, and lean to the mood."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from generator.compose.harmony import CLEAR, Span, _tone_weights, harmonise
from generator.compose.plan import make_plan
from generator.compose.tonality import clarity
from generator.grammar import HarmonyTable
from generator.learned.chords import QUALITIES, TOKENS, roman, songbook
from generator.request import resolve
from generator.seed import Seed
from generator.style import load_style
from generator.theory import Key, Mode, harmony

MODES: tuple[Mode, ...] = ("major", "minor")
TONES = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10), "sus4": (0, 5, 7), "dim": (0, 3, 6),
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_every_token_has_a_numeral_that_means_it(mode: Mode) -> None:
    for token in range(TOKENS):
        root, quality = divmod(token, len(QUALITIES))
        chord = harmony(Key(0, mode), roman(token, mode))
        assert chord.root == root
        assert set(chord.tones) == {(root + step) % 12 for step in TONES[QUALITIES[quality]]}


@pytest.mark.parametrize("mode", MODES)
def test_what_songs_do_is_known(mode: Mode) -> None:
    chain = songbook().chains[mode]
    home = QUALITIES.index("maj" if mode == "major" else "min")
    fifth, tritone = 7 * len(QUALITIES), 6 * len(QUALITIES)
    after_fifth = chain.probabilities(chain.context([fifth]))
    assert int(np.argmax(after_fifth)) == home
    assert after_fifth[home] > 20 * after_fifth[tritone]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bars", [4, 8])
def test_drawn_loops_fill_their_bars_and_come_round(mode: Mode, bars: int) -> None:
    book, rng = songbook(), np.random.default_rng(5)
    chain = book.chains[mode]
    drawn = [book.draw(mode, "", bars, rng) for _ in range(60)]
    assert all(len(loop) == bars and all(1 <= len(bar) <= 2 for bar in loop) for loop in drawn)
    assert len(set(drawn)) > 40
    roots = [len({token // len(QUALITIES) for bar in loop for token in bar}) for loop in drawn]
    assert np.mean([count >= 3 for count in roots]) > 0.9
    closing, any_chord = [], []
    for loop in drawn:
        line = [token for bar in loop for token in bar]
        changes = [line[0]] + [b for a, b in pairwise(line) if a != b]
        if changes[-1] != line[0]:
            closing.append(chain.probabilities(chain.context(changes))[line[0]])
            any_chord.append(chain.probabilities(chain.context(changes)).mean())
    assert np.median(closing) > 10 * np.median(any_chord)


def test_a_mood_moves_the_chords() -> None:
    book = songbook()
    minor_four = 5 * len(QUALITIES) + QUALITIES.index("min")

    def share(mood: str) -> float:
        rng = np.random.default_rng(8)
        loops = [book.draw("major", mood, 4, rng) for _ in range(400)]
        return float(np.mean([any(minor_four in bar for bar in loop) for loop in loops]))

    assert book.moods["dark"]["minor"].shape == (TOKENS,)
    assert share("dark") != share("bright")


@cache
def spans(learned: float, seed: int, key: str) -> tuple[Span, ...]:
    style = load_style("synthwave")
    plan = make_plan(resolve("synthwave", seed=seed, key=key, bars=16), style)
    table: HarmonyTable = replace(style.writing.harmony, learned=learned, pedal=0.0)
    return harmonise(table, plan.key, "dark", plan.sections, Seed(seed))


@pytest.mark.parametrize("key", ["D minor", "F major"])
def test_learned_progressions_say_their_key(key: str) -> None:
    clear = [clarity(_tone_weights(spans(1.0, seed, key)), Key.parse(key)) for seed in range(40)]
    assert np.mean([each >= CLEAR for each in clear]) >= 0.95
    assert min(clear) > 0


@pytest.mark.parametrize("key", ["D minor", "F major"])
def test_learned_progressions_are_new_and_many(key: str) -> None:
    written = {tuple(span.chord.root for span in spans(0.0, seed, key)) for seed in range(40)}
    heard = {tuple(span.chord.root for span in spans(1.0, seed, key)) for seed in range(40)}
    assert len(heard) >= 36
    assert len(heard & written) <= 4


def test_without_learning_nothing_is_drawn_from_songs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("the songbook was opened")

    monkeypatch.setattr("generator.compose.harmony.songbook", refuse)
    spans.cache_clear()
    assert spans(0.0, 1, "D minor")
    with pytest.raises(AssertionError):
        spans(1.0, 1, "D minor")
    spans.cache_clear()
