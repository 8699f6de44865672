"""The two shapes every number of the recommender has: dense float32 arrays and sparse rows.

Serving keeps to one thread: on vectors this small more of them gain nothing, wait for each other on
a busy machine (ten times the latency was measured), and change the last bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ONE_THREAD: Final = 200_000
"""Multiplications of one matrix product up to which OpenBLAS never starts a second thread."""

ONE_THREAD_VECTOR: Final = 8_192
"""The same for a matrix and a vector."""

FEW_ENTRIES: Final = 4_096
"""Up to so many entries NumPy's indexing gathers rows faster than SciPy's, which copies them
whole."""


def product(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``left @ right`` of a matrix and a vector, or ``left @ right.T`` of two matrices, in one
    thread.
    """
    common = np.result_type(left, right)
    left, right = left.astype(common, copy=False), right.astype(common, copy=False)
    if right.ndim == 1:
        return _times_vector(left, right)
    together: npt.NDArray[Any] = np.empty((len(left), len(right)), dtype=common)
    step = max(1, ONE_THREAD // max(1, right.size))
    for begin in range(0, len(left), step):
        np.matmul(left[begin : begin + step], right.T, out=together[begin : begin + step])
    return together


def _times_vector(matrix: npt.NDArray[Any], vector: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A stack of small products, which NumPy hands to OpenBLAS one by one."""
    height = max(1, ONE_THREAD_VECTOR // max(1, len(vector)))
    whole = len(matrix) // height * height
    together = np.empty(len(matrix), dtype=matrix.dtype)
    if whole:
        stack = matrix[:whole].reshape(-1, height, len(vector))
        np.matmul(stack, vector, out=together[:whole].reshape(-1, height))
    np.matmul(matrix[whole:], vector, out=together[whole:])
    return together


@dataclass(frozen=True)
class Entries:
    """Some rows of a sparse matrix, one after another: where each begins in ``starts`` (rows + 1),
    the entries' ``columns``, ascending within a row, and ``values``.
    """

    starts: npt.NDArray[np.signedinteger[Any]]
    columns: npt.NDArray[np.int32]
    values: Floats
    width: int

    @property
    def rows(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> npt.NDArray[np.signedinteger[Any]]:
        """(rows,): how many entries each row has."""
        return np.diff(self.starts)

    @cached_property
    def row_of(self) -> Positions:
        """(entries,): which of the rows each entry is in."""
        return np.repeat(np.arange(self.rows), self.lengths)

    @cached_property
    def matrix(self) -> Any:
        """The same arrays as a SciPy matrix."""
        return _matrix(self.starts, self.columns, self.values, self.width)

    def only(self, rows: Positions) -> Entries:
        """The given rows of these."""
        bounds = zip(self.starts[rows].tolist(), self.starts[rows + 1].tolist(), strict=True)
        slices = [slice(*both) for both in bounds]
        return Entries(
            np.concatenate(([0], np.cumsum(self.lengths[rows]))),
            np.concatenate([self.columns[:0], *(self.columns[part] for part in slices)]),
            np.concatenate([self.values[:0], *(self.values[part] for part in slices)]),
            self.width,
        )

    def against(self, others: Floats) -> Floats:
        """Dot products (rows, len(others)) of the rows with dense ``others`` (k, width)."""
        return np.asarray(self.matrix @ others.T)

    def total(self, weights: Doubles) -> Doubles:
        """``sum_k weights[k] * row[k]``, dense (width,)."""
        return np.asarray(self.matrix.T @ weights)

    def at(self, columns: Positions) -> Floats:
        """The block (rows, len(columns)) where they cross; a column may be named twice."""
        distinct, places = np.unique(columns, return_inverse=True)
        asked = np.zeros(self.width, dtype=bool)
        asked[distinct] = True
        wanted = np.flatnonzero(asked.take(self.columns))
        rows = np.searchsorted(self.starts, wanted, side="right") - 1
        crossing = np.zeros((self.rows, len(distinct)), dtype=np.float32)
        crossing[rows, np.searchsorted(distinct, self.columns[wanted])] = self.values[wanted]
        return crossing[:, places]


@dataclass(frozen=True)
class Rows:
    """A sparse matrix by rows (CSR), served from memory-mapped arrays.

    ``starts`` (rows + 1, int32 or int64), ``columns`` (entries, int32), ``values`` (entries,
    float32).
    """

    starts: npt.NDArray[np.signedinteger[Any]]
    columns: npt.NDArray[np.int32]
    values: Floats
    width: int

    @classmethod
    def of(cls, matrix: Any) -> Rows:
        """From a SciPy sparse matrix; columns ascending within a row."""
        matrix = matrix.tocsr()
        matrix.sort_indices()
        return cls(
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float32),
            int(matrix.shape[1]),
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def total(self, rows: Positions, weights: Doubles) -> Doubles:
        """``sum_k weights[k] * row[rows[k]]``, dense (width,)."""
        return self.entries(rows).total(weights)

    def dense(self, rows: Positions) -> Floats:
        """The given rows, dense (len(rows), width)."""
        found = self.entries(rows)
        block = np.zeros((len(rows), self.width), dtype=np.float32)
        block[found.row_of, found.columns] = found.values
        return block

    def at(self, rows: Positions, columns: Positions) -> Floats:
        """The block (len(rows), len(columns)) where they cross; a column may be named twice."""
        return self.entries(rows).at(columns)

    def only(self, rows: Positions) -> Rows:
        """The given rows as a matrix of their own."""
        found = self.entries(rows)
        return Rows(found.starts, found.columns, found.values, self.width)

    def alike(self, rows: Positions) -> Floats:
        """Dot products (len(rows), len(rows)) of the given rows with each other."""
        found = self.entries(rows)
        used, places = np.unique(found.columns, return_inverse=True)
        block = np.zeros((len(rows), len(used)), dtype=np.float32)
        block[found.row_of, places] = found.values
        return product(block, block)

    def project(self, vector: Doubles, rows: Positions | None = None) -> Floats:
        """Every row's dot product with ``vector`` (width,), or that of the given ``rows``; rows
        without entries give exactly 0.
        """
        matrix = self._matrix if rows is None else self._matrix[rows]
        return np.asarray(matrix @ vector.astype(np.float32))

    def entries(self, rows: Positions) -> Entries:
        """The given rows' entries one after another."""
        begin = self.starts[rows]
        lengths = self.starts[rows + 1] - begin
        starts = np.concatenate(([0], np.cumsum(lengths)))
        if starts[-1] > FEW_ENTRIES:
            block = self._matrix[rows]
            return Entries(block.indptr, block.indices, block.data, self.width)
        found = np.repeat(begin - starts[:-1], lengths)
        found += np.arange(len(found))
        return Entries(starts, self.columns[found], self.values[found], self.width)

    @cached_property
    def _matrix(self) -> Any:
        """The same arrays as a SciPy matrix."""
        return _matrix(self.starts, self.columns, self.values, self.width)


def _matrix(starts: Any, columns: Any, values: Any, width: int) -> Any:
    if len(columns) <= np.iinfo(np.int32).max:
        starts = starts.astype(np.int32, copy=False)
    shape = (len(starts) - 1, width)
    return sparse.csr_matrix((values, columns, starts), shape=shape, copy=False)
