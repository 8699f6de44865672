"""`nightjar evaluate` as a stranger uses it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.unit.recommender import world

Evaluate = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def evaluate(tmp_path: Path) -> Evaluate:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "bot", "evaluate", *map(str, arguments)],
            env={**kept, "PYTHONPATH": str(Path.cwd()), "DATA_DIR": str(tmp_path / "data")},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def write(path: Path, header: str, rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


@pytest.fixture
def plays(tmp_path: Path) -> Path:
    rows = [
        (user, artist, "", count)
        for user, row in world.listeners().items()
        for artist, count in row.items()
    ]
    return write(tmp_path / "plays.csv", "user,artist,track,plays", rows)


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    rows = [
        (artist.name, tag, weight)
        for artist in world.catalogue()
        for tag, weight in artist.tags.items()
    ]
    return write(tmp_path / "tags.csv", "artist,tag,weight", rows)


def test_one_table_has_every_model_and_says_how_it_was_drawn(
    evaluate: Evaluate, plays: Path, tags: Path
) -> None:
    result = evaluate("--plays", plays, "--tags", tags)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    models = ["popularity", "tag cosine", "item-kNN", "RP3beta", "EASE", "EASE + tags"]
    models += ["LightFM plain", "LightFM tuned", "LightFM hybrid", "Nightjar"]
    lines = [line.strip() for line in result.stdout.splitlines()]
    rows = [line.split("  ")[0] for line in lines if line.count("±") == 3]
    assert rows == models
    for column in ("Recall@20", "NDCG@10", "NDCG@20", "coverage", "novelty", "diversity"):
        assert column in result.stdout
    assert "the best peer; paired gain" in result.stdout
    assert "40 listeners, 57 artists (57 tagged), 320 pairs; seed 2026." in result.stdout


def test_json_is_one_document_and_the_seed_decides_it(
    evaluate: Evaluate, plays: Path, tags: Path
) -> None:
    runs = [
        evaluate("--plays", plays, "--tags", tags, "--quick", "--json", "--seed", seed)
        for seed in (4, 4, 5)
    ]
    first, again, other = (json.loads(run.stdout) for run in runs)
    warm = first["protocols"]["warm"]
    assert first["seed"] == 4
    assert warm["over_best_peer"]["peer"] in warm["models"]
    assert 0 < warm["models"]["Nightjar"]["ndcg@20"]["mean"] <= 1
    assert "LightFM hybrid" not in warm["models"]
    assert first["skipped"] == {"plays.csv": [], "tags.csv": []}

    def ndcg(document: dict[str, dict[str, dict[str, dict[str, object]]]]) -> list[object]:
        return [row["ndcg@20"] for row in document["protocols"]["warm"]["models"].values()]

    assert ndcg(first) == ndcg(again) != ndcg(other)


def test_without_tags_the_models_that_read_them_are_absent(evaluate: Evaluate, plays: Path) -> None:
    result = evaluate("--plays", plays, "--quick")
    assert result.returncode == 0, result.stderr
    assert "EASE" in result.stdout
    assert "Nightjar" in result.stdout
    for word in ("tag cosine", "EASE + tags", "diversity"):
        assert word not in result.stdout


def test_bad_lines_cost_themselves_and_are_named(
    evaluate: Evaluate, plays: Path, tags: Path
) -> None:
    with plays.open("a", encoding="utf-8") as file:
        file.write("someone,Artist,,minus four\n")
    result = evaluate("--plays", plays, "--quick")
    assert result.returncode == 0
    assert result.stderr == "plays.csv, line 322: plays is not a number\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "There is nothing to evaluate on; give the listening, --plays plays.csv."),
        (("--plays", "absent.csv"), "Cannot read absent.csv: No such file or directory."),
        (("--plays", "few.csv"), "There is too little listening to compare models on: 2 listeners"),
        (("--plays", "few.csv", "--seed", "-1"), "A seed is a whole number from 0 up."),
    ],
)
def test_a_mistake_ends_in_one_line(
    evaluate: Evaluate, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    rows = [("a", "X", "", 3), ("a", "Y", "", 1), ("b", "X", "", 2), ("b", "Y", "", 2)]
    write(tmp_path / "few.csv", "user,artist,track,plays", rows)
    result = evaluate(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"nightjar: {sentence}")
    assert result.stderr.count("\n") == 1
