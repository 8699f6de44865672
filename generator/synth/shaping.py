"""Saturation inside a voice, where every overtone that folds back would be out of tune."""

from __future__ import annotations

import numpy as np

from generator.synth.signal import Audio


def saturated(samples: Audio, push: float) -> Audio:
    """``samples`` ``(..., frames)`` times ``push`` through ``x / sqrt(1 + x^2)``, its limit 1.

    Between two samples the signal is taken as a straight line and the curve's mean along it is
    returned (Parker, Zavalishin and Le Bivic 2016): what that leaves out is mostly what would fold.
    The curve's integral is ``sqrt(1 + x^2)``, so the mean is ``(a + b) / (sqrt(1 + a^2) +
    sqrt(1 + b^2))``, which never divides by a small difference.
    """
    driven = samples * np.float32(push)
    root = driven * driven
    root += np.float32(1.0)
    np.sqrt(root, out=root)
    result = driven.copy()
    result[..., 1:] += driven[..., :-1]
    root[..., 1:] += root[..., :-1].copy()
    result /= root
    return result
