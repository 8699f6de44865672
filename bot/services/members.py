"""What is under way for members: one change at a time, and nothing that outlives a deletion."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from bot.errors import UserError
from bot.services.locks import Locks


class Stay:
    """From when something began for a member until it ends, or the member's data is deleted."""

    __slots__ = ("__weakref__", "over")

    def __init__(self) -> None:
        self.over = False

    def check(self) -> None:
        """UserError when everything held on the member was deleted since."""
        if self.over:
            raise UserError("Your data was deleted meanwhile, so this was not kept; ask once more.")


class Members:
    """Locks and stays by member, within this process; a member nothing is under way for takes no
    room. What writes for a member MUST hold the lock, and check a stay taken when it began."""

    def __init__(self) -> None:
        self._locks = Locks()
        self._stays: WeakValueDictionary[str, Stay] = WeakValueDictionary()

    def lock(self, member: str) -> asyncio.Lock:
        """The member's lock; keep it only while using it."""
        return self._locks.of(member)

    def stay(self, member: str) -> Stay:
        """The member's stay as of now."""
        stay = self._stays.get(member)
        if stay is None:
            stay = self._stays[member] = Stay()
        return stay

    def leave(self, member: str) -> None:
        """Ends the stay of everything that is under way for the member."""
        if stay := self._stays.pop(member, None):
            stay.over = True
