"""A small world of music with a known answer: four scenes, listeners who keep to theirs."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from recommender import artefact
from recommender.catalogue import Artist, Catalogue
from recommender.model import Model, train

SCENES = {
    "outrun": ("outrun", "synthwave", "80s"),
    "bebop": ("bebop", "jazz", "50s"),
    "doom": ("doom metal", "metal", "dark"),
    "baroque": ("baroque", "classical", "choral"),
}
A_SCENE = 14
UNHEARD = "Outrun Newcomer"


def artist(scene: str, number: int) -> str:
    return f"{scene.title()} Artist {number}"


def catalogue() -> Catalogue:
    """Every scene's artists with its tags, and one newcomer nobody plays."""
    artists = [
        Artist(artist(scene, number), {tags[0]: 5, tags[1 + number % 2]: 3})
        for scene, tags in SCENES.items()
        for number in range(A_SCENE)
    ]
    return Catalogue([*artists, Artist(UNHEARD, {"outrun": 5, "80s": 3})])


def listeners() -> dict[str, dict[str, float]]:
    """Ten listeners a scene with eight of its artists each; low numbers are the popular ones."""
    draw = np.random.default_rng(1)
    chances = 1.0 / np.arange(1, A_SCENE + 1)
    return {
        f"{scene} {number}": {
            artist(scene, int(pick)): float(draw.integers(1, 200))
            for pick in draw.choice(A_SCENE, 8, replace=False, p=chances / chances.sum())
        }
        for scene in SCENES
        for number in range(10)
    }


def model() -> Model:
    return train(catalogue(), listeners(), seed=3)


if __name__ == "__main__":
    sys.stdout.write(artefact.save(model(), Path(sys.argv[1])))
