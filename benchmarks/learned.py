"""What the learned statistics know about songs they never saw, and how much they copy.

Data: `corpora/` under NIGHTJAR_DATA (McGill Billboard, POP909, Groove; see generator/NOTICE.md). A
tenth of the songs of each corpus is held out, by song, drawn once; models train on the others.
Bits per token by order, beside the untrained model, which thinks everything equally likely; the
order that ships is starred (it then trains on all songs). Then what is copied
(`benchmarks.copying`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Any, TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import copying
from benchmarks.copying import INTERVALS, intervals
from generator.learned.chords import TOKENS
from generator.learned.grooves import CLASSES
from generator.learned.make import chords as make_chords
from generator.learned.make import melody as make_melody
from generator.learned.make.annotations import Song, read_songs
from generator.learned.make.corpora import Report, corpora_folder
from generator.learned.make.drumming import Performance, read_performances
from generator.learned.make.grooves import template
from generator.learned.make.melodies import Melody, read_melodies
from generator.learned.melody import GAPS, MOVES, gap_token
from generator.learned.model import MAX_ORDER, Chain, mean_bits

SEED = 2026
HELD_OUT = 0.1
WIDTH = 110
CERTAIN = 1e-3

Line = tuple[list[int], list[int] | None]
"""Tokens, and their places in a placed chain."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Split:
    """A corpus cut by song."""

    known: list[Any]
    unseen: list[Any]

    @classmethod
    def of(cls, items: Sequence[Item]) -> Split:
        order = np.random.default_rng(SEED).permutation(len(items))
        cut = round(len(items) * HELD_OUT)
        return cls([items[at] for at in sorted(order[cut:])], [items[at] for at in order[:cut]])


def run() -> dict[str, Any]:
    """Runs everything (some three minutes on one core): bits by model and order, copies."""
    console = Console(width=WIDTH)
    if not corpora_folder().exists():
        console.print(f"Nothing to measure: no corpora in {corpora_folder()}; set NIGHTJAR_DATA.")
        return {}
    songs = Split.of(read_songs(Report("McGill Billboard")))
    melodies = Split.of(read_melodies(Report("POP909")))
    drumming = Split.of(read_performances(Report("Groove")))
    bits = {**_chord_bits(songs), **_melody_bits(melodies), **_drum_bits(drumming)}
    console.print(_bits_table(bits))
    copies = copying.measure(melodies.known, melodies.unseen)
    console.print(copying.show(copies))
    sizes = {
        name: {"known": len(each.known), "held_out": len(each.unseen)}
        for name, each in (("billboard", songs), ("pop909", melodies), ("groove", drumming))
    }
    return {"songs": sizes, "bits_per_token": bits, "copied_share": copies}


def _by_order(
    split: Split,
    size: int,
    lines: Callable[[Any], Line],
    shipped: int | None = None,
    placed: bool = False,
) -> dict[str, Any]:
    """Held-out bits of a chain of each order, its tokens taken from an item by ``lines``."""
    row: dict[str, Any] = {"tokens": size, "untrained": log2(size), "shipped_order": shipped}
    for order in range(MAX_ORDER + 1):
        chain = Chain(size, order, placed)
        for item in split.known:
            chain.learn(*lines(item))
        row[str(order)] = mean_bits([chain.bits(*lines(item)) for item in split.unseen])
    return row


def _chord_bits(songs: Split) -> dict[str, Any]:
    def changes(song: Song) -> Line:
        return song.changes()[0], None

    def placed(song: Song) -> Line:
        return song.changes()

    return {
        "chords, both modes in one chain": _by_order(songs, TOKENS, changes),
        "chords, placed in the phrase": _by_order(songs, TOKENS, placed, placed=True),
        "chords, a chain for each mode": _by_mode(songs),
    }


def _by_mode(songs: Split) -> dict[str, Any]:
    row: dict[str, Any] = {"tokens": TOKENS, "untrained": log2(TOKENS)}
    row["shipped_order"] = make_chords.ORDER
    for order in range(MAX_ORDER + 1):
        chains = make_chords.learn(songs.known, order)
        row[str(order)] = mean_bits(
            [chains[song.mode].bits(song.changes()[0]) for song in songs.unseen]
        )
    return row


