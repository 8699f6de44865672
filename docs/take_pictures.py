"""Retakes the README's pictures of the studio from the running program.

    python -m docs.take_pictures                     starts a studio, saves to docs/pictures
    python -m docs.take_pictures --url http://...    uses a studio that runs already

Needs the development extra and a Chromium. The taste shown is imported from an export written by
tests/exports.py; in a studio that runs already it is added to the one held there.
"""  # noqa: INP001  a script, no package

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.end_to_end.studio_process import open_browser, running_studio
from tests.exports import extended_package

PICTURES = Path(__file__).parent / "pictures"
PLAYED = {"Kavinsky": 212, "The Midnight": 160, "Com Truise": 131, "Boards of Canada": 96,
          "Tycho": 88, "Daft Punk": 71, "Depeche Mode": 54}  # fmt: skip
SEED = "1984"
PLAYHEAD = 0.62


async def take_all(url: str, folder: Path) -> None:
    """Saves studio.png, studio-phone.png, clip.png and jam.png into ``folder``."""
    async with open_browser() as browser:
        desk = await open_page(browser, url, 1440, 900, scale=1.5)
        await use_studio(desk)
        await desk.screenshot(path=folder / "studio.png")
        clip = await desk.get_attribute("#downloads a >> nth=0", "href")
        page = url + str(clip).rpartition("/")[0]
        answer = await desk.request.get(f"{page}/pianoroll.png")
        (folder / "jam.png").write_bytes(await answer.body())
        await desk.goto(page)
        await desk.get_by_role("button", name="Play", exact=True).click()
        await place_playhead(desk)
        await desk.screenshot(path=folder / "clip.png")
        phone = await open_page(browser, url, 390, 844, scale=2)
        await make_clip(phone)
        await place_playhead(phone)
        await phone.evaluate("document.getElementById('floor').scrollIntoView()")
        await phone.screenshot(path=folder / "studio-phone.png")


async def open_page(browser: Browser, url: str, width: int, height: int, *, scale: float) -> Page:
    expect.set_options(timeout=60_000)
    page = await browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=scale
    )
    await page.goto(url)
    await page.wait_for_selector(".style")
    return page


async def make_clip(page: Page) -> None:
    await page.get_by_role("radio", name="Synthwave").check()
    await page.get_by_label("Seed").fill(SEED)
    await page.get_by_role("button", name="Make", exact=True).click()
    await expect(page.locator(".take")).to_have_count(1)
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()


async def use_studio(page: Page) -> None:
    """A sitting as a musician has it: some takes, a history, a vote."""
    await make_clip(page)
    for take, press in enumerate(("New take", "Write the lead anew", "Write the bass anew"), 2):
        await page.get_by_role("button", name=press).click()
        await expect(page.locator(".take")).to_have_count(take)
    await page.get_by_role("button", name="Take 1:").click()
    export = {
        "name": "my_spotify_data.zip",
        "mimeType": "application/zip",
        "buffer": extended_package(PLAYED, oddities=False),
    }
    await page.locator("#file").set_input_files(export)
    await expect(page.locator(".card")).to_have_count(5)
    await page.locator(".vote.yes").first.click()
    await place_playhead(page)


async def place_playhead(page: Page) -> None:
    box = await page.locator("#roll").bounding_box()
    if box is not None:
        await page.mouse.click(box["x"] + box["width"] * PLAYHEAD, box["y"] + 30)
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(900)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", help="a studio that runs already")
    parser.add_argument("--out", type=Path, default=PICTURES)
    wishes = parser.parse_args()
    wishes.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        url = wishes.url
        if url is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = stack.enter_context(running_studio(Path(folder))).url
        asyncio.run(take_all(url.rstrip("/"), wishes.out))
    sys.stderr.write(f"Pictures are in {wishes.out}\n")


if __name__ == "__main__":
    main()
