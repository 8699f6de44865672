"""Where the store is: URLs, kept out of logs, and the queue's database beside the store's."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from bot.errors import UserError

SCHEMES: Final = ("redis", "rediss", "unix")
QUEUE_DATABASE: Final = 1


@dataclass(frozen=True, slots=True)
class Address:
    """What the queue and child processes connect to. URLs may hold a password: show ``str()``."""

    url: str = field(repr=False)
    queue_url: str = field(repr=False)

    @classmethod
    def of_socket(cls, socket: Path) -> Address:
        """The private server's address."""
        return cls.of_url(f"unix://{quote(str(socket))}")

    @classmethod
    def of_url(cls, url: str) -> Address:
        """The address of ``REDIS_URL``; UserError when it is not a Redis URL.

        The queue gets database 1; where the URL names a database other than 0, it shares that one.
        """
        parts = _checked(url)
        own = _database(parts)
        return cls(url, url if own else _with_database(parts, QUEUE_DATABASE))

    def sharing_database(self) -> Address:
        """The same server with the queue in the store's database, where there is only one."""
        return Address(self.url, self.url)

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        if parts.scheme == "unix":
            return f"unix://{parts.path}"
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or 'localhost'}{port}"


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in SCHEMES and (parts.scheme != "unix" or bool(parts.path))
        _ = parts.port, _database(parts)
    except ValueError:
        usable = False
    if not usable:
        raise UserError(
            "The setting REDIS_URL is not usable: write redis://host:6379/0, rediss://host:6380/0"
            " or unix:///path/to/redis.sock."
        )
    return parts


def _database(parts: SplitResult) -> int:
    named = dict(parse_qsl(parts.query)).get("db")
    if named is None and parts.scheme != "unix":
        named = parts.path.strip("/")
    return int(named or 0)


def _with_database(parts: SplitResult, number: int) -> str:
    query = {name: value for name, value in parse_qsl(parts.query) if name != "db"}
    if parts.scheme == "unix":
        return f"unix://{parts.netloc}{parts.path}?{urlencode({**query, 'db': number})}"
    return parts._replace(path=f"/{number}", query=urlencode(query)).geturl()
