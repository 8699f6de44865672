"""What an operator may count. Labels come from closed sets only: no ids, nothing typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.errors import Unavailable, UserError

METHODS: Final = frozenset({"GET", "HEAD", "POST"})
MODES: Final = frozenset({"familiar", "balanced", "adventurous"})
RENDER_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Metrics:
    """Counters in a registry of their own, written out in Prometheus' text format."""

    content_type: Final = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "nightjar_http_requests",
            "Answered requests",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._clips = Counter(
            "nightjar_clips", "Clips asked for", ("style", "outcome"), registry=self._registry
        )
        self._render = Histogram(
            "nightjar_render_seconds",
            "From asking for a clip to having it, the cache included",
            buckets=RENDER_SECONDS,
            registry=self._registry,
        )
        self._recommendations = Counter(
            "nightjar_recommendations",
            "Recommendation cards asked for",
            ("mode", "outcome"),
            registry=self._registry,
        )

        self._trainings = Counter(
            "nightjar_trainings", "Trainings asked for", ("outcome",), registry=self._registry
        )
        self._tag_lookups = Counter(
            "nightjar_tag_lookups",
            "Artists looked up at a tag service",
            ("source", "outcome"),
            registry=self._registry,
        )

    def request(self, route: str, method: str, status: int) -> None:
        """Counts one answer; ``route`` is the route's template, never the path asked for."""
        self._requests.labels(route, method if method in METHODS else "other", str(status)).inc()

    @contextmanager
    def clip(self, style: str) -> Iterator[None]:
        """Times the making of a clip inside it. ``style`` is the slug of a resolved spec."""
        start = perf_counter()
        with self._outcome(self._clips, style):
            yield
        self._render.observe(perf_counter() - start)

    @contextmanager
    def recommendation(self, mode: str) -> Iterator[None]:
        """Counts one recommendation card and how it ended."""
        with self._outcome(self._recommendations, mode if mode in MODES else "other"):
            yield

    def tag_lookup(self, source: str, outcome: str) -> None:
        """Counts one question to a tag service."""
        self._tag_lookups.labels(source, outcome).inc()

    @contextmanager
    def training(self) -> Iterator[None]:
        """Counts one training and how it ended; "refused" is a model not fit to serve."""
        with self._outcome(self._trainings):
            yield

    @contextmanager
    def _outcome(self, counter: Counter, *labels: str) -> Iterator[None]:
        outcome = "failed"
        try:
            yield
            outcome = "made"
        except Unavailable:
            outcome = "unavailable"
            raise
        except UserError:
            outcome = "refused"
            raise
        finally:
            counter.labels(*labels, outcome).inc()

    def text(self) -> bytes:
        return generate_latest(self._registry)
