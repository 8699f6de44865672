"""`nightjar run` without a token as one process, and a visitor's browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    async_playwright,
    expect,
)

from bot.settings import Settings
from bot.store.store import open_store

START_SECONDS: Final = 90.0
STOP_SECONDS: Final = 20.0
PATIENCE: Final = 20_000.0  # milliseconds; a browser on a busy machine is slow
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)


@dataclass(frozen=True, slots=True)
class Studio:
    """A running studio and the folder it keeps everything in."""

    url: str
    folder: Path

    async def forget_taste(self) -> None:
        """Makes the studio's member a stranger again."""
        settings = Settings(_env_file=None, data_dir=self.folder / "data")
        async with open_store(settings, role="attach") as store:
            await store.tastes.forget("local")


@contextmanager
def running_studio(folder: Path) -> Iterator[Studio]:
    """The studio on a port of its own, ready to work; it must end cleanly when asked to."""
    log = folder / "log.txt"
    ours = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    values = {"DATA_DIR": str(folder / "data"), "WEB_PORT": "0", "WORKERS": "1"}
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=folder, env=inherited | values, stderr=stderr
        )
    try:
        yield Studio(_await_ready(process, log), folder)
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0, log.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8")
        found = re.search(r"Studio: (http://\S+)", log.read_text("utf-8"))
        if found and _answers(f"{found[1]}/readyz"):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"The studio was not ready in time.\n{log.read_text('utf-8')}")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


def find_browser() -> str:
    """The path of a Chromium; without one the test is skipped, but fails in CI."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail("No Chromium found: CI must install one (Debian: apt install chromium).")
    pytest.skip("needs Chromium (Debian: apt install chromium)")


@dataclass
class Visit:
    """A page in a browser, and everything that must not happen in it."""

    page: Page
    url: str
    refusals_expected: bool = False
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._check)

    def assert_clean(self) -> None:
        assert self.complaints == []
        assert self.outside == []

    def _note(self, message: ConsoleMessage) -> None:
        refusal = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not (refusal and self.refusals_expected):
            self.complaints.append(message.text)

    def _check(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.outside.append(request.url)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=[*QUIET])
        yield browser
        await browser.close()


@asynccontextmanager
async def visit(
    browser: Browser, url: str, *, width: int = 1440, height: int = 900
) -> AsyncIterator[Visit]:
    """A new visitor on ``url``; leaving checks that nothing was complained about or asked of the
    outside world."""
    expect.set_options(timeout=PATIENCE)
    context = await browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE)
    try:
        visited = Visit(await context.new_page(), url)
        visited.watch()
        await visited.page.goto(url)
        await visited.page.wait_for_selector(".style")
        yield visited
        visited.assert_clean()
    finally:
        await context.close()


async def make(page: Page) -> None:
    """Presses Make and waits for the take."""
    takes = await page.locator(".take").count()
    await page.get_by_role("button", name="Make", exact=True).click()
    await expect(page.locator(".take")).to_have_count(takes + 1)


async def make_short(page: Page, bpm: int = 100) -> None:
    """The same four bars for every test that only needs some clip."""
    await page.get_by_role("radio", name="4", exact=True).check()
    await page.get_by_label("Tempo").fill(str(bpm))
    await page.get_by_label("Seed").fill("7")
    await make(page)
