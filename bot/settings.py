"""One frozen Settings, read once from the environment and `.env`; `.env.example` lists it all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import UserError

ENV_FILE: Final = ".env"
LONGEST_CONTACT: Final = 200


def _http(url: str) -> str:
    return _address(url, ("http", "https"), "https://nightjar.example")


def _websocket(url: str) -> str:
    return _address(url, ("ws", "wss"), "wss://gateway.discord.gg")


def _address(url: str, schemes: tuple[str, ...], example: str) -> str:
    """``url`` as it is; ValueError, without the value, unless it has such a scheme and a host."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in url):
        raise ValueError(f"it has to be a whole address such as {example}")
    return url


HttpUrl = Annotated[str, AfterValidator(_http)]
WebsocketUrl = Annotated[str, AfterValidator(_websocket)]


def _contact(text: str) -> str:
    """``text`` as it is; ValueError unless it fits into a header and looks reachable."""
    text = text.strip()
    if not text.isascii() or not text.isprintable() or len(text) > LONGEST_CONTACT:
        raise ValueError("it has to be a short mail address or web address in plain letters")
    if "@" not in text and "://" not in text:
        raise ValueError("it has to be a mail or web address such as you@example.org")
    return text


Contact = Annotated[str, AfterValidator(_contact)]


class Settings(BaseSettings):
    """Every setting has a working default; an empty value counts as unset."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        # Editors on Windows put a byte order mark before the first name.
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    discord_token: SecretStr | None = None
    discord_api_base: HttpUrl = "https://discord.com/api/v10"
    discord_gateway_url: WebsocketUrl | None = None
    dev_guild_id: int | None = None

    redis_url: str | None = None
    redis_server_bin: Path | None = None
    data_dir: Path = Path("data")

    public_url: HttpUrl | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    port: int | None = Field(default=None, ge=0, le=65535)

    contact: Contact | None = None
    tag_lookups: Literal["on", "off"] = "on"
    musicbrainz_api_base: HttpUrl = "https://musicbrainz.org/ws/2"
    listenbrainz_api_base: HttpUrl = "https://api.listenbrainz.org/1"
    lastfm_api_key: SecretStr | None = None
    lastfm_api_base: HttpUrl = "https://ws.audioscrobbler.com/2.0"

    workers: int = Field(default=2, ge=0, le=64)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def looks_up_tags(self) -> bool:
        """Whether artists' names may be sent to the tag services: they want to be able to reach
        whoever asks, so it takes a ``CONTACT``."""
        return self.tag_lookups == "on" and self.contact is not None

    @property
    def http_port(self) -> int:
        """Where the web listens: ``PORT`` (set by hosting platforms) wins over ``WEB_PORT``."""
        return self.web_port if self.port is None else self.port


def read_settings() -> Settings:
    """The settings of this process; UserError names the first setting that does not parse, or an
    `.env` that cannot be read. It never tells a value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        why = first["msg"].removeprefix("Value error, ")
        raise UserError(f"The setting {name} is not usable: {why}.") from error
    except UnicodeDecodeError:
        # Without its cause, which holds the file's content.
        raise UserError(f"{ENV_FILE} is not UTF-8 text; save it again as UTF-8.") from None
    except OSError as error:
        say = f"{ENV_FILE} cannot be read ({error.strerror}); mend its permissions or remove it."
        raise UserError(say) from error
