from __future__ import annotations

from recommender.catalogue import Artist, Catalogue


def test_each_artist_stands_once_under_its_first_spelling() -> None:
    catalogue = Catalogue([Artist("The Cure"), Artist("cure", {"goth": 1}), Artist(" ")])
    assert [artist.name for artist in catalogue] == ["The Cure"]
    assert "CURE" in catalogue
    assert "Cream" not in catalogue


def test_find_forgives_and_suggest_completes() -> None:
    catalogue = Catalogue([Artist("Kavinsky", {"outrun": 5}), Artist("Kraftwerk")])
    found = catalogue.find("kavinski")
    assert found is not None
    assert found.tags == {"outrun": 5}
    assert catalogue.find("Nobody at all") is None
    assert catalogue.suggest("kr") == ["Kraftwerk"]
    assert catalogue.nearest("Kraftwork") == ["Kraftwerk"]


def test_tags_are_laid_on_top_and_new_artists_appended() -> None:
    catalogue = Catalogue([Artist("Air", {"chill": 2}), Artist("Moby")])
    richer = catalogue.with_tags({"AIR": {"french": 4}, "Nova": {"jazz": 1}})
    assert [artist.name for artist in richer] == ["Air", "Moby", "Nova"]
    assert richer.artists[0].tags == {"chill": 2, "french": 4}
    assert catalogue.artists[0].tags == {"chill": 2}
