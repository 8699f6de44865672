"""The starter catalogue as it ships: an editor's promises about its four files.

The files are read with the standard library only, so that a fault in the recommender's own readers
cannot hide a fault in the data.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from rapidfuzz import fuzz, process

STARTER: Final = Path(__file__).resolve().parents[2] / "recommender" / "starter"
FILES: Final = ("artists.csv", "crates.toml", "tags.txt", "tracks.csv")

FEWEST_ARTISTS: Final = 1_500
FEWEST_CRATES: Final = 150
CRATE_SIZES: Final = range(12, 26)
TAGS_PER_ARTIST: Final = range(3, 8)
WEIGHTS: Final = range(1, 6)
FEWEST_ARTISTS_PER_TAG: Final = 3
SHARE_IN_CRATES: Final = 0.9
MOST_ALIKE_CRATES: Final = 0.65
FEWEST_ARTISTS_WITH_TRACKS: Final = 800
TRACKS_PER_ARTIST: Final = range(2, 6)
LONGEST_TITLE: Final = 80
ONE_RECORD_ARTISTS: Final = {"Stardust"}
TITLED_LIKE_THE_ARTIST: Final = {
    "Black Sabbath",
    "Bo Diddley",
    "Dimmu Borgir",
    "Laserdance",
    "Minor Threat",
    "Motörhead",
    "Talk Talk",
    "Visage",
}

TOO_ALIKE: Final = 88.0
SHORTEST_COMPARED: Final = 5
REALLY_TWO_ARTISTS: Final = {
    frozenset({"Desire", "Desired"}),
    frozenset({"J. Cole", "MJ Cole"}),
    frozenset({"Joy Orbison", "Roy Orbison"}),
    frozenset({"Sasha", "Sha Sha"}),
}

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"}
)


def spelling_key(name: str) -> str:
    """What is left of a name without case, accents, a leading "The", "&" for "and", punctuation."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS).replace("&", " and "))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’]", "", text)).strip()
    return re.sub(r"^the (?=.)", "", text).replace(" ", "")


def read_artists() -> list[tuple[str, str]]:
    """Rows of artists.csv below the header, as (name, raw tags)."""
    with (STARTER / "artists.csv").open(encoding="utf-8", newline="") as source:
        header, *rows = list(csv.reader(source, strict=True))
    assert header == ["artist", "tags"]
    assert all(len(row) == len(header) for row in rows)
    return [(name, tags) for name, tags in rows]


def read_tracks() -> list[tuple[str, str]]:
    """Rows of tracks.csv below the header, as (artist, title)."""
    with (STARTER / "tracks.csv").open(encoding="utf-8", newline="") as source:
        header, *rows = list(csv.reader(source, strict=True))
    assert header == ["artist", "track"]
    assert all(len(row) == len(header) for row in rows)
    return [(artist, title) for artist, title in rows]


def title_key(title: str) -> str:
    """What is left of a title without case, accents and punctuation, in any script."""
    text = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    return "".join(letter for letter in text if letter.isalnum())


