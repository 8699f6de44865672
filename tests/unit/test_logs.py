"""Secrets never reach the log, in whatever way they come."""

from __future__ import annotations

import json
import logging

import pytest
from pydantic import SecretStr

from bot.logs import configure_logging
from bot.settings import Settings

TOKEN = "MTE.canary.token-value"


@pytest.fixture
def _root_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])


@pytest.mark.usefixtures("_root_as_it_was")
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_token_is_hidden_in_messages_arguments_and_traces(
    log_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        _env_file=None,
        discord_token=SecretStr(TOKEN),
        redis_url="redis://:canary-password@127.0.0.1/0",
        log_format=log_format,
    )
    configure_logging(settings)
    log = logging.getLogger("nightjar.test")
    log.warning("plain %s", TOKEN)
    log.warning(f"formatted {TOKEN} and %s", settings.redis_url)
    try:
        raise ValueError(TOKEN)
    except ValueError:
        log.exception("with a trace")
    printed = capsys.readouterr().err
    assert TOKEN not in printed
    assert "canary-password" not in printed
    assert printed.count("***") >= 4
    assert "ValueError" in printed
    if log_format == "json":
        lines = [json.loads(line) for line in printed.splitlines()]
        assert [line["level"] for line in lines] == ["WARNING", "WARNING", "ERROR"]
