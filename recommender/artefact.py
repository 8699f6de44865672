"""A model on disk: a folder of plain arrays that is loaded by mapping it into memory.

``manifest.json`` (format, content hash, how it was trained), ``names.json`` (artists, their keys,
tags) and one ``.npy`` an array; no pickles. A folder appears whole or not at all, and `pack` makes one
block of bytes of it, equal for equal models.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recommender.arrays import Rows
from recommender.errors import DataError
from recommender.learnt import Learnt
from recommender.model import Model
from recommender.names import NameIndex

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
NAMES: Final = "names.json"
MOST_BYTES: Final = 2 * 1024**3

_DENSE: Final = {
    "vectors": 2,
    "biases": 1,
    "centre": 1,
    "tag_vectors": 2,
    "fold_map": 2,
    "covered": 1,
    "listeners": 1,
    "offered": 1,
}
_SPARSE: Final = ("tags", "neighbours")
_SPARSE_FIELDS: Final = ("starts", "columns", "values")
_FILES: Final = (
    NAMES,
    *(f"{name}.npy" for name in _DENSE),
    *(f"{name}_{field}.npy" for name in _SPARSE for field in _SPARSE_FIELDS),
)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

Array = npt.NDArray[Any]


def save(model: Model, directory: Path) -> str:
    """Writes ``model`` into ``directory``, replacing a model that is there; its content hash.

    DataError when the folder cannot be written or holds something else.
    """
    files = _contents(model.learnt)
    digest = _digest(files)
    manifest = {
        "format": FORMAT,
        "hash": digest,
        "artists": len(model),
        "tag_width": model.learnt.tags.width,
        "neighbour_width": model.learnt.neighbours.width,
        "trained": dict(model.learnt.details),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    _place({**files, MANIFEST: text.encode()}, directory)
    return digest


def load(directory: Path) -> Model:
    """The model in ``directory``, its arrays mapped into memory; DataError when there is none."""
    manifest = _manifest(directory)
    try:
        names = json.loads((directory / NAMES).read_text(encoding="utf-8"))
        dense = {name: _array(directory, name) for name in _DENSE}
        learnt = Learnt(
            index=NameIndex(names["artists"], names["keys"]),
            tag_names=tuple(names["tags"]),
            **dense,
            tags=_rows(directory, "tags", int(manifest["tag_width"])),
            neighbours=_rows(directory, "neighbours", int(manifest["neighbour_width"])),
            details=manifest["trained"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(directory) from error
    if not _fits(learnt):
        raise _damaged(directory)
    return Model(learnt)


def pack(directory: Path) -> bytes:
    """The folder as one block of bytes; equal models give equal blocks. DataError if it is none."""
    _manifest(directory)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as bundle:
        for name in (MANIFEST, *_FILES):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, (directory / name).read_bytes())
    return target.getvalue()


def unpack(data: bytes, directory: Path) -> None:
    """Lays out what `pack` made in ``directory``; DataError when it is damaged or no model."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            if sum(entry.file_size for entry in bundle.infolist()) > MOST_BYTES:
                raise DataError("This packed model is larger than any Nightjar trains; train anew.")
            files = {name: bundle.read(name) for name in (MANIFEST, *_FILES)}
        expected = json.loads(files[MANIFEST])["hash"]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise DataError("This is no packed model of Nightjar; train anew.") from error
    if _digest({name: files[name] for name in _FILES}) != expected:
        raise DataError("This packed model is damaged; train anew.")
    _place(files, directory)


def _contents(learnt: Learnt) -> dict[str, bytes]:
    names = {
        "artists": list(learnt.index.names),
        "keys": list(learnt.index.keys),
        "tags": list(learnt.tag_names),
    }
    files = {NAMES: json.dumps(names, ensure_ascii=False, indent=0).encode() + b"\n"}
    for name in _DENSE:
        files[f"{name}.npy"] = _npy(getattr(learnt, name))
    for name in _SPARSE:
        for field in _SPARSE_FIELDS:
            files[f"{name}_{field}.npy"] = _npy(getattr(getattr(learnt, name), field))
    return files


def _npy(array: Array) -> bytes:
    target = io.BytesIO()
    np.save(target, np.ascontiguousarray(array), allow_pickle=False)
    return target.getvalue()


def _digest(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in _FILES:
        whole.update(f"{name}:{len(files[name])}\n".encode())
        whole.update(files[name])
    return whole.hexdigest()


def _place(files: Mapping[str, bytes], directory: Path) -> None:
    """Puts ``files`` where ``directory`` is, in one step: readers see the old model or the new one."""
    if directory.exists() and any(directory.iterdir()) and not (directory / MANIFEST).exists():
        raise DataError(f"{directory} holds something that is no model; name another folder.")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        try:
            for name, data in files.items():
                (fresh / name).write_bytes(data)
            fresh.chmod(0o755)
            _swap(fresh, directory)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise DataError(f"Cannot write a model into {directory}: {error.strerror}.") from error


def _swap(fresh: Path, directory: Path) -> None:
    retired = Path(f"{fresh}.old")
    if directory.exists():
        directory.rename(retired)
    fresh.rename(directory)
    # Readers that mapped the retired files keep them until they let go.
    shutil.rmtree(retired, ignore_errors=True)


def _manifest(directory: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        version = manifest["format"]
    except FileNotFoundError as error:
        raise DataError(
            f"There is no model in {directory}; make one with `nightjar train --model {directory}`."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(directory) from error
    if version != FORMAT:
        raise DataError(f"The model in {directory} has format {version}, not {FORMAT}; train anew.")
    return dict(manifest)


def _array(directory: Path, name: str) -> Array:
    file = directory / f"{name}.npy"
    mapped: Array = np.load(file, mmap_mode="r", allow_pickle=False)
    return mapped if mapped.size else np.asarray(mapped)


def _rows(directory: Path, name: str, width: int) -> Rows:
    starts, columns, values = (_array(directory, f"{name}_{field}") for field in _SPARSE_FIELDS)
    return Rows(starts, columns, values, width)


def _fits(learnt: Learnt) -> bool:
    count, tags = len(learnt.index), len(learnt.tag_names)
    tall = ("vectors", "biases", "covered", "listeners", "offered")
    return (
        all(getattr(learnt, name).ndim == rank for name, rank in _DENSE.items())
        and all(len(getattr(learnt, name)) == count for name in tall)
        and len(learnt.tags) == len(learnt.neighbours) == count
        and len(learnt.tag_vectors) == learnt.tags.width == tags
        and learnt.neighbours.width == count
    )


def _damaged(directory: Path) -> DataError:
    return DataError(f"The model in {directory} is damaged; train anew with `nightjar train`.")
