"""A trained model as named arrays and a few figures: what is stored, hashed and sent around."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recommender.arrays import Rows
from recommender.discography import Discography, Titles
from recommender.learnt import Learnt
from recommender.model import Model
from recommender.names import NameIndex

FORMAT: Final = "nightjar-model"
VERSION: Final = 3
HASH_LETTERS: Final = 32

Array = npt.NDArray[Any]
Details = Mapping[str, int | float]

_PLAIN: Final = (
    "vectors",
    "biases",
    "centre",
    "spread",
    "tag_vectors",
    "fold_map",
    "covered",
    "listeners",
    "offered",
    "columns",
)
_TRACK_PLAIN: Final = ("artists", "vectors", "biases", "listeners", "offered", "alone")
_TEXTS: Final = ("names", "keys", "tag_names", "track_names", "track_keys")
_ROWS: Final = ("tags", "neighbours", "track_neighbours")
_ROW_FIELDS: Final = ("starts", "columns", "values")
ARRAYS: Final = (
    *_PLAIN,
    *(f"track_{name}" for name in _TRACK_PLAIN),
    *_TEXTS,
    *(f"{rows}_{field}" for rows in _ROWS for field in _ROW_FIELDS),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """The arrays in ``ARRAYS`` by name, and how the model was trained."""

    arrays: Mapping[str, Array]
    details: Details

    @property
    def hash(self) -> str:
        """SHA-256 over every array's name, type, shape and bytes and over the details."""
        digest = hashlib.sha256(
            json.dumps([FORMAT, VERSION, dict(self.details)], sort_keys=True).encode()
        )
        for name in ARRAYS:
            array = np.ascontiguousarray(self.arrays[name])
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(array.data)
        return digest.hexdigest()[:HASH_LETTERS]


def contents_of(model: Model) -> Contents:
    """What to store of ``model``."""
    learnt = model.learnt
    arrays: dict[str, Array] = {name: getattr(learnt, name) for name in _PLAIN}
    tracks = learnt.tracks
    arrays |= {f"track_{name}": getattr(tracks, name) for name in _TRACK_PLAIN}
    arrays["names"] = _as_bytes(learnt.index.names)
    arrays["keys"] = _as_bytes(learnt.index.keys)
    arrays["tag_names"] = _as_bytes(learnt.tag_names)
    arrays["track_names"] = _as_bytes(tracks.titles.names)
    arrays["track_keys"] = _as_bytes(tracks.titles.keys)
    for kind, rows in zip(_ROWS, (learnt.tags, learnt.neighbours, tracks.neighbours), strict=True):
        arrays |= {f"{kind}_{field}": getattr(rows, field) for field in _ROW_FIELDS}
    return Contents(arrays, learnt.details)


def model_of(contents: Contents) -> Model:
    """The model that was stored; its arrays are used as they are, mapped or not."""
    arrays = contents.arrays
    shown = np.flatnonzero(arrays["offered"]).tolist()
    index = NameIndex(_as_texts(arrays["names"]), _as_texts(arrays["keys"]), shown=shown)
    tag_names = tuple(_as_texts(arrays["tag_names"]))
    return Model(
        Learnt(
            index=index,
            tag_names=tag_names,
            tags=_rows(arrays, "tags", len(tag_names)),
            neighbours=_rows(arrays, "neighbours", len(index)),
            details=dict(contents.details),
            vectors=arrays["vectors"],
            biases=arrays["biases"],
            centre=arrays["centre"],
            spread=arrays["spread"],
            tag_vectors=arrays["tag_vectors"],
            fold_map=arrays["fold_map"],
            covered=arrays["covered"],
            listeners=arrays["listeners"],
            offered=arrays["offered"],
            tracks=_tracks(arrays),
            columns=arrays["columns"],
        )
    )


def _tracks(arrays: Mapping[str, Array]) -> Discography:
    titles = Titles(
        arrays["track_artists"],
        tuple(_as_texts(arrays["track_names"])),
        tuple(_as_texts(arrays["track_keys"])),
    )
    return Discography(
        titles=titles,
        vectors=arrays["track_vectors"],
        biases=arrays["track_biases"],
        neighbours=_rows(arrays, "track_neighbours", len(titles)),
        listeners=arrays["track_listeners"],
        offered=arrays["track_offered"],
        alone=arrays["track_alone"],
    )


def _rows(arrays: Mapping[str, Array], kind: str, width: int) -> Rows:
    starts, columns, values = (arrays[f"{kind}_{field}"] for field in _ROW_FIELDS)
    return Rows(starts, columns, values, width)


def _as_bytes(texts: Sequence[str]) -> Array:
    """Texts as one array of bytes: a JSON list."""
    return np.frombuffer(json.dumps(list(texts)).encode(), dtype=np.uint8)


def _as_texts(stored: Array) -> list[str]:
    texts: list[str] = json.loads(stored.tobytes())
    return texts


def as_npy(array: Array) -> bytes:
    """``array`` as the bytes of a .npy file."""
    written = io.BytesIO()
    np.save(written, array, allow_pickle=False)
    return written.getvalue()
