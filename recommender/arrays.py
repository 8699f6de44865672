"""The two shapes every number of the recommender has: dense float32 arrays and sparse rows.

Serving multiplies with :func:`product` instead of BLAS: on vectors this small BLAS gains nothing,
its threads wait for each other on a busy machine (ten times the latency was measured), and they
change the last bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BLOCK: Final = 64


def product(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``left @ right`` of a matrix and a vector, or ``left @ right.T`` of two matrices, in one
    thread.
    """
    common = np.result_type(left, right)
    left, right = left.astype(common, copy=False), right.astype(common, copy=False)
    together: npt.NDArray[Any] = (
        np.einsum("ij,j->i", left, right)
        if right.ndim == 1
        else np.einsum("ik,jk->ij", left, right)
    )
    return together


def _blocks(count: int) -> Iterator[slice]:
    """Few rows at a time: temporary arrays that stay in the cache and in the allocator's hands make
    a long list several times faster than arrays the system maps anew each time.
    """
    return (slice(begin, begin + BLOCK) for begin in range(0, count, BLOCK))


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix by rows (CSR), served from memory-mapped arrays with NumPy alone.

    ``starts`` (rows + 1, int64), ``columns`` (entries, int32), ``values`` (entries, float32).
    """

    starts: Positions
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
        sums = np.zeros(self.width)
        for block in _blocks(len(rows)):
            entries, lengths = self._entries(rows[block])
            spread = self.values[entries] * np.repeat(weights[block], lengths)
            sums += np.bincount(self.columns[entries], weights=spread, minlength=self.width)
        return sums

    def dense(self, rows: Positions) -> Floats:
        """The given rows, dense (len(rows), width)."""
        entries, lengths = self._entries(rows)
        block = np.zeros((len(rows), self.width), dtype=np.float32)
        row_of = np.repeat(np.arange(len(rows)), lengths)
        block[row_of, self.columns[entries]] = self.values[entries]
        return block

    def at(self, rows: Positions, columns: Positions) -> Floats:
        """The block (len(rows), len(columns)) where they cross."""
        slot = np.full(self.width, -1, dtype=np.int64)
        slot[columns] = np.arange(len(columns))
        crossing = np.zeros((len(rows), len(columns)), dtype=np.float32)
        for block in _blocks(len(rows)):
            entries, lengths = self._entries(rows[block])
            slots = slot[self.columns[entries]]
            wanted = np.flatnonzero(slots >= 0)
            row_of = np.repeat(np.arange(len(lengths)), lengths)[wanted]
            crossing[block][row_of, slots[wanted]] = self.values[entries[wanted]]
        return crossing

    def against(self, rows: Positions, others: Floats) -> Doubles:
        """Dot products (len(rows), len(others)) of the given rows with dense ``others``."""
        found = np.zeros((len(rows), len(others)))
        for block in _blocks(len(rows)):
            entries, lengths = self._entries(rows[block])
            terms = others[:, self.columns[entries]] * self.values[entries]
            running = np.zeros((len(others), len(entries) + 1))
            np.cumsum(terms, axis=1, out=running[:, 1:], dtype=np.float64)
            ends = np.cumsum(lengths)
            found[block] = (running[:, ends] - running[:, ends - lengths]).T
        return found

    def project(self, vector: Doubles) -> Doubles:
        """Every row's dot product with ``vector`` (width,); rows without entries give exactly 0."""
        running = np.concatenate(([0.0], np.cumsum(self.values * vector[self.columns])))
        return running[self.starts[1:]] - running[self.starts[:-1]]

    def _entries(self, rows: Positions) -> tuple[Positions, Positions]:
        """Positions in ``columns``/``values`` of these rows' entries in order, and each row's
        length.
        """
        begin = self.starts[rows]
        lengths = self.starts[rows + 1] - begin
        shift = begin - np.concatenate(([0], np.cumsum(lengths)[:-1]))
        return np.repeat(shift, lengths) + np.arange(int(lengths.sum())), lengths
