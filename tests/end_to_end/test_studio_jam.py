"""Making, hearing and keeping clips in the studio."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile

import mido
import pytest
from playwright.async_api import Browser, Page, expect

from tests.end_to_end.studio_process import Studio, Visit, make, make_short, visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

INKED = """() => {
  const canvas = document.getElementById("score");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] > 200) colours.add(pixels.slice(i, i + 3).map((v) => v >> 5).join());
  }
  return colours.size;
}"""


async def now(page: Page) -> float:
    """Where the player is, in seconds."""
    share = float(await page.get_by_label("Position in the clip").input_value())
    minutes, seconds = (await page.locator("#length").inner_text()).strip("/ ").split(":")
    return share * (60 * int(minutes) + int(seconds))


async def download(page: Page, name: str) -> tuple[str, bytes]:
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=f"Download {name}").click()
    kept = await coming.value
    path = await kept.path()
    return kept.suggested_filename, await asyncio.to_thread(path.read_bytes)


async def parts_of(page: Page) -> dict[str, list[str]]:
    """The messages of each track of the MIDI on offer, by part."""
    _, data = await download(page, "MIDI")
    tracks = mido.MidiFile(file=io.BytesIO(data)).tracks
    return {track.name: [str(message) for message in track] for track in tracks}


async def test_a_clip_is_made_as_chosen_and_plays(visited: Visit) -> None:
    page = visited.page
    await page.get_by_role("radio", name="Techno").check()
    await expect(page.get_by_label("Tempo")).to_have_attribute("placeholder", "124–140")
    await page.get_by_role("radio", name="dark", exact=True).check()
    await page.get_by_label("Key").select_option("F minor")
    await page.get_by_label("Tempo").fill("130")
    await page.get_by_role("radio", name="8", exact=True).check()
    await page.get_by_label("Seed").fill("7")
    await make(page)

    await expect(page.get_by_role("heading", name="Techno in F minor")).to_be_visible()
    facts = await page.locator("#facts").inner_text()
    assert re.search(r"130 bpm", facts)
    assert re.search(r"−1[34]\.\d LUFS", facts)

    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert await page.evaluate(INKED) > 6
    before = await now(page)
    await page.wait_for_timeout(700)
    assert 0.3 < await now(page) - before < 3
    await page.get_by_role("button", name="Pause").click()
    rested = await now(page)
    await page.wait_for_timeout(300)
    assert await now(page) == rested


async def test_everything_made_can_be_kept(visited: Visit) -> None:
    page = visited.page
    await make_short(page)

    name, sound = await download(page, "MP3")
    assert re.fullmatch(r"nightjar-synthwave-.*-7\.mp3", name)
    assert sound[:3] == b"ID3" or sound[0] == 0xFF
    assert {"drums", "bass"} <= set(await parts_of(page))
    assert (await download(page, "Picture"))[1].startswith(b"\x89PNG")
    document = json.loads((await download(page, "JSON"))[1])
    assert (document["style"], document["seed"]) == ("synthwave", 7)


async def test_a_clip_leans_to_an_artist_and_says_how(visited: Visit) -> None:
    page = visited.page
    field = page.get_by_label("Lean to")
    await field.press_sequentially("nujab")
    await page.get_by_role("option", name="Nujabes").click()
    await make_short(page)

    likeness = page.get_by_role("list", name="What the artist you named did")
    await expect(likeness).to_contain_text("(from Nujabes)")
    await expect(page.locator(".take")).to_contain_text("like Nujabes")
    await page.get_by_role("button", name="New take").click()
    await expect(page.locator(".take")).to_have_count(2)
    await expect(likeness).to_contain_text("(from Nujabes)")
    await page.reload()
    await expect(field).to_have_value("Nujabes")


async def test_an_artist_nobody_knows_is_told_beside_the_form(visited: Visit) -> None:
    visited.refusals_expected = True
    page = visited.page
    await page.get_by_label("Lean to").fill("Nujabsxx")
    await page.get_by_role("button", name="Make", exact=True).click()
    await expect(page.locator("#jam-problem")).to_contain_text("did you mean Nujabes")
    await expect(page.get_by_label("Lean to")).to_have_value("Nujabsxx")


async def test_stems_come_as_a_zip_of_parts(visited: Visit) -> None:
    page = visited.page
    await make_short(page, 180)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Download stems").click()
    kept = await coming.value
    data = await asyncio.to_thread((await kept.path()).read_bytes)

    assert re.fullmatch(r"nightjar-synthwave-.*-7-stems\.zip", kept.suggested_filename)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {"drums.flac", "bass.flac", "clip.mid", "README.txt"} <= set(archive.namelist())
    await expect(page.get_by_role("button", name="Download stems")).to_have_text("Stems")


async def test_styles_are_chosen_with_the_keyboard_alone(visited: Visit) -> None:
    page = visited.page
    names = await page.locator(".style-name").all_inner_texts()
    await page.get_by_role("radio", name="Lo-fi").focus()
    await page.keyboard.press("ArrowRight")
    following = names[names.index("Lo-fi") + 1]
    chosen = page.locator(".style input:checked")
    await expect(chosen).to_be_focused()
    assert await page.locator(".style:has(input:checked) .style-name").inner_text() == following
    await expect(page.locator("#style-note")).to_contain_text("bpm")
    await expect(page.locator(".style:has(input:checked)")).to_be_in_viewport()


async def test_takes_vary_and_are_compared(visited: Visit) -> None:
    page = visited.page
    await make_short(page)
    await page.get_by_role("button", name="New take").click()
    await expect(page.locator(".take")).to_have_count(2)
    second = await parts_of(page)
    await page.get_by_role("button", name="Write the bass anew").click()
    await expect(page.locator(".take")).to_have_count(3)
    third = await parts_of(page)

    changed = {name for name in second if second[name] != third[name]}
    assert "bass" in changed
    assert not changed & {"drums", "pad", "arp", "lead"}

    current = page.locator(".take[aria-current=true]")
    await expect(current).to_have_text("3new bass")
    await page.get_by_role("button", name="A/B with take 2").click()
    await expect(current).to_have_text("2new take")
    await page.keyboard.press("b")
    await expect(current).to_have_text("3new bass")
    await page.get_by_role("button", name="Take 1").click()
    await expect(current).to_contain_text("1")


async def test_comparing_keeps_the_place(visited: Visit) -> None:
    page = visited.page
    await make_short(page)
    await page.get_by_role("button", name="New take").click()
    await expect(page.locator(".take")).to_have_count(2)
    await page.locator("#roll").click(position={"x": 400, "y": 100})
    before = await now(page)
    assert before > 3

    await page.keyboard.press("b")
    await expect(page.locator(".take[aria-current=true]")).to_contain_text("1")

    assert before <= await now(page)
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()


async def test_the_loop_goes_round_and_can_be_left(visited: Visit) -> None:
    page = visited.page
    await make_short(page)
    roll = await page.locator("#roll").bounding_box()
    assert roll is not None
    nearly_over = {"x": roll["width"] * 0.97, "y": 60}

    await page.locator("#roll").click(position=nearly_over)
    await expect(page.locator("#bar-count")).to_have_text("bar 1 of 4")
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()

    await page.keyboard.press("l")
    await expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "false")
    await page.locator("#roll").click(position=nearly_over)
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


async def test_what_was_made_and_chosen_survives_a_reload(visited: Visit) -> None:
    page = visited.page
    await page.get_by_role("radio", name="Lo-fi").check()
    await make_short(page, 80)
    title = await page.locator("#clip-title").inner_text()

    await page.reload()

    await expect(page.locator("#clip-title")).to_have_text(title)
    await expect(page.get_by_label("Tempo")).to_have_value("80")
    await expect(page.get_by_role("radio", name="Lo-fi")).to_be_checked()
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


async def test_wrong_numbers_are_told_beside_the_form_and_nothing_is_lost(visited: Visit) -> None:
    page = visited.page
    await page.get_by_label("Seed").fill("7")
    await page.get_by_label("Tempo").fill("500")
    await page.get_by_role("button", name="Make", exact=True).click()

    await expect(page.locator("#bpm-problem")).to_have_text(
        "Tempo is a whole number from 40 to 220 bpm, or empty for any."
    )
    await expect(page.get_by_label("Tempo")).to_be_focused()
    await expect(page.get_by_label("Tempo")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("Seed")).to_have_value("7")
    assert await page.locator(".take").count() == 0


async def test_a_studio_that_is_gone_is_told_and_the_take_stays(visited: Visit) -> None:
    visited.refusals_expected = True
    page = visited.page
    await make_short(page)
    await page.route("**/api/**", lambda route: route.abort())
    await page.get_by_role("button", name="New take").click()

    await expect(page.locator("#stage-problem")).to_contain_text("Nightjar does not answer")
    await expect(page.locator(".take")).to_have_count(1)
    await page.unroute("**/api/**")
    await page.get_by_role("button", name="New take").click()
    await expect(page.locator(".take")).to_have_count(2)
    await expect(page.locator("#stage-problem")).to_be_empty()


async def test_a_clip_can_be_shared_as_a_page(visited: Visit) -> None:
    page = visited.page
    await make_short(page)
    title = await page.locator("#clip-title").inner_text()
    takes = json.loads(await page.evaluate("sessionStorage.getItem('nightjar.takes')"))

    await page.goto(visited.url + takes[0]["clip"]["urls"]["page"])

    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_label("Position in the clip")).not_to_have_value("0")
    assert await page.evaluate(INKED) > 6


@pytest.mark.parametrize("width", [360, 768, 1100])
async def test_the_page_fits_every_screen(studio: Studio, browser: Browser, width: int) -> None:
    async with visit(browser, studio.url, width=width, height=760) as visited:
        await make_short(visited.page)
        assert await visited.page.evaluate("document.documentElement.scrollWidth") == width
        await expect(visited.page.get_by_role("button", name="Pause")).to_be_in_viewport()
