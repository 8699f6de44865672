"""Recommendations on real listening: Nightjar and its peers, the same members, the same hidden
artists.

Data: `listening/` under NIGHTJAR_DATA (part of HetRec 2011 Last.fm-2k; non-commercial, never
shipped). Two protocols. *Warm*: a fifth of every member's artists is hidden, all models train on
the rest. *New*: a fifth of the members is never trained on; models see 80 % or five of their
artists and are asked for the others. Recall@20 is hits / min(20, hidden), NDCG binary, coverage the
share of all artists shown to anyone.

The tags of this data do not say who gave them, so tags that a member gave to their own hidden
artists cannot be closed off: figures of every model that reads tags (EASE + tags, LightFM hybrid,
ours) are somewhat higher than they would be without. Settings were chosen on other random
splits of this data and of the full set it is part of; the two splits here were drawn once and used
for nothing else.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from lightfm import LightFM
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy import sparse

from recommender.catalogue import Artist, Catalogue, load_starter
from recommender.errors import DataError
from recommender.features import collect_items, play_matrix, relative_log_rows, tag_features
from recommender.model import Model, Profile, train
from recommender.names import NameIndex
from recommender.neighbours import fit_neighbours
from recommender.plays import read_plays, read_tags
from recommender.recipe import Recipe

TOP = 20
SEED = 2026
HIDDEN = 0.2
NEW_MEMBERS = 0.2
FEWEST_ARTISTS = 10

Scores = npt.NDArray[Any]
Recommender = Callable[["Case"], list[int]]


@dataclass(frozen=True, slots=True)
class Listening:
    """Members x artists plays, and the tagged catalogue they are about."""

    index: NameIndex
    catalogue: Catalogue
    tags: tuple[Any, ...]
    plays: Any


@dataclass(frozen=True, slots=True)
class Case:
    """One member's known artists with their plays, and the hidden ones."""

    known: npt.NDArray[np.int64]
    plays: Scores
    hidden: npt.NDArray[np.int64]


def run() -> dict[str, Any]:
    """Runs everything (some three minutes on one core): figures by protocol and model; speed."""
    console = Console()
    results: dict[str, Any] = {"starter": _serving(console)}
    folder = Path(os.environ.get("NIGHTJAR_DATA", "../shared/data")) / "listening"
    if not folder.exists():
        console.print(f"No comparison: there is no listening data in {folder}; set NIGHTJAR_DATA.")
        return results
    data = _read(folder)
    results |= {"members": data.plays.shape[0], "artists": data.plays.shape[1]}
    trained, cases = _warm_split(data)
    models, results["fit_cpu_seconds"] = _models(data, trained)
    results["warm"] = _evaluate(console, "Warm: a fifth of each list hidden", data, models, cases)
    trained, unseen = _without_new(data)
    models, _ = _models(data, trained)
    for name, known in (("new, 80 % known", None), ("new, five artists known", 5)):
        cases = _new_cases(data, unseen, known)
        results[name] = _evaluate(console, name.capitalize(), data, models, cases)
    results["caveat"] = "tags cannot be closed against leaks in this data"
    console.print(f"All figures: {results['caveat']} (see the module's docstring).")
    return results


def _serving(console: Console) -> dict[str, Any]:
    """Training and answering on the starter catalogue, as on a fresh machine."""
    starter = load_starter()
    start = time.process_time()
    model = train(starter.catalogue, starter.listeners())
    figures: dict[str, Any] = {
        "artists": len(starter.catalogue),
        "crates": len(starter.crates),
        "train_cpu_seconds": round(time.process_time() - start, 2),
    }
    names = [artist.name for artist in starter.catalogue]
    draw = np.random.default_rng(SEED)
    table = Table("artists played", "p50 ms", "p95 ms", title="One recommendation, ten artists")
    for length in (1, 10, 50, 300):
        spent = []
        for _ in range(200):
            picks = draw.choice(len(names), length, replace=False)
            profile = Profile({names[int(at)]: float(draw.integers(1, 500)) for at in picks})
            start = time.thread_time()
            model.recommend(profile)
            spent.append(1000.0 * (time.thread_time() - start))
        half, most = (round(float(np.percentile(spent, share)), 2) for share in (50, 95))
        figures[f"{length} played"] = {"p50_ms": half, "p95_ms": most}
        table.add_row(str(length), f"{half:.1f}", f"{most:.1f}")
    console.print(table)
    console.print(f"Trained on the starter in {figures['train_cpu_seconds']} CPU seconds.")
    return figures


