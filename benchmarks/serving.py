"""What a whole recommendation costs on the starter catalogue and at 2,000, 20,000 and 200,000
artists, beside the least that a user of NumPy would write, and how training grows with plays.

The models of many artists are drawn from a seed, with the shapes and sparsity of trained ones: 128
components, artists in scenes, eight tags each, popularity by Zipf's law, EASE over the 8,000 most
heard with 500 entries a row. Lists hold 50 to 300 artists. A recommendation is everything: names,
fold-in, blend, diversity, ten items with reasons. The baseline, timed in turn with it on the same
lists, is the mean of the list's vectors, ``vectors @ mean`` and the best 200 by ``argpartition``:
one part of the score, and no reasons. Every size is served by a process of its own; its memory is
what the process holds in all, model, interpreter and libraries.

Times are CPU of one core, so what others do on the machine shows only in its caches; ``load`` tells
how many processes ran on average in the minute before and in the minute after.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.table import Table

from recommender import artefact
from recommender.arrays import Rows
from recommender.catalogue import Artist, Catalogue, load_starter
from recommender.glance import by_component
from recommender.model import Model, Profile, train
from recommender.recipe import Recipe

SEED: Final = 2026
SIZES: Final = (2_000, 20_000, 200_000)
REQUESTS: Final = 300
WARM_UP: Final = 20
TOP: Final = 200
SCENE: Final = 100
TAGS: Final = 2_000
TAGS_AN_ARTIST: Final = 8
PAIRS: Final = (25_000, 50_000, 100_000, 200_000)
LENGTHS: Final = (1, 10, 50, 300)


def run() -> dict[str, Any]:
    """Some two minutes on one core: serving by number of artists, training by number of plays."""
    console = Console()
    before = os.getloadavg()[0]
    starter = _starter()
    _show_starter(console, starter)
    sizes = {str(size): _served(size) for size in SIZES}
    _show(console, sizes)
    training = {str(pairs): _training_seconds(pairs) for pairs in PAIRS}
    console.print("Training, CPU seconds by (listener, artist) pairs:", training)
    return {
        "load": [round(before, 2), round(os.getloadavg()[0], 2)],
        "starter": starter,
        "serving": sizes,
        "training_cpu_seconds": training,
    }


def _starter() -> dict[str, Any]:
    """Training and answering on the starter catalogue, as on a fresh machine."""
    starter = load_starter()
    start = time.process_time()
    model = train(starter.catalogue, starter.listeners())
    trained = time.process_time() - start
    names = [artist.name for artist in starter.catalogue]
    draw = np.random.default_rng(SEED)
    lengths = {}
    for length in LENGTHS:
        spent = []
        for _ in range(WARM_UP + REQUESTS):
            picks = draw.choice(len(names), length, replace=False)
            profile = Profile({names[int(at)]: float(draw.integers(1, 500)) for at in picks})
            start = time.thread_time()
            model.recommend(profile)
            spent.append(1000.0 * (time.thread_time() - start))
        half, most = np.percentile(spent[WARM_UP:], (50, 95))
        lengths[str(length)] = {"p50_ms": round(half, 2), "p95_ms": round(most, 2)}
    return {
        "artists": len(starter.catalogue),
        "crates": len(starter.crates),
        "train_cpu_seconds": round(trained, 2),
        "lengths": lengths,
    }


def _served(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="nightjar-bench-") as folder:
        artefact.save(drawn_model(size), Path(folder))
        command = [sys.executable, "-m", "benchmarks.serving", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measured(folder: Path) -> dict[str, float]:
    """Load time, the thread's milliseconds a request and resident megabytes of this process."""
    start = time.process_time()
    model = artefact.load(folder)
    loaded = time.process_time() - start
    vectors = np.array(model.learnt.vectors)
    ours, plain = [], []
    for at, profile in enumerate(lists(model, WARM_UP + REQUESTS)):
        start = time.thread_time()
        model.recommend(profile)
        between = time.thread_time()
        _plain(model, vectors, profile)
        end = time.thread_time()
        if at >= WARM_UP:
            ours.append(1000.0 * (between - start))
            plain.append(1000.0 * (end - between))
    del vectors
    return {
        "load_seconds": round(loaded, 3),
        "p50_ms": round(float(np.percentile(ours, 50)), 2),
        "p95_ms": round(float(np.percentile(ours, 95)), 2),
        "plain_p50_ms": round(float(np.percentile(plain, 50)), 2),
        "plain_p95_ms": round(float(np.percentile(plain, 95)), 2),
        "ratio_p50": round(float(np.percentile(ours, 50) / np.percentile(plain, 50)), 2),
        "rss_megabytes": _resident(),
    }


