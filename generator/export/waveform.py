"""A clip's waveform as a picture: how loud by height, how bright the sound is by colour."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.export.audio import SAMPLE_RATE

Columns = npt.NDArray[np.float32]

_DARK, _WARM, _BRIGHT = (112, 92, 255), (255, 92, 147), (255, 209, 128)
_STEPS: Final = np.array([0.0, 0.45, 1.0])
_QUIETEST: Final = 0.02


def waveform(audio: npt.NDArray[np.float32], width: int, height: int) -> Image.Image:
    """An RGBA picture of ``audio``, float32 ``(frames, 2)``, ``width`` x ``height`` pixels.

    Each column spans the samples' extremes, brighter within their root mean square. Violet is all
    bass, rose the middle, gold the treble.
    """
    blocks = _blocks(audio, width)
    peaks = np.maximum(blocks.max(axis=1), -blocks.min(axis=1))
    power = _mean_square(blocks)
    colours = _colours(_brightness(_mean_square(np.diff(blocks, axis=1)), power))
    distance = np.abs(np.arange(height) - (height - 1) / 2)[:, None] / (height / 2)
    scale = max(float(peaks.max()), 1e-3)
    reach = np.maximum(peaks / scale, _QUIETEST)
    opacity = np.where(distance <= np.sqrt(power) / scale, 1.0, 0.55) * (distance <= reach)
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = colours
    pixels[..., 3] = np.rint(opacity * 255)
    return Image.fromarray(pixels, "RGBA")


def _blocks(audio: npt.NDArray[np.float32], width: int) -> Columns:
    """The clip in mono, one row a column of the picture; neighbouring rows share a few samples."""
    mono = (audio[:, 0] + audio[:, 1]) * np.float32(0.5)
    length = -(-len(mono) // width)
    starts = np.linspace(0, len(mono) - length, width).astype(int)
    rows: Columns = np.lib.stride_tricks.sliding_window_view(mono, length)[starts]
    return rows


def _mean_square(rows: Columns) -> Columns:
    power: Columns = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
    return power


def _brightness(slope_power: Columns, power: Columns) -> Columns:
    """0 (bass) .. 1 (treble) from the power of the slope against the power of the signal.

    For a sine of frequency f at rate r, slope power / power = (2 sin(pi f / r))^2; so the ratio
    stands for a power-weighted mean frequency, mapped by its logarithm from 100 Hz to 4 kHz.
    """
    frequency = np.sqrt(slope_power / np.maximum(power, 1e-12)) * SAMPLE_RATE / (2 * np.pi)
    position = np.log(np.maximum(frequency, 1.0) / 100.0) / np.log(40.0)
    smooth = np.convolve(np.pad(position, 2, mode="wrap"), np.ones(5) / 5, mode="valid")
    return np.clip(smooth, 0.0, 1.0).astype(np.float32)


def _colours(brightness: Columns) -> npt.NDArray[np.float64]:
    ramp = np.array([_DARK, _WARM, _BRIGHT], dtype=np.float64)
    return np.stack([np.interp(brightness, _STEPS, ramp[:, c]) for c in range(3)], axis=1)