def _read(folder: Path) -> Listening:
    listeners = read_plays(folder / "plays.csv.gz").rows
    tagged = read_tags(folder / "tags.csv.gz").rows
    catalogue = Catalogue(Artist(name, tags) for name, tags in tagged.items())
    index, tags = collect_items(catalogue, listeners)
    return Listening(index, catalogue, tags, play_matrix(index, listeners))


def _warm_split(data: Listening) -> tuple[Any, list[Case]]:
    draw = np.random.default_rng(SEED)
    plays = data.plays
    hidden = draw.random(plays.nnz) < HIDDEN
    kept = plays.copy()
    kept.data[hidden] = 0.0
    kept.eliminate_zeros()
    cases = []
    for member in range(plays.shape[0]):
        row = slice(plays.indptr[member], plays.indptr[member + 1])
        away, items = hidden[row], plays.indices[row].astype(np.int64)
        if away.any() and not away.all():
            cases.append(Case(items[~away], plays.data[row][~away], items[away]))
    return kept, cases


def _without_new(data: Listening) -> tuple[Any, npt.NDArray[np.int64]]:
    order = np.random.default_rng(SEED).permutation(data.plays.shape[0])
    count = int(NEW_MEMBERS * len(order))
    return data.plays[np.sort(order[count:])], np.sort(order[:count])


def _new_cases(data: Listening, members: Iterable[int], known: int | None) -> list[Case]:
    draw = np.random.default_rng(SEED)
    cases = []
    for member in members:
        row = slice(data.plays.indptr[member], data.plays.indptr[member + 1])
        items, plays = data.plays.indices[row].astype(np.int64), data.plays.data[row]
        if len(items) < FEWEST_ARTISTS:
            continue
        order = draw.permutation(len(items))
        count = known or round(0.8 * len(items))
        seen = np.sort(order[:count])
        cases.append(Case(items[seen], plays[seen], items[order[count:]]))
    return cases


def _models(data: Listening, plays: Any) -> tuple[dict[str, Recommender], dict[str, float]]:
    """Every model trained on ``plays``, and the CPU seconds each took."""
    plays = plays[np.diff(plays.indptr) > 0]
    makers: dict[str, Callable[[], Recommender]] = {
        "popularity": lambda: _popularity(plays),
        "item-kNN": lambda: _item_knn(plays),
        "EASE + tags": lambda: _ease(data, plays),
        "LightFM defaults": lambda: _lightfm_defaults(plays),
        "Nightjar": lambda: _nightjar(data, plays),
    }
    models, seconds = {}, {}
    for name, make in track(makers.items(), "Training", transient=True):
        start = time.process_time()
        models[name] = make()
        seconds[name] = round(time.process_time() - start, 2)
    return models, seconds


def _popularity(plays: Any) -> Recommender:
    heard = np.bincount(plays.indices, minlength=plays.shape[1]).astype(float)
    return lambda case: _top(heard, case)


def _item_knn(plays: Any) -> Recommender:
    weights = relative_log_rows(plays)
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=0)).ravel())
    scaled = (weights @ sparse.diags_array(1.0 / np.maximum(lengths, 1e-9))).tocsc()
    return lambda case: _top(scaled.T @ (scaled[:, case.known] @ _weights(case)), case)


def _ease(data: Listening, plays: Any) -> Recommender:
    recipe = Recipe()
    features = _tags(data, recipe)
    near = fit_neighbours(relative_log_rows(plays), features, recipe)

    def answer(case: Case) -> list[int]:
        scores = near.rows.total(case.known, _weights(case))
        scores[~near.covered] = scores[near.covered].min()
        return _top(scores, case)

    return answer


