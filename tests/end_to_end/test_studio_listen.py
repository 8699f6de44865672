"""Importing a history and finding music in the studio."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.end_to_end.studio_process import Visit
from tests.exports import account_package, extended_package

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAYED = {"Kavinsky": 60, "Com Truise": 40, "The Midnight": 30, "Timecop1983": 20, "FM-84": 10}


async def give(page: Page, name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "application/zip", "buffer": data}
    await page.locator("#file").set_input_files(file)


async def artists(page: Page) -> list[str]:
    return [name.strip() for name in await page.locator(".card-artist").all_inner_texts()]


@pytest.mark.parametrize("package", [extended_package, account_package])
async def test_an_export_brings_music_whose_reasons_name_what_is_played(
    visited: Visit, package: object
) -> None:
    page = visited.page
    await give(page, "my_spotify_data.zip", package(PLAYED))  # type: ignore[operator]

    await expect(page.locator("#report")).to_contain_text("160 plays of 5 artists")
    await expect(page.locator(".card")).to_have_count(5)
    reasons = await page.locator(".card-reason").all_inner_texts()
    assert any(artist in reason for reason in reasons for artist in PLAYED)
    assert not set(await artists(page)) & set(PLAYED)
    await expect(page.locator("#taste-summary")).to_contain_text("5 artists")
    links = await page.locator(".card-artist a").evaluate_all("all => all.map((a) => a.rel)")
    assert links == ["noopener noreferrer"] * 5


async def test_a_dropped_export_is_read(visited: Visit) -> None:
    page = visited.page
    data = account_package(PLAYED)
    transfer = await page.evaluate_handle(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "my_spotify_data.zip"));
          return transfer;
        }""",
        list(data),
    )
    await page.dispatch_event("body", "dragenter", {"dataTransfer": transfer})
    await expect(page.locator("#veil")).to_be_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": transfer})

    await expect(page.locator("#veil")).to_be_hidden()
    await expect(page.locator(".card")).to_have_count(5)


async def test_votes_count_and_one_find_leads_to_the_next(visited: Visit) -> None:
    page = visited.page
    await give(page, "my_spotify_data.zip", account_package(PLAYED))
    await expect(page.locator(".card")).to_have_count(5)
    first, second, *_ = await artists(page)
    like = page.get_by_role("button", name=f"I like {first}")
    dislike = page.get_by_role("button", name=f"Not for me: {second}")

    await like.click()
    await expect(like).to_have_attribute("aria-pressed", "true")
    await dislike.click()
    await expect(dislike).to_have_attribute("aria-pressed", "true")
    await like.click()
    await expect(like).to_have_attribute("aria-pressed", "false")
    await like.click()
    await expect(like).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name=f"More like {first}").click()
    await expect(page.locator("#basis")).to_contain_text(first)

    await page.get_by_role("button", name="Find music").click()
    await expect(page.locator("#basis")).not_to_contain_text("close to")
    assert second not in await artists(page)


async def test_a_wrong_file_is_told_and_nothing_is_lost(visited: Visit) -> None:
    visited.refusals_expected = True
    page = visited.page
    await give(page, "my_spotify_data.zip", account_package(PLAYED))
    await expect(page.locator(".card")).to_have_count(5)

    await give(page, "holiday.zip", b"this is no zip at all")

    problem = page.locator("#import-problem")
    await expect(problem).not_to_be_empty()
    assert (await problem.inner_text()).endswith((".", "?"))
    await expect(page.locator(".card")).to_have_count(5)
    await expect(page.locator("#taste-summary")).to_contain_text("5 artists")


async def test_artists_are_added_by_keyboard_from_suggestions(visited: Visit) -> None:
    page = visited.page
    field = page.get_by_label("Add artists you like")
    await field.press_sequentially("kavin")
    options = page.locator("#artist-options").get_by_role("option")
    await expect(options.first).to_have_text("Kavinsky")
    await page.keyboard.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await expect(field).to_have_attribute("aria-activedescendant", "artist-options-0")
    await page.keyboard.press("Enter")

    await expect(page.locator("#taste-summary")).to_contain_text("1 added")
    await expect(field).to_have_value("")
    await page.get_by_role("button", name="Find music").click()
    await expect(page.locator(".card")).to_have_count(5)
    assert "Kavinsky" not in await artists(page)


