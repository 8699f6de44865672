"""Logging to stderr as text or JSON lines; a secret never gets through."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from bot.settings import Settings

HIDDEN = "***"


class SecretFilter(logging.Filter):
    """Replaces known secrets in messages and traces before any handler sees them."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.msg, record.args = self._hide(message), None
        if record.exc_text:
            record.exc_text = self._hide(record.exc_text)
        return True

    def _hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message and, after a failure, the trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["trace"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


def configure_logging(settings: Settings) -> None:
    """Sends this process's log to stderr in the format and from the level of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(SecretFilter(_secrets_of(settings)))
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else text)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for chatty in ("discord", "aiohttp.access", "dramatiq"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def _secrets_of(settings: Settings) -> tuple[str, ...]:
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    return (token, settings.redis_url or "")
