"""A trained model on disk: plain arrays in a folder, named by their content, swapped in one step.

``DIR/manifest.json`` names the format, its version, the content's hash and the folder
``DIR/<hash>/`` with one ``.npy`` file an array; no pickles. Writers put a complete new folder
beside the old one and then replace the manifest, so a reader sees the old model or the new one and
never a mixture. Arrays are memory-mapped.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from recommender.contents import (
    ARRAYS,
    FORMAT,
    HASH_LETTERS,
    VERSION,
    Array,
    Contents,
    as_npy,
    contents_of,
    model_of,
)
from recommender.errors import DataError
from recommender.model import Model

MANIFEST: Final = "manifest.json"
MOST_BYTES: Final = 2 * 1024**3

_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,  # a compression method or encryption zipfile does not know
    KeyError,
    TypeError,
    ValueError,
    EOFError,
    OSError,
)


def save(model: Model, directory: Path | str) -> str:
    """Write ``model`` into ``directory`` (made when missing), replacing the model there; gives its
    hash.

    DataError when the directory cannot be written or holds a manifest of something else.
    """
    return _write(contents_of(model), Path(directory))


def make_room(directory: Path | str) -> None:
    """Raises now what :func:`save` would raise about ``directory`` after a long training."""
    with _writing_to(Path(directory)):
        Path(directory).mkdir(parents=True, exist_ok=True)
        _former(Path(directory))
        tempfile.TemporaryDirectory(prefix=".new-", dir=directory).cleanup()


def load(directory: Path | str) -> Model:
    """The model in ``directory``, memory-mapped and checked against its hash; DataError when there
    is none.
    """
    contents = _read(Path(directory))
    try:
        return model_of(contents)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"The model in {directory} is damaged; train it again.") from error


def read_hash(directory: Path | str) -> str:
    """The hash of the model in ``directory`` without loading it; DataError when there is none."""
    return str(_manifest(Path(directory))["hash"])


def pack(directory: Path | str) -> bytes:
    """The model in ``directory`` as one byte string, equal for equal models."""
    contents = _read(Path(directory))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST), _manifest_text(contents))
        for name in ARRAYS:
            member = zipfile.ZipInfo(f"{name}.npy")
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, as_npy(contents.arrays[name]))
    return packed.getvalue()


def unpack(data: bytes, directory: Path | str) -> str:
    """Put a packed model into ``directory`` as :func:`save` would; DataError for damaged bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise DataError("The packed model is larger than any Nightjar trains.")
            manifest = json.loads(archive.read(MANIFEST))
            arrays = {
                name: np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
                for name in ARRAYS
            }
        contents = Contents(arrays, manifest["details"])
        intact = contents.hash == manifest["hash"]
    except DataError:
        raise
    except _UNREADABLE as error:
        raise DataError("The packed model is damaged; train it again.") from error
    if not intact:
        raise DataError("The packed model is damaged; train it again.")
    return _write(contents, Path(directory))


def _manifest_text(contents: Contents) -> str:
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "hash": contents.hash,
        "details": dict(contents.details),
    }
    return json.dumps(manifest, indent=2, sort_keys=True) + "\n"


def _manifest(directory: Path) -> dict[str, Any]:
    path = directory / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataError(f"There is no model in {directory}; train one there first.") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not a Nightjar model; choose another folder.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DataError(f"{path} is not a Nightjar model; choose another folder.")
    if manifest.get("version") != VERSION:
        raise DataError(f"The model in {directory} is of another Nightjar version; train it again.")
    name = manifest.get("hash")
    if not isinstance(name, str) or len(name) != HASH_LETTERS or not name.isalnum():
        raise DataError(f"The model in {directory} is damaged; train it again.")
    return manifest


def _read(directory: Path) -> Contents:
    manifest = _manifest(directory)
    try:
        contents = _mapped(directory, manifest)
    except FileNotFoundError:
        manifest = _manifest(directory)  # a writer may have swapped the model since
        try:
            contents = _mapped(directory, manifest)
        except FileNotFoundError as error:
            raise DataError(f"The model in {directory} is damaged; train it again.") from error
    if contents.hash != manifest["hash"]:
        raise DataError(f"The model in {directory} is damaged; train it again.")
    return contents


def _mapped(directory: Path, manifest: Mapping[str, Any]) -> Contents:
    folder = directory / manifest["hash"]
    try:
        arrays = {name: _map(folder / f"{name}.npy") for name in ARRAYS}
        return Contents(arrays, dict(manifest["details"]))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise DataError(f"The model in {directory} is damaged; train it again.") from error


def _map(path: Path) -> Array:
    """The array in ``path``, not read yet; a plain one, since memmap's class slows slicing."""
    return np.asarray(np.load(path, mmap_mode=None if _is_empty(path) else "r", allow_pickle=False))


def _is_empty(path: Path) -> bool:
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        return 0 in read(file)[0]


def _write(contents: Contents, directory: Path) -> str:
    name = contents.hash
    with _writing_to(directory):
        directory.mkdir(parents=True, exist_ok=True)
        former = _former(directory)
        _put_arrays(contents, directory, name)
        _put_manifest(contents, directory)
        if former and former != name:
            shutil.rmtree(directory / former, ignore_errors=True)
    return name


@contextmanager
def _writing_to(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(
            f"Cannot write a model to {directory}: {error.strerror or error}."
        ) from error


def _former(directory: Path) -> str | None:
    """The hash of the model that is being replaced; DataError when the folder is used otherwise."""
    if (directory / MANIFEST).exists():
        return str(_manifest(directory)["hash"])
    if any(not entry.name.startswith(".") for entry in directory.iterdir()):
        raise DataError(f"{directory} holds something that is no model; choose another folder.")
    return None


def _put_arrays(contents: Contents, directory: Path, name: str) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=directory))
    try:
        for array in ARRAYS:
            (fresh / f"{array}.npy").write_bytes(as_npy(contents.arrays[array]))
        fresh.chmod(0o755)
        final = directory / name
        if final.exists():
            final.rename(fresh / "former")
        fresh.rename(final)
        shutil.rmtree(final / "former", ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_manifest(contents: Contents, directory: Path) -> None:
    draft = directory / f".{MANIFEST}.{os.getpid()}"
    draft.write_text(_manifest_text(contents), encoding="utf-8")
    draft.replace(directory / MANIFEST)
