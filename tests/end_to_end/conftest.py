"""One studio and one browser a session: starting the studio trains the first model. One data folder
a module for the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.end_to_end.command_line import Nightjar, nightjar_at
from tests.end_to_end.studio_process import (
    Studio,
    Visit,
    find_browser,
    open_browser,
    running_studio,
    visit,
)


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    find_browser()
    with running_studio(tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def visited(studio: Studio, browser: Browser) -> AsyncIterator[Visit]:
    """A visitor who is new: no taste held, nothing in the browser."""
    await studio.forget_taste()
    async with visit(browser, studio.url) as page:
        yield page


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def nightjar(home: Path) -> Nightjar:
    """Runs `nightjar` with a data folder that a module's tests share."""
    return nightjar_at(home)