def _lightfm_defaults(plays: Any) -> Recommender:
    """As its documentation starts: WARP, ten components, ten epochs; a list is its mean vector."""
    model = LightFM(loss="warp", random_state=SEED)
    model.fit(sparse.coo_matrix(plays > 0), epochs=10, num_threads=1)
    biases, vectors = model.get_item_representations()
    return lambda case: _top(vectors @ vectors[case.known].mean(axis=0) + biases, case)


def _nightjar(data: Listening, plays: Any) -> Recommender:
    names = data.index.names
    listeners = {
        str(member): {
            names[plays.indices[at]]: float(plays.data[at])
            for at in range(plays.indptr[member], plays.indptr[member + 1])
        }
        for member in range(plays.shape[0])
    }
    model = train(data.catalogue, listeners, seed=SEED)
    return lambda case: _ask(model, data.index, case)


def _ask(model: Model, index: NameIndex, case: Case) -> list[int]:
    """The product as it is: default mode, exclusions, diversity and reasons included.

    A list of which it knows nobody gets no answer, and so no hits.
    """
    names = index.names
    profile = Profile({names[at]: float(p) for at, p in zip(case.known, case.plays, strict=True)})
    try:
        answer = model.recommend(profile, count=TOP)
    except DataError:
        return []
    found = (index.get(item.artist) for item in answer)
    return [item for item in found if item is not None]


def _tags(data: Listening, recipe: Recipe) -> Any:
    return tag_features(
        data.tags, min_artists=recipe.min_artists_per_tag, per_artist=recipe.tags_per_artist
    ).matrix


def _weights(case: Case) -> Scores:
    return np.log1p(4.0 * case.plays / case.plays.mean())


def _top(scores: Scores, case: Case) -> list[int]:
    scores = np.array(scores, dtype=float)
    scores[case.known] = -np.inf
    return [int(item) for item in np.argsort(-scores, kind="stable")[:TOP]]


def _evaluate(
    console: Console, title: str, data: Listening, models: dict[str, Recommender], cases: list[Case]
) -> dict[str, dict[str, float]]:
    figures = {name: _measure(model, cases, data.plays.shape[1]) for name, model in models.items()}
    best = max(row["ndcg"] for name, row in figures.items() if name != "Nightjar")
    figures["Nightjar"]["times_best_peer"] = round(figures["Nightjar"]["ndcg"] / best, 3)
    table = Table("model", "Recall@20", "NDCG@20", "coverage", "ms each", title=title)
    for name, row in figures.items():
        recall = f"{row['recall']:.3f} ± {row['recall_error']:.3f}"
        ndcg = f"{row['ndcg']:.3f} ± {row['ndcg_error']:.3f}"
        table.add_row(name, recall, ndcg, f"{row['coverage']:.3f}", f"{row['ms']:.1f}")
    console.print(table)
    console.print(f"NDCG over the best peer: {figures['Nightjar']['times_best_peer']:.3f}×")
    return figures


def _measure(model: Recommender, cases: list[Case], artists: int) -> dict[str, float]:
    discount = 1.0 / np.log2(np.arange(2, TOP + 2))
    recalls, gains, shown = [], [], set()
    start = time.process_time()
    answers = [model(case) for case in cases]
    spent = time.process_time() - start
    for case, answer in zip(cases, answers, strict=True):
        hits = np.isin(answer, case.hidden)
        possible = min(TOP, len(case.hidden))
        recalls.append(hits.sum() / possible)
        gains.append((hits * discount[: len(hits)]).sum() / discount[:possible].sum())
        shown.update(answer)
    error = 1.0 / np.sqrt(len(cases))
    return {
        "recall": round(float(np.mean(recalls)), 4),
        "recall_error": round(float(np.std(recalls) * error), 4),
        "ndcg": round(float(np.mean(gains)), 4),
        "ndcg_error": round(float(np.std(gains) * error), 4),
        "coverage": round(len(shown) / artists, 4),
        "ms": round(1000.0 * spent / len(cases), 2),
    }
