"""Impulse responses of five reverbs, and the circular convolution that plays them.

All are stereo at half the rate, of unit energy a channel, and the same in every clip.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import fft

from generator.synth.halfband import HALF_RATE
from generator.synth.percussion import noise
from generator.synth.signal import Audio, wrap_add
from generator.synth.sound import Reverb

BLOCK: Final = 2**15
BLOCK_TAILS: Final = 4
"""The longer a block beside the tail that each adds, the less is computed twice, until it no longer
fits a processor's cache."""
ROOM_SEED: Final = 1985
SIXTY: Final = 6.9078
"""``ln(1000)``: time constants in a fall of 60 dB."""
SHUT: Final = 0.015
SPRINGS: Final = ((0.0331, 0.0407), (0.0359, 0.0446))
SPRING_EDGE: Final = 4300.0


@lru_cache(maxsize=16)
def impulse_response(table: Reverb) -> Audio:
    """The response ``(2, n)`` of ``table``; it may be shared, so nobody writes into it."""
    rng = np.random.Generator(np.random.PCG64(ROOM_SEED))
    response = KINDS[table.kind](table, rng)
    response /= np.sqrt(np.sum(np.square(response), dtype=np.float64) / 2.0)
    wait = table.predelay if table.kind in {"hall", "room"} else 0.0
    result = np.pad(response, ((0, 0), (round(wait * HALF_RATE), 0))).astype(np.float32)
    result.flags.writeable = False
    return result


