"""What an import found, to be shown: counts only, no names but the package's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Package = Literal["account data", "extended history", "CSV"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts of one file: ``plays`` of at least 30 seconds, ``skipped`` records by reason,
    ``years`` the plays by year (none for a CSV, which has no dates), ``saved`` songs of the
    library."""

    package: Package
    plays: int
    artists: int
    tracks: int
    saved: int
    first_year: int | None
    last_year: int | None
    skipped: Mapping[str, int]
    years: Mapping[int, int]

    @property
    def text(self) -> str:
        """The report in one or two sentences."""
        said = f"Read {_count(self.plays, 'play')} of {_count(self.artists, 'artist')}"
        said += f" ({_count(self.tracks, 'track')})"
        if self.first_year is not None:
            said += f", {self._span()}"
        said += f", from your {self.package}." if self.package != "CSV" else ", from your CSV."
        if self.skipped:
            reasons = ", ".join(f"{count:,} {why}" for why, count in self.skipped.items())
            said += f" Left out: {reasons}."
        return said

    def _span(self) -> str:
        if self.first_year == self.last_year:
            return f"{self.first_year}"
        return f"{self.first_year} to {self.last_year}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