def drawn_model(size: int) -> Model:
    """A model of ``size`` artists as training would leave it, drawn from the seed."""
    draw = np.random.default_rng(SEED)
    model = _skeleton(size, draw)
    learnt, recipe = model.learnt, Recipe()
    scenes = np.arange(size) % max(size // SCENE, 1)
    middles = draw.standard_normal((scenes.max() + 1, recipe.components))
    vectors = middles[scenes] + draw.standard_normal((size, recipe.components))
    vectors = (vectors / np.sqrt(recipe.components)).astype(np.float32)
    heard = np.floor(size / np.arange(1, size + 1) ** 0.8)[draw.permutation(size)]
    biases = (0.1 * np.log1p(heard)).astype(np.float32)
    both = np.column_stack([vectors, biases]).astype(np.float64)
    both -= both.mean(axis=0)
    width = recipe.components
    fold_map = np.zeros((2 * width + 2, width), dtype=np.float32)
    fold_map[:width] = np.eye(width) + 0.02 * draw.standard_normal((width, width))
    covered = np.zeros(size, dtype=bool)
    covered[np.argsort(-heard, kind="stable")[: recipe.ease_items]] = True
    return Model(
        replace(
            learnt,
            vectors=vectors,
            biases=biases,
            centre=vectors.mean(axis=0),
            spread=(both.T @ both / size).astype(np.float32),
            tag_vectors=(0.1 * draw.standard_normal((len(learnt.tag_names), width))).astype(
                np.float32
            ),
            fold_map=fold_map,
            neighbours=_neighbours(np.flatnonzero(covered), scenes, size, recipe.ease_row, draw),
            covered=covered,
            listeners=heard.astype(np.float32),
            columns=by_component(vectors),
            tracks=replace(learnt.tracks, vectors=np.zeros((0, width), dtype=np.float32)),
        )
    )


def _skeleton(size: int, draw: np.random.Generator) -> Model:
    """Names and tags by the real training, which learns next to nothing in one epoch."""
    ranks = np.minimum(draw.zipf(1.3, (size, TAGS_AN_ARTIST)), TAGS - SCENE) - 1
    scenes = (np.arange(size) % max(size // SCENE, 1)) % SCENE
    artists = [
        Artist(
            f"Artist {number}", {f"tag {rank + SCENE}": 3.0 for rank in row} | {f"tag {scene}": 5.0}
        )
        for number, (row, scene) in enumerate(zip(ranks.tolist(), scenes.tolist(), strict=True))
    ]
    nobody = Recipe(components=2, epochs=1, ease_items=1, min_artists_per_tag=1)
    return train(Catalogue(artists), {}, recipe=nobody)


def _neighbours(items: Any, scenes: Any, size: int, row: int, draw: np.random.Generator) -> Rows:
    """EASE rows between ``items``: half of a row in the artist's scene, half anywhere."""
    row = min(row, len(items) - 1)
    lengths = np.zeros(size, dtype=np.int64)
    lengths[items] = row
    by_scene = [items[scenes[items] == scene] for scene in range(scenes.max() + 1)]
    columns = []
    for item in items.tolist():
        near = by_scene[scenes[item]][: row // 2]
        far = draw.choice(items, row, replace=False)
        columns.append(np.sort(np.unique(np.concatenate([near, far]))[:row]))
        lengths[item] = len(columns[-1])
    joined = np.concatenate(columns)
    values = (0.02 * draw.standard_normal(len(joined))).astype(np.float32)
    return Rows(np.concatenate(([0], np.cumsum(lengths))), joined.astype(np.int32), values, size)


def lists(model: Model, count: int) -> list[Profile]:
    """Lists of 50 to 300 artists, most from three scenes, the popular ones more often."""
    draw = np.random.default_rng(SEED + 1)
    names = model.learnt.index.names
    scenes = max(len(names) // SCENE, 1)
    chance = model.learnt.listeners.astype(np.float64) / model.learnt.listeners.sum()
    lists = []
    for _ in range(count):
        length = int(draw.integers(50, 301))
        anywhere = draw.choice(len(names), length, p=chance)
        home = draw.integers(0, scenes, 3)[draw.integers(0, 3, length)]
        at_home = home + scenes * draw.integers(0, len(names) // scenes, length)
        picks = np.where(draw.random(length) < 0.6, at_home, anywhere)
        plays = np.ceil(draw.pareto(1.0, length) + 1.0)
        lists.append(
            Profile({names[at]: float(n) for at, n in zip(picks.tolist(), plays, strict=True)})
        )
    return lists


def _plain(model: Model, vectors: Any, profile: Profile) -> Any:
    items = [model.learnt.index.get(name) for name in profile.plays]
    scores = vectors @ vectors[items].mean(axis=0)
    best = np.argpartition(scores, -TOP)[-TOP:]
    return best[np.argsort(-scores[best])]


def _resident() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    raise OSError("this system does not tell a process's memory in /proc")


def _training_seconds(pairs: int) -> float:
    draw = np.random.default_rng(SEED)
    names = [f"Artist {number}" for number in range(2_000)]
    listeners = {
        str(listener): dict.fromkeys((names[int(at)] for at in draw.integers(0, 2_000, 50)), 1.0)
        for listener in range(pairs // 50)
    }
    recipe = Recipe(components=64, epochs=4, ease_items=100)
    start = time.process_time()
    train(Catalogue([]), listeners, recipe=recipe)
    return round(time.process_time() - start, 2)


def _show_starter(console: Console, starter: dict[str, Any]) -> None:
    title = f"One recommendation among the {starter['artists']:,} of the starter, ten artists"
    table = Table("artists played", "p50 ms", "p95 ms", title=title)
    for length, row in starter["lengths"].items():
        table.add_row(length, f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}")
    console.print(table)
    console.print(f"Trained on the starter in {starter['train_cpu_seconds']} CPU seconds.")


def _show(console: Console, sizes: dict[str, dict[str, float]]) -> None:
    table = Table(title="One recommendation: ten artists with reasons, lists of 50 to 300")
    for name in ("artists", "p50 ms", "p95 ms", "NumPy p50", "NumPy p95", "ratio", "load s", "MB"):
        table.add_column(name, justify="right")
    columns = ("p50_ms", "p95_ms", "plain_p50_ms", "plain_p95_ms", "ratio_p50", "load_seconds")
    for size, figures in sizes.items():
        shown = [f"{figures[column]:.2f}" for column in columns]
        table.add_row(f"{int(size):,}", *shown, f"{figures['rss_megabytes']:.0f}")
    console.print(table)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(Path(sys.argv[1]))))