async def test_the_list_of_suggestions_closes_on_escape(visited: Visit) -> None:
    page = visited.page
    field = page.get_by_label("Close to")
    await field.press_sequentially("tim")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(field).to_have_value("tim")


async def test_music_close_to_one_artist_needs_no_taste(visited: Visit) -> None:
    page = visited.page
    await page.get_by_role("button", name="Find music").click()
    await expect(page.locator("#find-problem")).to_contain_text("Drop your export")

    await page.get_by_label("Close to").fill("Boards of Canada")
    await page.keyboard.press("Enter")

    await expect(page.locator(".card")).to_have_count(5)
    await expect(page.locator("#basis")).to_contain_text("Boards of Canada")
    await expect(page.locator("#find-problem")).to_be_empty()
    begin = page.locator(".card-start").first
    await expect(begin).to_contain_text("Start with ")
    await expect(begin.get_by_role("link")).to_have_attribute(
        "href", re.compile(r"^https://open\.spotify\.com/search/[^/]+/tracks$")
    )


async def test_an_unknown_artist_is_told_with_the_nearest(visited: Visit) -> None:
    visited.refusals_expected = True
    page = visited.page
    await page.get_by_label("Add artists you like").fill("Qwxzjk Vvbnm")
    await page.get_by_role("button", name="Add", exact=True).click()

    await expect(page.locator("#add-problem")).to_contain_text("Qwxzjk Vvbnm")
    await expect(page.get_by_label("Add artists you like")).to_have_value("Qwxzjk Vvbnm")


async def test_the_mode_changes_what_is_found(visited: Visit) -> None:
    page = visited.page
    await give(page, "my_spotify_data.zip", account_package(PLAYED))
    await expect(page.locator(".card")).to_have_count(5)

    found = {}
    for mode in ("Familiar", "Adventurous"):
        await page.get_by_role("radio", name=mode).check()
        async with page.expect_response("**/api/recommend"):
            await page.get_by_role("button", name="Find music").click()
        await expect(page.locator("#listen")).not_to_have_attribute("aria-busy", "true")
        found[mode] = await artists(page)

    assert found["Familiar"] != found["Adventurous"]
    assert not set(found["Adventurous"]) & set(PLAYED)


async def test_a_taste_is_offered_as_mixes(visited: Visit) -> None:
    page = visited.page
    await expect(page.locator("#mixes")).to_be_hidden()
    nights = dict.fromkeys(("Perturbator", "Gunship", "Carpenter Brut"), 20)
    beats = dict.fromkeys(("Nujabes", "J Dilla", "Madlib", "Knxwledge", "DJ Shadow"), 12)
    await give(page, "my_spotify_data.zip", extended_package(PLAYED | nights | beats))
    await page.get_by_text("Your mixes").click()

    names = page.locator(".mix-name")
    await expect(names).to_have_count(2)
    first, second = await names.all_inner_texts()
    await expect(page.locator("#mix-title")).to_have_text(first)
    await expect(names.first).to_have_attribute("aria-pressed", "true")
    assert await page.locator(".mix-item").count() >= 20
    assert "you play it" in await page.locator(".mix-reason").all_inner_texts()
    new = page.locator(".mix-item.new")
    await expect(new.first.locator(".mix-reason")).to_contain_text("new: because you play")
    address = re.compile(r"^https://open\.spotify\.com/(track|search)/")
    for place in (new.first, page.locator(".mix-item").first):
        await expect(place.get_by_role("link")).to_have_attribute("href", address)

    await names.nth(1).click()
    await expect(page.locator("#mix-title")).to_have_text(second)
    await expect(names.first).to_have_attribute("aria-pressed", "false")


async def test_too_little_taste_for_mixes_is_told_until_there_is_enough(visited: Visit) -> None:
    visited.refusals_expected = True
    page = visited.page
    field = page.get_by_label("Add artists you like")
    for number, name in enumerate(("Kavinsky", "Gunship", "Perturbator"), start=1):
        await field.fill(name)
        await page.get_by_role("button", name="Add", exact=True).click()
        await expect(page.locator("#taste-summary")).to_contain_text(f"{number} added")
        if number == 1:
            await page.get_by_text("Your mixes").click()
            await expect(page.locator("#mixes-problem")).to_contain_text("Mixes begin at 3")
    await expect(page.locator("#mix-title")).to_contain_text("Synthwave")
    await expect(page.locator("#mixes-problem")).to_be_empty()
