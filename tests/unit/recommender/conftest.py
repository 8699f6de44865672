from __future__ import annotations

import pytest

from recommender.model import Model
from tests.unit.recommender import world


@pytest.fixture(scope="session")
def small_model() -> Model:
    return world.model()
