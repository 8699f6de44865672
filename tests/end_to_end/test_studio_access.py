"""The studio with a keyboard, a screen reader, weak eyes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.end_to_end.studio_process import Studio, Visit, make_short, visit
from tests.end_to_end.test_studio_listen import PLAYED, give
from tests.exports import account_package

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PROBES = Path(__file__).with_name("page_probes.js").read_text("utf-8")

FOCUSED = """() => {
  const one = document.activeElement;
  const rings = [one, one.nextElementSibling, one.parentElement].filter(Boolean)
    .some((each) => getComputedStyle(each).outlineStyle !== "none");
  return [one.id || one.value || one.textContent.trim(), rings];
}"""


async def fill_the_page(page: Page) -> None:
    """A take, a taste and an answer, so that everything there is stands on the page."""
    await make_short(page)
    await give(page, "my_spotify_data.zip", account_package(PLAYED))
    await expect(page.locator(".card")).to_have_count(5)
    await page.get_by_text("Your mixes").click()
    await expect(page.locator(".mix-item")).not_to_have_count(0)


async def probe(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate(PROBES)
    return found


def assert_sound(found: dict[str, Any]) -> None:
    """Everything has a name and a place, and every text can be read."""
    assert found["nameless"] == []
    assert found["faint"] == []
    structure = found["structure"]
    levels = structure.pop("levels")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert "Nightjar" in structure.pop("title")
    assert structure == {
        "lang": "en",
        "landmarks": [1, 1, 1],
        "repeated": [],
        "nowhere": [],
        "untitled": 0,
    }


async def test_the_page_is_sound_when_empty_and_when_full(visited: Visit) -> None:
    assert_sound(await probe(visited.page))
    await fill_the_page(visited.page)
    assert_sound(await probe(visited.page))


async def test_a_clip_is_made_and_played_with_the_keyboard_alone(visited: Visit) -> None:
    page = visited.page
    seen: list[str] = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        name, ring = await page.evaluate(FOCUSED)
        assert ring, f"{name} shows no focus"
        seen.append(name)
        if name == "make":
            break
    assert {"synthwave", "key", "bpm", "seed", "make"} <= set(seen)
    await page.keyboard.press("Enter")
    await expect(page.locator(".take")).to_have_count(1)
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()

    position = page.get_by_label("Position in the clip")
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "seek":
            break
    await page.keyboard.press(" ")
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await page.keyboard.press("Home")
    await page.keyboard.press("PageUp")
    await page.keyboard.press("ArrowRight")
    spoken = await position.get_attribute("aria-valuetext")
    assert spoken is not None
    assert spoken.endswith("bar 2 of 16")


async def test_shortcuts_work_leave_typing_alone_and_can_be_switched_off(visited: Visit) -> None:
    page = visited.page
    await page.get_by_role("button", name="Make", exact=True).click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await page.keyboard.press(
        " "
    )  # the mouse was on Make: the space bar still belongs to the player
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await expect(page.locator(".take")).to_have_count(1)

    await page.get_by_label("Close to").press_sequentially("nb l")
    await expect(page.get_by_label("Close to")).to_have_value("nb l")
    await page.locator("#clip-title").click()
    await page.keyboard.press("n")
    await expect(page.locator(".take")).to_have_count(2)

    switch = page.get_by_role("switch", name="Shortcuts")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await page.keyboard.press("n")
    await page.wait_for_timeout(300)
    await expect(page.locator("#progress")).to_be_hidden()
    await expect(page.locator(".take")).to_have_count(2)


async def test_progress_and_results_are_announced(visited: Visit) -> None:
    page = visited.page
    await page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => said.push(document.getElementById("status").textContent))
            .observe(document.getElementById("status"), { childList: true });
        }"""
    )
    await make_short(page)

    said = await page.evaluate("said")
    assert said[0] == "Making synthwave…"
    assert said[-1].startswith("Take 1 is ready: Synthwave in ")


async def test_a_page_for_those_who_want_it_calm(studio: Studio, browser: Browser) -> None:
    async with visit(browser, studio.url) as visited:
        await visited.page.emulate_media(reduced_motion="reduce")
        await visited.page.reload()
        assert (await probe(visited.page))["moving"] == 0
