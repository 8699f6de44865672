"""What the generator has heard: small statistics of real songs and drummers, and who draws on them.

The tables are made by `generator.learned.make`; `generator/NOTICE.md` says from whose music.
"""

from __future__ import annotations

from typing import Final

FAMILIES: Final = (
    "afrobeat", "afrocuban", "brazilian", "dance", "funk", "hiphop", "jazz", "latin",
    "neworleans", "pop", "punk", "reggae", "rock", "soul",
)  # fmt: skip
"""The styles of drumming of which enough was heard."""
