"""A report as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from recommender.evaluation.metrics import Mean
from recommender.evaluation.run import Figures, Outcome, Report


def document(report: Report) -> dict[str, Any]:
    """Figures by protocol and model; means are ``{"mean", "error"}``, shares 0..1."""
    return {
        "seed": report.seed,
        "listeners": report.listeners,
        "artists": report.artists,
        "pairs": report.pairs,
        "tagged_artists": report.tagged,
        "protocols": {outcome.protocol: _outcome(outcome) for outcome in report.outcomes},
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    compared = outcome.comparison
    return {
        "cases": outcome.cases,
        "candidates": outcome.candidates,
        "models": {row.model: _figures(row) for row in outcome.rows},
        "over_best_peer": {
            "measure": compared.measure,
            "peer": compared.peer,
            "ratio": round(compared.ratio, 4),
            "gain": _mean(compared.gain),
        },
    }


def _figures(row: Figures) -> dict[str, Any]:
    shown = row.shown
    return {
        "recall@20": _mean(row.recall),
        "ndcg@10": _mean(row.short_ndcg),
        "ndcg@20": _mean(row.ndcg),
        "coverage@20": round(shown.coverage, 4),
        "novelty_bits": round(shown.novelty, 3),
        "diversity": None if shown.diversity is None else round(shown.diversity, 4),
        "fit_cpu_seconds": round(row.fit_seconds, 2),
        "score_ms": round(row.score_ms, 3),
    }


def _mean(mean: Mean) -> dict[str, float]:
    return {"mean": round(mean.value, 4), "error": round(mean.error, 4)}
