"""Every file of a clip, in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.export.audio import encode
from generator.export.midi import write_midi
from generator.export.pianoroll import draw
from generator.export.provenance import describe, origin, tags

if TYPE_CHECKING:
    from generator.clip import Clip


def export_clip(clip: Clip) -> dict[str, bytes]:
    """``clip.<format>``, ``clip.mid``, ``pianoroll.png``, ``clip.json``: always the same bytes."""
    return {
        f"clip.{clip.spec.format}": encode(clip.audio, clip.spec.format, tags(clip)),
        "clip.mid": write_midi(clip.score, origin(clip.spec)),
        "pianoroll.png": draw(clip),
        "clip.json": json.dumps(describe(clip), indent=2).encode() + b"\n",
    }
