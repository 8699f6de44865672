"""Use cases. Cogs, the web and the command line call these, and nothing below them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.clips import Clips, RenderedClip, StemsTooLarge, StyleInfo
from bot.services.comparisons import Compared, Comparisons, Shown
from bot.services.listening import Listening, Taste
from bot.services.mixes import Mixes, MixLine, NamedMix
from bot.services.privacy import Holdings, Privacy
from bot.services.recommendations import Answer, Recommendations, Suggestion
from bot.sources.report import ImportReport
from bot.store.marks import Mark

__all__ = [
    "Answer",
    "Clips",
    "Compared",
    "Comparisons",
    "Holdings",
    "ImportReport",
    "Listening",
    "Mark",
    "MixLine",
    "Mixes",
    "NamedMix",
    "Privacy",
    "Recommendations",
    "RenderedClip",
    "Services",
    "Shown",
    "StemsTooLarge",
    "StyleInfo",
    "Suggestion",
    "Taste",
]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a person can ask of Nightjar."""

    clips: Clips
    listening: Listening
    recommendations: Recommendations
    privacy: Privacy
    mixes: Mixes
    comparisons: Comparisons
