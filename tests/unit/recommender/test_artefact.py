from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import artefact
from recommender.artefact import MANIFEST
from recommender.catalogue import Artist, Catalogue
from recommender.contents import ARRAYS
from recommender.errors import DataError
from recommender.model import Model, Profile, train
from tests.unit.recommender import world
from tests.unit.recommender.world import artist

ROOT = Path(__file__).parents[3]
PROFILE = Profile(plays={artist("doom", 1): 7.0, artist("bebop", 2): 2.0})


@pytest.fixture
def home(small_model: Model, tmp_path: Path) -> Path:
    artefact.save(small_model, tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture(scope="session")
def packed_file(small_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    artefact.save(small_model, folder / "model")
    file = folder / "packed"
    file.write_bytes(artefact.pack(folder / "model"))
    return file


@pytest.fixture(scope="session")
def other_model() -> Model:
    return train(world.catalogue(), {"a": {artist("doom", 1): 1.0}}, seed=9)


def test_a_loaded_model_answers_as_the_trained_one(small_model: Model, home: Path) -> None:
    loaded = artefact.load(home)
    assert loaded.recommend(PROFILE) == small_model.recommend(PROFILE)
    assert loaded.suggest("doom") == small_model.suggest("doom")
    assert isinstance(loaded.learnt.vectors.base, np.memmap)
    assert not loaded.learnt.vectors.flags.writeable


def test_there_are_only_plain_arrays_and_a_manifest(home: Path) -> None:
    manifest = json.loads((home / MANIFEST).read_text())
    folder = home / manifest["hash"]
    assert {file.name for file in home.iterdir()} == {MANIFEST, folder.name}
    assert {file.name for file in folder.iterdir()} == {f"{name}.npy" for name in ARRAYS}
    assert manifest["hash"] == artefact.read_hash(home)
    assert b"doom 3" not in b"".join(file.read_bytes() for file in folder.iterdir())


def test_two_fresh_processes_write_the_same_bytes(tmp_path: Path) -> None:
    for number in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": number, "OPENBLAS_NUM_THREADS": number}
        command = [sys.executable, "-m", "tests.unit.recommender.world", str(tmp_path / number)]
        subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
    one, other = tmp_path / "1", tmp_path / "2"
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert len(files) == len(ARRAYS) + 1
    for file in files:
        assert (one / file).read_bytes() == (other / file).read_bytes(), file
    assert artefact.pack(one) == artefact.pack(other)


def test_a_swap_shows_readers_the_old_model_or_the_new(
    small_model: Model, other_model: Model, home: Path
) -> None:
    reader = artefact.load(home)
    before = small_model.recommend(PROFILE)
    replaced = artefact.save(other_model, home)
    assert reader.recommend(PROFILE) == before
    assert artefact.read_hash(home) == replaced
    assert artefact.load(home).recommend(PROFILE) == other_model.recommend(PROFILE)
    assert {file.name for file in home.iterdir()} == {MANIFEST, replaced}


def test_saving_the_same_model_again_changes_nothing(small_model: Model, home: Path) -> None:
    before = artefact.read_hash(home)
    assert artefact.save(small_model, home) == before
    assert artefact.load(home).recommend(PROFILE) == small_model.recommend(PROFILE)


def test_a_packed_model_is_laid_out_elsewhere(small_model: Model, home: Path) -> None:
    elsewhere = home.parent / "elsewhere" / "deep"
    assert artefact.unpack(artefact.pack(home), elsewhere) == artefact.read_hash(home)
    assert artefact.load(elsewhere).recommend(PROFILE) == small_model.recommend(PROFILE)


def test_odd_names_and_tags_come_back_as_they_were(tmp_path: Path) -> None:
    tags = {"two\nlines": 1.0, "\ud800": 2.0, "ünï": 1.0}
    artists = [Artist("\ud800!", tags), Artist("Ünï", tags), Artist("C", {"ünï": 1.0}), Artist("D")]
    model = train(Catalogue(artists), {})
    artefact.save(model, tmp_path)
    loaded = artefact.load(tmp_path).learnt
    assert loaded.tag_names == model.learnt.tag_names
    assert (loaded.index.names, loaded.index.keys) == (
        model.learnt.index.names,
        model.learnt.index.keys,
    )


def test_a_folder_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    for nowhere in (tmp_path, tmp_path / "none", Path(__file__)):
        with pytest.raises(DataError, match=r"There is no model in .*; train one there first"):
            artefact.load(nowhere)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "\udcff"])
def test_a_foreign_manifest_is_left_alone(small_model: Model, tmp_path: Path, text: str) -> None:
    manifest = tmp_path / MANIFEST
    manifest.write_bytes(text.encode(errors="surrogateescape"))
    for use in (artefact.load, lambda folder: artefact.save(small_model, folder)):
        with pytest.raises(DataError, match="is not a Nightjar model; choose another folder"):
            use(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [MANIFEST]


def test_a_folder_used_for_something_else_is_left_alone(small_model: Model, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="holds something that is no model"):
        artefact.save(small_model, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_would_be_refused_after_a_training_is_refused_before(
    home: Path, tmp_path: Path
) -> None:
    held = sorted(file.name for file in home.iterdir())
    artefact.make_room(home)
    assert sorted(file.name for file in home.iterdir()) == held
    artefact.make_room(tmp_path / "new" / "one")
    assert list((tmp_path / "new" / "one").iterdir()) == []
    (tmp_path / "new" / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="holds something that is no model"):
        artefact.make_room(tmp_path / "new")
    with pytest.raises(DataError, match="Cannot write a model"):
        artefact.make_room("/proc/nowhere")


def test_a_model_cannot_be_written_where_a_file_is(small_model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="Cannot write a model"):
        artefact.save(small_model, tmp_path / "file")


def test_another_version_asks_for_a_new_training(home: Path) -> None:
    manifest = json.loads((home / MANIFEST).read_text())
    (home / MANIFEST).write_text(json.dumps({**manifest, "version": 99}))
    with pytest.raises(DataError, match="another Nightjar version; train it again"):
        artefact.load(home)


@pytest.mark.parametrize("name", ["vectors", "names", "neighbours_columns"])
def test_a_damaged_array_is_noticed(home: Path, name: str) -> None:
    file = home / artefact.read_hash(home) / f"{name}.npy"
    whole = file.read_bytes()
    for broken in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[: len(whole) // 2], b""):
        file.write_bytes(broken)
        with pytest.raises(DataError, match="damaged; train it again"):
            artefact.load(home)
    file.unlink()
    with pytest.raises(DataError, match="damaged; train it again"):
        artefact.load(home)
    file.write_bytes(whole)
    artefact.load(home)


@given(from_the_end=st.booleans(), place=st.integers(0, 2000), flip=st.integers(0, 255))
@settings(deadline=None, max_examples=150)
def test_damaged_packed_bytes_are_refused_or_harmless(
    packed_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    from_the_end: bool,
    place: int,
    flip: int,
) -> None:
    """One byte changed, or the rest cut off when there is nothing to change it by."""
    packed = packed_file.read_bytes()
    target = tmp_path_factory.mktemp("packed") / "model"
    at = len(packed) - 1 - place if from_the_end else place * len(packed) // 2001
    broken = packed[:at] + (bytes([packed[at] ^ flip]) + packed[at + 1 :] if flip else b"")
    with suppress(DataError):
        artefact.unpack(broken, target)
    assert not target.exists() or artefact.pack(target) == packed


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=50)
def test_bytes_that_are_no_packed_model_are_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="damaged"):
        artefact.unpack(data, "nowhere")