def read_tag_groups() -> dict[str, list[str]]:
    """tags.txt as group title -> its tags in file order."""
    groups: dict[str, list[str]] = {}
    title = ""
    for line in (STARTER / "tags.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            title = line[2:]
            assert title not in groups, f"the group {title!r} stands twice"
            groups[title] = []
        elif line:
            groups[title].append(line)
    return groups


def weights(raw: str) -> dict[str, int]:
    """``tag:weight;tag:weight`` as a mapping; fails on a tag given twice."""
    pairs = [part.rsplit(":", 1) for part in raw.split(";")]
    found = {tag: int(weight) for tag, weight in pairs}
    assert len(found) == len(pairs), f"a tag stands twice in {raw!r}"
    return found


@pytest.fixture(scope="module")
def artists() -> dict[str, dict[str, int]]:
    return {name: weights(raw) for name, raw in read_artists()}


@pytest.fixture(scope="module")
def vocabulary() -> list[str]:
    return [tag for tags in read_tag_groups().values() for tag in tags]


@pytest.fixture(scope="module")
def crates() -> dict[str, dict[str, object]]:
    return tomllib.loads((STARTER / "crates.toml").read_text(encoding="utf-8"))


def contents(crate: dict[str, object]) -> list[str]:
    names = crate["artists"]
    assert isinstance(names, list)
    assert all(isinstance(name, str) for name in names)
    return names


def alike(names: list[str]) -> Iterator[frozenset[str]]:
    """Pairs of names whose keys differ by a letter or so."""
    kept = [name for name in names if len(spelling_key(name)) >= SHORTEST_COMPARED]
    keys = [spelling_key(name) for name in kept]
    scores = process.cdist(keys, keys, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE)
    for first, second in zip(*scores.nonzero(), strict=True):
        if first < second:
            yield frozenset({kept[first], kept[second]})


@pytest.mark.parametrize("name", FILES)
def test_file_is_tidy_utf8(name: str) -> None:
    text = (STARTER / name).read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


def test_there_are_enough_artists_and_crates(
    artists: dict[str, dict[str, int]], crates: dict[str, dict[str, object]]
) -> None:
    assert len(artists) >= FEWEST_ARTISTS
    assert len(crates) >= FEWEST_CRATES


def test_no_artist_stands_twice_under_two_spellings() -> None:
    names = [name for name, _ in read_artists()]
    assert all(map(spelling_key, names))
    times = Counter(map(spelling_key, names))
    assert [name for name in names if times[spelling_key(name)] > 1] == []


def test_names_that_look_alike_are_known_to_be_two_artists() -> None:
    found = set(alike([name for name, _ in read_artists()]))
    assert found - REALLY_TWO_ARTISTS == set()
    assert REALLY_TWO_ARTISTS - found == set(), "the allow-list has grown stale"


def test_names_are_printable_and_trimmed() -> None:
    names = [name for name, _ in read_artists()]
    assert [n for n in names if not n.isprintable() or n != " ".join(n.split())] == []


def test_artists_are_sorted_by_name() -> None:
    keys = [spelling_key(name) for name, _ in read_artists()]
    assert keys == sorted(keys)


def test_every_tag_an_artist_has_is_in_the_vocabulary(
    artists: dict[str, dict[str, int]], vocabulary: list[str]
) -> None:
    known = set(vocabulary)
    assert {name: set(tags) - known for name, tags in artists.items() if set(tags) - known} == {}


def test_every_artist_has_a_handful_of_weighted_tags(artists: dict[str, dict[str, int]]) -> None:
    for name, tags in artists.items():
        assert len(tags) in TAGS_PER_ARTIST, name
        assert all(weight in WEIGHTS for weight in tags.values()), name
        assert max(tags.values()) >= 4, f"{name} has no defining tag"


def test_heavier_tags_stand_first(artists: dict[str, dict[str, int]]) -> None:
    for name, tags in artists.items():
        assert list(tags) == sorted(tags, key=lambda tag: (-tags[tag], tag)), name


def test_the_vocabulary_is_controlled(vocabulary: list[str]) -> None:
    assert len(set(vocabulary)) == len(vocabulary)
    for tag in vocabulary:
        assert re.fullmatch(r"[a-z0-9&]+([ -][a-z0-9&]+)*", tag), tag


def test_vocabulary_groups_are_sorted_and_filled() -> None:
    for title, tags in read_tag_groups().items():
        assert tags, title
        assert tags == sorted(tags), title


def test_every_vocabulary_tag_joins_artists(
    artists: dict[str, dict[str, int]], vocabulary: list[str]
) -> None:
    used = Counter(tag for tags in artists.values() for tag in tags)
    assert {tag: used[tag] for tag in vocabulary if used[tag] < FEWEST_ARTISTS_PER_TAG} == {}


def test_crates_are_named_noted_and_of_a_size(crates: dict[str, dict[str, object]]) -> None:
    for slug, crate in crates.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), slug
        assert set(crate) == {"name", "note", "artists"}, slug
        assert len(contents(crate)) in CRATE_SIZES, slug
        note = str(crate["note"])
        assert note.endswith("."), slug
        assert "\n" not in note, slug
    for field in ("name", "note"):
        assert len({str(crate[field]).casefold() for crate in crates.values()}) == len(crates)