def _melody_bits(melodies: Split) -> dict[str, Any]:
    def notes(song: Melody) -> Line:
        gaps = [gap_token(note.gap) for note in song.notes[1:]]
        return [a * GAPS + b for a, b in zip(intervals(song), gaps, strict=True)], None

    def moves(song: Melody) -> Line:
        return intervals(song), None

    move = make_melody.MOVE_ORDER
    return {
        "melody: interval and time": _by_order(melodies, INTERVALS * GAPS, notes),
        "melody: interval": _by_order(melodies, INTERVALS, moves),
        "melody: scale step, placed": _by_order(
            melodies, MOVES, make_melody.moves_of, move, placed=True
        ),
        "melody: scale step over its chord": _over_chords(melodies),
        "melody: time, placed": _by_order(
            melodies, GAPS, make_melody.gaps_of, make_melody.GAP_ORDER, placed=True
        ),
    }


def _over_chords(melodies: Split) -> dict[str, Any]:
    """As `Habits.of_moves` predicts: the chain's chance of a move, and whether it meets the
    chord."""
    row: dict[str, Any] = {"tokens": MOVES, "untrained": log2(MOVES)}
    row["shipped_order"] = make_melody.MOVE_ORDER
    for order in range(MAX_ORDER + 1):
        habits = make_melody.learn(melodies.known, order, 0)
        costs = []
        for song in melodies.unseen:
            moves = [after.step - note.step for note, after in pairwise(song.notes)]
            for at, (note, after) in enumerate(pairwise(song.notes)):
                tones = make_melody.tones_around(note, after)
                chances = habits.of_moves(
                    -(MOVES // 2), after.place, moves[max(0, at - 3) : at], tones
                )
                token = min(max(moves[at], -(MOVES // 2)), MOVES // 2) + MOVES // 2
                costs.append(-log2(chances[token]))
        row[str(order)] = float(np.mean(costs))
    return row


def _drum_bits(drumming: Split) -> dict[str, Any]:
    size = 2 ** len(CLASSES)

    def placed(performance: Performance) -> Line:
        return performance.sets()

    row = _by_order(drumming, size, placed, placed=True)
    return {
        "drums: what sounds on a sixteenth": row,
        "drums: the family's template": _templates(drumming),
    }


def _templates(drumming: Split) -> dict[str, Any]:
    """Held-out bits of the shipped kind of table: each class hit or not, by place and family."""
    families = {each.families[0] for each in drumming.known}
    hits = {
        name: np.array(template([each for each in drumming.known if name in each.families])["hit"])
        for name in families
    }
    costs: list[list[float]] = []
    for each in drumming.unseen:
        chances = np.clip(hits[each.families[0]], CERTAIN, 1 - CERTAIN)
        tokens, places = each.sets()
        bits = (np.array(tokens)[:, None] >> np.arange(len(CLASSES))) & 1
        own = chances.T[np.array(places)]
        costs.append((-np.log2(np.where(bits == 1, own, 1 - own)).sum(axis=1)).tolist())
    size = 2 ** len(CLASSES)
    return {"tokens": size, "untrained": log2(size), "shipped_order": 0, "0": mean_bits(costs)}


def _bits_table(bits: dict[str, dict[str, Any]]) -> Table:
    table = Table(title="Bits per token on songs never seen; * is what ships")
    for name in ("model", "tokens", "untrained", *(f"order {n}" for n in range(MAX_ORDER + 1))):
        table.add_column(name, justify="left" if name == "model" else "right")
    for name, row in bits.items():
        cells = [name, str(row["tokens"]), f"{row['untrained']:.2f}"]
        for order in range(MAX_ORDER + 1):
            star = "*" if row["shipped_order"] == order else ""
            cells.append(f"{star}{row[str(order)]:.3f}" if str(order) in row else "")
        table.add_row(*cells)
    return table
