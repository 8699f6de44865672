"""Where a clip comes from, in every form a file can carry: JSON, tags, a line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.version import GENERATOR_VERSION

if TYPE_CHECKING:
    from generator.clip import Clip
    from generator.spec import ClipSpec


def describe(clip: Clip) -> dict[str, Any]:
    """The document of ``clip.json``: plain JSON, what a person needs to make the clip again:
    the artists give the same clip where the catalogue is the same. ``learned_from`` names uploads,
    of which there are none yet."""
    spec = clip.spec
    return {
        "style": spec.style,
        "bpm": spec.bpm,
        "key": spec.key,
        "mood": spec.mood,
        "bars": spec.bars,
        "seed": spec.seed,
        "seconds": round(clip.score.seconds, 3),
        "parts": [part.name for part in clip.score.parts],
        "loudness_lufs": round(clip.loudness_lufs, 2),
        "true_peak_dbtp": round(clip.true_peak_dbtp, 2),
        "generator_version": GENERATOR_VERSION,
        "learned_from": [],
        "artists": list(spec.like),
        "like": list(clip.likeness),
    }


def origin(spec: ClipSpec) -> dict[str, str]:
    """What names the clip exactly, in the order a person reads it."""
    facts = {
        "generator": f"Nightjar {GENERATOR_VERSION}",
        "style": spec.style,
        "seed": str(spec.seed),
        "key": spec.key,
        "bpm": str(spec.bpm),
        "bars": str(spec.bars),
        "mood": spec.mood,
        "parts": " ".join(spec.parts),
    }
    if spec.like:
        facts["like"] = ", ".join(spec.like)
    return facts


def tags(clip: Clip) -> dict[str, str]:
    """The metadata of an audio file."""
    facts = origin(clip.spec)
    return {
        "title": f"{clip.style_name} in {clip.spec.key} (seed {clip.spec.seed})",
        "artist": "Nightjar",
        "software": facts.pop("generator"),
        "comment": "; ".join(f"{name}={value}" for name, value in facts.items()),
    }
