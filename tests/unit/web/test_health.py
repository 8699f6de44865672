"""What balancers and operators are told."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Unavailable
from bot.web import health as health_module
from tests.unit.web.conftest import Site


async def test_readiness_lists_what_is_missing(studio: Site) -> None:
    ready = {"storage": True, "model": False}
    studio.health.add("storage", lambda: ready["storage"])
    studio.health.add("model", lambda: asyncio.sleep(0, ready["model"]))

    waiting = await studio.get("/readyz")
    assert waiting.status == 503
    assert await waiting.json() == {"ready": False, "missing": ["model"]}

    ready["model"] = True
    assert (await studio.get("/readyz")).status == 200

    ready["storage"] = False
    assert (await (await studio.get("/readyz")).json())["missing"] == ["storage"]


async def test_readiness_ends_for_good_when_shutting_down(studio: Site) -> None:
    assert (await studio.get("/readyz")).status == 200

    studio.health.close()

    answer = await studio.get("/readyz")
    assert answer.status == 503
    assert (await answer.json())["missing"] == ["shutting down"]
    assert (await studio.get("/livez")).status == 200


async def test_a_check_that_fails_or_hangs_is_not_ready(
    studio: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "CHECK_SECONDS", 0.05)

    async def gone() -> bool:
        raise Unavailable("The storage is away.")

    async def hanging() -> bool:
        await asyncio.sleep(60)
        return True

    studio.health.add("storage", gone)
    studio.health.add("workers", hanging)

    answer = await studio.get("/readyz")
    assert (await answer.json())["missing"] == ["storage", "workers"]


async def test_metrics_count_by_closed_labels(studio: Site) -> None:
    clip = await studio.jam()
    await studio.post("/api/jam", {"style": "polka-of-doom"})
    await studio.post("/api/recommend", {"like": "Kavinsky"})
    await studio.post("/api/recommend", {"mode": "secret-mode"})
    await studio.get("/somewhere/secret")
    await studio.client.request("BREW", f"{studio.url}/secret-pot")

    text = await (await studio.get("/metrics")).text()

    assert 'nightjar_clips_total{outcome="made",style="synthwave"} 1.0' in text
    assert 'nightjar_recommendations_total{mode="balanced",outcome="made"} 1.0' in text
    assert "nightjar_render_seconds_count 1.0" in text
    assert 'route="/api/jam",status="400"} 1.0' in text
    for typed in ("secret", "polka", "Kavinsky", "BREW", clip["id"]):
        assert typed not in text


async def test_metrics_are_not_passed_on_by_a_proxy(studio: Site) -> None:
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP"):
        answer = await studio.get("/metrics", **{header: "203.0.113.9"})
        assert answer.status == 404