def test_crates_name_artists_exactly_as_the_catalogue_does(
    artists: dict[str, dict[str, int]], crates: dict[str, dict[str, object]]
) -> None:
    unknown = {slug: set(contents(crate)) - set(artists) for slug, crate in crates.items()}
    assert {slug: names for slug, names in unknown.items() if names} == {}


def test_no_artist_stands_twice_in_a_crate(crates: dict[str, dict[str, object]]) -> None:
    for slug, crate in crates.items():
        assert len(set(map(spelling_key, contents(crate)))) == len(contents(crate)), slug


def test_crates_and_their_artists_are_sorted(crates: dict[str, dict[str, object]]) -> None:
    assert list(crates) == sorted(crates)
    for slug, crate in crates.items():
        keys = [spelling_key(name) for name in contents(crate)]
        assert keys == sorted(keys), slug


def test_no_crate_repeats_another(crates: dict[str, dict[str, object]]) -> None:
    sets = {slug: set(contents(crate)) for slug, crate in crates.items()}
    copies = [
        (one, other)
        for one, other in combinations(sets, 2)
        if len(sets[one] & sets[other]) > MOST_ALIKE_CRATES * len(sets[one] | sets[other])
    ]
    assert copies == []


def test_crates_cover_the_catalogue(
    artists: dict[str, dict[str, int]], crates: dict[str, dict[str, object]]
) -> None:
    covered = {name for crate in crates.values() for name in contents(crate)}
    assert len(covered & set(artists)) >= SHARE_IN_CRATES * len(artists)


def test_crates_join_into_one_space(crates: dict[str, dict[str, object]]) -> None:
    waiting = [set(contents(crate)) for crate in crates.values()]
    reached = waiting.pop()
    while near := [names for names in waiting if names & reached]:
        reached.update(*near)
        waiting = [names for names in waiting if names not in near]
    assert waiting == [], "some crates share no artist with the rest"


@pytest.fixture(scope="module")
def tracks() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for artist, title in read_tracks():
        found.setdefault(artist, []).append(title)
    return found


def test_tracks_are_by_artists_of_the_catalogue(
    artists: dict[str, dict[str, int]], tracks: dict[str, list[str]]
) -> None:
    assert sorted(set(tracks) - set(artists)) == []
    assert len(tracks) >= FEWEST_ARTISTS_WITH_TRACKS


def test_an_artist_has_a_few_tracks(tracks: dict[str, list[str]]) -> None:
    sizes = {artist: len(titles) for artist, titles in tracks.items()}
    assert {artist for artist, size in sizes.items() if size == 1} == ONE_RECORD_ARTISTS
    odd = [a for a in sizes if sizes[a] not in TRACKS_PER_ARTIST and a not in ONE_RECORD_ARTISTS]
    assert odd == []


def test_tracks_stand_in_the_order_of_the_artists() -> None:
    place = {name: at for at, (name, _) in enumerate(read_artists())}
    places = [place[artist] for artist, _ in read_tracks()]
    assert places == sorted(places)


def test_no_track_stands_twice(tracks: dict[str, list[str]]) -> None:
    twice = {a: t for a, t in tracks.items() if len(set(map(title_key, t))) < len(t)}
    assert twice == {}


def test_titles_are_printable_trimmed_and_of_a_length() -> None:
    titles = [title for _, title in read_tracks()]
    assert [t for t in titles if not t.isprintable() or t != " ".join(t.split())] == []
    assert [t for t in titles if not title_key(t) or len(t) > LONGEST_TITLE] == []


def test_brackets_and_quotes_of_titles_are_closed() -> None:
    unclosed = [
        title
        for _, title in read_tracks()
        if title.count("(") != title.count(")") or title.count('"') % 2
    ]
    assert unclosed == []


def test_only_known_titles_are_the_artists_own_name() -> None:
    own = {artist for artist, title in read_tracks() if title_key(artist) == title_key(title)}
    assert own == TITLED_LIKE_THE_ARTIST
