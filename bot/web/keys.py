"""What the web application carries for its handlers."""

from __future__ import annotations

from typing import Final

import jinja2
from aiohttp import web

from bot.services import Services
from bot.settings import Settings
from bot.web.health import Health

SETTINGS: Final = web.AppKey("settings", Settings)
SERVICES: Final = web.AppKey("services", Services)
HEALTH: Final = web.AppKey("health", Health)
TEMPLATES: Final = web.AppKey("templates", jinja2.Environment)