def convolve(send: Audio, response: Audio) -> Audio:
    """The circular convolution of ``send`` with both channels of ``response``, by
    overlap-add FFT."""
    frames, tail = len(send), response.shape[1] - 1
    hop = -(-frames // max(1, round(frames / max(BLOCK, BLOCK_TAILS * tail))))
    size = fft.next_fast_len(hop + tail, real=True)
    transfer = fft.rfft(response, n=size, axis=1)
    wet = np.zeros((2, frames), np.float32)
    for start in range(0, frames, hop):
        block = fft.irfft(fft.rfft(send[start : start + hop], n=size) * transfer, n=size, axis=1)
        wrap_add(wet, start, block[:, : min(hop, frames - start) + tail])
    return wet


def _hall(table: Reverb, rng: np.random.Generator) -> Audio:
    """Noise that takes its time to build up, the highs soon gone, behind a few reflections."""
    response = _diffuse(table, (1.0, 0.85, 0.6), rng)
    response *= np.minimum(_time(response) / np.float32(0.012), 1)
    for early in range(6):
        place = round((0.004 + 0.031 * rng.uniform()) * HALF_RATE)
        response[early % 2, place] += 0.5 * float(np.abs(response).max()) * 0.8**early
    return response


def _plate(table: Reverb, rng: np.random.Generator) -> Audio:
    """Steel: dense from the first moment, and the highs ring nearly as long as the lows."""
    response = _diffuse(table, (0.8, 1.0, 0.9), rng, tilt=1.6)
    response *= np.minimum(_time(response) / np.float32(0.0008) + np.float32(0.2), 1)
    return response


def _room(table: Reverb, rng: np.random.Generator) -> Audio:
    """Walls near by: two dozen single reflections, then little."""
    tail = _diffuse(table, (0.9, 0.8, 0.6), rng)
    tail *= np.clip(_time(tail) / np.float32(0.05), 0, 1)
    tail *= np.float32(0.35 / np.sqrt(np.sum(np.square(tail)) / 2.0))
    walls = np.zeros_like(tail)
    for wall in range(36):
        arrival = 0.003 + 0.058 * (wall + rng.uniform()) / 36.0
        level = np.exp(-SIXTY * arrival / table.seconds) * rng.choice((-1.0, 1.0))
        for channel in walls:
            place = round((arrival + 0.0015 * rng.uniform()) * HALF_RATE)
            channel[min(place, tail.shape[1] - 1)] += np.float32(level * rng.uniform(0.25, 1.0))
    walls = _banded(walls, table.low_cut, table.high_cut)
    walls *= np.float32(1.0 / np.sqrt(np.sum(np.square(walls)) / 2.0))
    return walls + tail


def _gated(table: Reverb, rng: np.random.Generator) -> Audio:
    """A great room that is shut after ``seconds``, before it has begun to fall."""
    frames = round((table.seconds + SHUT) * HALF_RATE)
    response = np.stack([noise(frames, 2 * table.low_cut, 2 * table.high_cut, rng) for _ in "LR"])
    time = _time(response)
    response *= np.exp(time * np.float32(-0.7 / table.seconds))
    response *= np.minimum(time / np.float32(0.004), 1)
    response *= np.clip((table.seconds + SHUT - time) / np.float32(SHUT), 0, 1)
    return response


def _spring(table: Reverb, _: np.random.Generator) -> Audio:
    """Two springs a channel: each pass sends the lows ahead and the highs after, a chirp.

    A pulse comes out after one length, three, five: ``P / (1 - g P^2)``, where the phase of ``P``
    is that of a delay ``T / sqrt(1 - (f / edge)^2)``: the nearer to the edge, the later, and
    ``g`` is what that time costs.
    """
    frames = round(table.seconds * HALF_RATE)
    size = fft.next_fast_len(2 * frames, real=True)
    hertz = np.arange(size // 2 + 1) * HALF_RATE / size
    inside = np.minimum(hertz / SPRING_EDGE, 0.985)
    slower = 1.0 / np.sqrt(1.0 - np.square(inside))
    passing = 1.0 / (1.0 + (hertz / (0.9 * SPRING_EDGE)) ** 16)
    response = np.zeros((2, frames), np.float32)
    for side, lengths in enumerate(SPRINGS):
        for length in lengths:
            # The integral of the delay: edge * arcsin(f / edge).
            turns = np.arcsin(inside) + slower * (hertz / SPRING_EDGE - inside)
            once = np.exp(-2j * np.pi * length * SPRING_EDGE * turns)
            loss = np.exp(-SIXTY * 2.0 * length * slower / table.seconds)
            heard = fft.irfft(passing * once / (1.0 - loss * once**2), n=size)
            response[side] += heard[:frames].astype(np.float32)
    return _banded(response, table.low_cut, table.high_cut)


KINDS: Final[dict[str, Callable[[Reverb, np.random.Generator], Audio]]] = {
    "hall": _hall,
    "plate": _plate,
    "spring": _spring,
    "room": _room,
    "gated": _gated,
}


def _diffuse(
    table: Reverb,
    shares: tuple[float, float, float],
    rng: np.random.Generator,
    tilt: float = 1.0,
) -> Audio:
    """Noise in three bands, each gone after its share of the time; ``tilt`` lifts the highest."""
    frames = round(table.seconds * HALF_RATE)
    low, high = table.low_cut, table.high_cut
    edges = (low, min(1000.0, 0.5 * high), min(2800.0, 0.8 * high), high)
    response = np.zeros((2, frames), np.float32)
    time = _time(response)
    for below, above, share, lift in zip(edges, edges[1:], shares, (1.0, 1.0, tilt), strict=False):
        fall = np.exp(time * np.float32(-SIXTY / (table.seconds * share)))
        fall *= np.float32(lift * np.sqrt(max(above - below, 1.0)))
        response += fall * np.stack([noise(frames, 2 * below, 2 * above, rng) for _ in "LR"])
    return response


def _banded(response: Audio, low: float, high: float) -> Audio:
    """12 dB/octave on both sides of a response; its tail is silent, so a circle does no harm."""
    size = fft.next_fast_len(2 * response.shape[1], real=True)
    hertz = np.arange(size // 2 + 1, dtype=np.float32) * np.float32(HALF_RATE / size)
    above = np.square(hertz / np.float32(low))
    shape = above / (1.0 + above) / (1.0 + np.square(hertz / np.float32(high)))
    spectrum = fft.rfft(response, n=size, axis=1) * shape
    banded: Audio = fft.irfft(spectrum, n=size, axis=1)[:, : response.shape[1]]
    return banded


def _time(response: Audio) -> Audio:
    return np.arange(response.shape[1], dtype=np.float32) / np.float32(HALF_RATE)
