"""Votes and "Your data" in the studio: said, seen, taken back, taken along, deleted."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.end_to_end.studio_process import Visit
from tests.end_to_end.test_studio_listen import PLAYED, artists, give
from tests.exports import account_package

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _listening(page: Page) -> list[str]:
    """Gives the page an export; the artists it finds then."""
    await give(page, "my_spotify_data.zip", account_package(PLAYED))
    await expect(page.locator(".card")).to_have_count(5)
    return await artists(page)


async def test_what_one_knows_already_is_new_no_more_until_it_is_undone(
    visited: Visit,
) -> None:
    page = visited.page
    before = await _listening(page)
    known = page.get_by_role("button", name=f"Know it: {before[0]}")
    up = page.get_by_role("button", name=f"I like {before[0]}")
    await up.click()
    await expect(up).to_have_attribute("aria-pressed", "true")
    await known.click()
    await expect(known).to_have_attribute("aria-pressed", "true")
    await expect(up).to_have_attribute("aria-pressed", "false")

    await page.locator("#held summary").click()
    mark = page.locator(".mark")
    await expect(mark).to_have_count(1)
    await expect(mark).to_contain_text(before[0])
    # Another card would not bring it anyway, since it was shown just now; a mix would.
    await page.locator("#mixes summary").click()
    item = page.locator(".mix-item").filter(has_text=before[0])
    await expect(item.filter(has_text="you know")).to_have_count(1)
    await expect(page.locator(".mix-item.new").filter(has_text=before[0])).to_have_count(0)

    await page.get_by_role("button", name=f"Take back: known already, {before[0]}").click()
    await expect(page.locator(".mark")).to_have_count(0)
    await expect(item).to_have_class(re.compile(r"\bnew\b"))


async def test_a_vote_taken_back_below_shows_on_the_card(visited: Visit) -> None:
    page = visited.page
    [first, *_] = await _listening(page)
    down = page.get_by_role("button", name=f"Not for me: {first}")
    await page.locator("#held summary").click()
    await down.click()
    await expect(page.locator(".mark")).to_have_count(1)
    await page.get_by_role("button", name=f"Take back: thumb down, {first}").click()
    await expect(down).to_have_attribute("aria-pressed", "false")


async def test_everything_is_shown_and_taken_along(visited: Visit, tmp_path: Path) -> None:
    page = visited.page
    await _listening(page)
    await page.locator("#held summary").click()
    await expect(page.locator("#held-parts")).to_contain_text("160 plays of 5 artists")
    await expect(page.locator("#held-parts")).to_contain_text("From account data, read ")
    await expect(page.locator("#held-parts")).to_contain_text("5 artists or tracks you were shown")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Download", exact=True).click()
    download = await started.value
    assert download.suggested_filename == "nightjar-my-data.zip"
    await download.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "mine.zip").read_bytes())) as package:
        listening = package.read("listening.csv").decode()
    assert all(artist in listening for artist in PLAYED)


async def test_deleting_asks_once_and_leaves_a_stranger(visited: Visit) -> None:
    page = visited.page
    await _listening(page)
    await page.locator("#held summary").click()
    await page.locator("#mixes summary").click()
    await expect(page.locator(".mix-name")).not_to_have_count(0)
    await page.get_by_role("button", name="Delete everything").click()
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("#held-parts")).to_contain_text("160 plays")
    await page.get_by_role("button", name="Delete everything").click()
    await page.get_by_role("button", name="Yes, delete").click()

    await expect(page.locator("#held-none")).to_be_visible()
    await expect(page.locator(".card")).to_have_count(0)
    await expect(page.locator("#mixes")).to_be_hidden()
    await expect(page.locator("#taste-summary")).to_have_text("Tell Nightjar what you like")
    await page.get_by_role("button", name="Find music").click()
    await expect(page.locator("#find-problem")).to_contain_text("Drop your export")
    await page.reload()
    await page.locator("#held summary").click()
    await expect(page.locator("#held-none")).to_be_visible()
    await expect(page.locator("#held-acts")).to_be_hidden()
