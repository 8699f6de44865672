"""One frozen Settings, read once from the environment and `.env`; `.env.example` lists it all."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import UserError


class Settings(BaseSettings):
    """Every setting has a working default; an empty value counts as unset."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    discord_token: SecretStr | None = None
    discord_api_base: str = "https://discord.com/api/v10"
    discord_gateway_url: str | None = None
    dev_guild_id: int | None = None

    redis_url: str | None = None
    redis_server_bin: Path | None = None
    data_dir: Path = Path("data")

    public_url: str | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    port: int | None = Field(default=None, ge=0, le=65535)

    workers: int = Field(default=2, ge=0, le=64)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def http_port(self) -> int:
        """Where the web listens: ``PORT`` (set by hosting platforms) wins over ``WEB_PORT``."""
        return self.web_port if self.port is None else self.port


def read_settings() -> Settings:
    """The settings of this process; UserError names the first setting that does not parse."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise UserError(f"The setting {name} is not usable: {first['msg']}.") from error
