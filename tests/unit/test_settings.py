"""The settings of a process: what it refuses, and that the refusal tells no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a `.env`, in an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def refusal() -> str:
    with pytest.raises(UserError) as refused:
        read_settings()
    return str(refused.value)


def test_the_env_file_is_read_with_or_without_a_byte_order_mark(folder: Path) -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        (folder / ".env").write_bytes(mark + b"WORKERS=5\nPUBLIC_URL=\n")
        settings = read_settings()
        assert settings.workers == 5
        assert settings.public_url is None


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_an_env_file_that_is_not_utf8_is_refused_without_its_content(
    folder: Path, encoding: str
) -> None:
    (folder / ".env").write_bytes("DISCORD_TOKEN=geheim\u00e4\n".encode(encoding))
    said = refusal()
    assert ".env" in said
    assert "UTF-8" in said
    assert "geheim" not in said


def test_an_env_file_that_cannot_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may read everything but the memory of a process, which starts with an unmapped page.
    (folder / ".env").symlink_to("/proc/self/mem")
    said = refusal()
    assert ".env cannot be read" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_API_BASE", "discord.com/api/v10"),
        ("DISCORD_API_BASE", "wss://discord.com"),
        ("DISCORD_API_BASE", "https:///api"),
        ("DISCORD_GATEWAY_URL", "https://gate.test"),
        ("DISCORD_GATEWAY_URL", "gate.test"),
        ("PUBLIC_URL", "music.test"),
        ("PUBLIC_URL", "javascript:alert(1)"),
        ("PUBLIC_URL", "https://my music.test"),
        ("PUBLIC_URL", "https://music.test:eighty"),
        ("PUBLIC_URL", "https://[music"),
    ],
)
def test_an_address_of_another_kind_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    said = refusal()
    assert said.startswith(f"The setting {name} is not usable: ")
    assert "such as" in said
    assert value not in said


@pytest.mark.parametrize("value", ["me", "a@b\nX-Evil: 1", "ü@example.org", "a@" + "b" * 200])
def test_a_contact_that_cannot_be_sent_or_reached_is_refused(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTACT", value)
    said = refusal()
    assert said.startswith("The setting CONTACT is not usable: ")
    assert value not in said


def test_names_are_looked_up_only_with_a_contact_and_not_against_the_switch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not read_settings().looks_up_tags
    monkeypatch.setenv("CONTACT", " you@example.org ")
    settings = read_settings()
    assert (settings.contact, settings.looks_up_tags) == ("you@example.org", True)
    monkeypatch.setenv("TAG_LOOKUPS", "off")
    assert not read_settings().looks_up_tags


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_API_BASE", "http://127.0.0.1:4000/api/v10"),
        ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:4001"),
        ("DISCORD_GATEWAY_URL", "wss://gateway.discord.gg/?v=10"),
        ("PUBLIC_URL", "HTTPS://nightjar.example/"),
        ("PUBLIC_URL", "http://[::1]:8080"),
    ],
)
def test_an_address_of_the_right_kind_is_kept_as_it_is(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), name.lower()) == value
