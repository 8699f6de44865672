"""The hybrid factor model: LightFM with artists described by identity and tags. The one user of
lightfm, but for the peers of an evaluation.

Kula (2015), "Metadata Embeddings for User and Item Cold-start Recommendations", arXiv 1507.08439;
WARP loss: Weston et al. (2011), "Wsabie". An artist's vector is ``v = e_artist + sum_t f_t e_t``;
an artist nobody played keeps only the tag part, since its own identity vector was never trained.
A track's is ``v = v_artist + e_track``, learnt with artists and listeners as they stand: what is
known of artists does not depend on how many tracks there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from lightfm import LightFM
from scipy import sparse

from recommender.arrays import Floats, Positions
from recommender.discography import ownership
from recommender.recipe import Recipe

STILL: Final = 1e30
"""A sum of squared gradients after which adagrad moves a parameter no more."""


@dataclass(frozen=True, slots=True)
class Factors:
    """``items`` (I, d) and ``biases`` (I,) of artists, ``tags`` (T, d), ``members`` (L, d) of
    listeners.

    ``items = identity + features @ tags``: the tag weight is already inside ``tags``.
    """

    items: Floats
    biases: Floats
    tags: Floats
    members: Floats


def fit_factors(
    played: Any, features: Any, recipe: Recipe, seed: int, on_epoch: Callable[[], None]
) -> Factors:
    """Train on ``played`` (listeners x items CSR, any positive value) and ``features`` (items x
    tags CSR).

    One thread, so that equal input and seed give equal bits. ``on_epoch`` is called after each
    epoch.
    """
    described = described_by(features, recipe)
    model = fit_lightfm(played, described, recipe, seed, on_epoch)
    return _read(model, played, features, recipe)


def described_by(features: Any, recipe: Recipe) -> Any:
    """``[identity, weighted tags]`` (items x (items + tags) CSR): what LightFM sees of artists."""
    identity = sparse.identity(features.shape[0], dtype=np.float32)
    return sparse.hstack([identity, recipe.tag_weight * features], format="csr").astype(np.float32)


def fit_lightfm(
    played: Any, described: Any, recipe: Recipe, seed: int, on_epoch: Callable[[], None]
) -> LightFM:
    """LightFM itself, trained on binary ``played`` with items as ``described``, in one thread."""
    interactions = sparse.coo_matrix(
        (np.ones(played.nnz, np.float32), played.tocoo().coords), shape=played.shape
    )
    model = _untrained(recipe, seed)
    for _ in range(recipe.epochs):
        model.fit_partial(interactions, item_features=described, epochs=1, num_threads=1)
        on_epoch()
    return model


def fit_tracks(
    played: Any,
    artists: Positions,
    factors: Factors,
    recipe: Recipe,
    seed: int,
    on_epoch: Callable[[], None],
) -> tuple[Floats, Floats]:
    """What sets tracks apart from their artists: vectors (T, d) and biases (T,).

    ``played`` is listeners x tracks CSR, its rows the first of ``factors.members``; ``artists``
    (T,) says whose each track is. The middle of the tracks somebody played is the zero; a track
    nobody played gets zeros.
    """
    tracks = played.shape[1]
    described = sparse.hstack(
        [sparse.identity(tracks, dtype=np.float32), ownership(artists, len(factors.items))],
        format="csr",
    ).astype(np.float32)
    interactions = sparse.coo_matrix(
        (np.ones(played.nnz, np.float32), played.tocoo().coords), shape=played.shape
    )
    model = _untrained(recipe, seed)
    model.fit_partial(interactions, item_features=described, epochs=0)
    _hold(model, tracks, factors)
    for _ in range(recipe.epochs):
        model.fit_partial(interactions, item_features=described, epochs=1, num_threads=1)
        on_epoch()
    heard = np.bincount(played.indices, minlength=tracks) > 0
    own, bias = model.item_embeddings[:tracks], model.item_biases[:tracks]
    own = np.where(heard[:, None], own - own[heard].mean(axis=0), 0.0)
    bias = np.where(heard, bias - bias[heard].mean(), 0.0)
    return own.astype(np.float32), bias.astype(np.float32)


def _hold(model: LightFM, tracks: int, factors: Factors) -> None:
    """Start ``model`` from ``factors``, of which nothing may move, and tracks without a part of
    their own.
    """
    listeners = len(model.user_embeddings)
    model.item_embeddings[:tracks] = 0.0
    model.item_embeddings[tracks:] = factors.items
    model.item_biases[tracks:] = factors.biases
    model.user_embeddings[:] = factors.members[:listeners]
    model.item_embedding_gradients[tracks:] = STILL
    model.item_bias_gradients[tracks:] = STILL
    model.user_embedding_gradients[:] = STILL
    model.user_bias_gradients[:] = STILL


def _untrained(recipe: Recipe, seed: int) -> LightFM:
    return LightFM(
        no_components=recipe.components,
        loss="warp",
        learning_schedule="adagrad",
        learning_rate=recipe.learning_rate,
        max_sampled=recipe.max_sampled,
        random_state=seed,
    )


def _read(model: LightFM, played: Any, features: Any, recipe: Recipe) -> Factors:
    items = played.shape[1]
    tag_vectors = (recipe.tag_weight * model.item_embeddings[items:]).astype(np.float32)
    tag_biases = (recipe.tag_weight * model.item_biases[items:]).astype(np.float32)
    heard = (np.bincount(played.indices, minlength=items) > 0).astype(np.float32)
    own = model.item_embeddings[:items] * heard[:, None]
    own_bias = model.item_biases[:items] * heard
    return Factors(
        items=(own + features @ tag_vectors).astype(np.float32),
        biases=(own_bias + features @ tag_biases).astype(np.float32),
        tags=tag_vectors,
        members=model.user_embeddings.astype(np.float32),
    )
