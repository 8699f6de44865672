"""How a handler says which requests it serves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.discord.world import Recorded, World

Answer = tuple[int, Any]
Handler = Callable[[World, Recorded, dict[str, str]], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """``template`` is a path such as ``/channels/{channel}/messages``; names become arguments."""

    method: str
    template: str
    handler: Handler
    needs_token: bool = True
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        text = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template)
        object.__setattr__(self, "pattern", re.compile(text))
