from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import SpecError
from generator.theory import Key, all_keys, harmony, over
from tests.notation import is_one_sentence

D_MINOR = Key.parse("D minor")
C_MAJOR = Key.parse("C major")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("D minor", "D minor"),
        ("Dm", "D minor"),
        ("dm", "D minor"),
        ("d min", "D minor"),
        ("D", "D major"),
        ("DM", "D major"),
        ("d", "D major"),
        ("Dmaj", "D major"),
        ("F#", "F# major"),
        ("f# minor", "F# minor"),
        ("F♯m", "F# minor"),
        ("Bb", "Bb major"),
        ("bb", "Bb major"),
        ("b minor", "B minor"),
        ("Bbm", "Bb minor"),
        ("B flat minor", "Bb minor"),
        ("c sharp minor", "C# minor"),
        ("  E-flat   major ", "Eb major"),
        ("Db minor", "C# minor"),
        ("Gb", "F# major"),
        ("A♭ moll", "G# minor"),
        ("E_minor", "E minor"),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, name: str) -> None:
    assert str(Key.parse(text)) == name


@pytest.mark.parametrize("text", ["", " ", "H", "H minor", "D dorian", "Dx", "minor", "D minor 7"])
def test_an_impossible_key_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SpecError) as refusal:
        Key.parse(text)
    assert is_one_sentence(str(refusal.value))
    assert "D minor" in str(refusal.value)


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=200)
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        key = Key.parse(text)
    except SpecError:
        return
    assert Key.parse(str(key)) == key


def test_every_key_reads_back_its_own_name() -> None:
    keys = all_keys()
    assert len({str(key) for key in keys}) == 24
    assert [Key.parse(str(key)) for key in keys] == list(keys)


def test_scales() -> None:
    assert C_MAJOR.scale == (0, 2, 4, 5, 7, 9, 11)
    assert D_MINOR.scale == (2, 4, 5, 7, 9, 10, 0)


@pytest.mark.parametrize(
    ("roman", "symbol", "tones"),
    [
        ("i", "Dm", (2, 5, 9)),
        ("VI", "Bb", (10, 2, 5)),
        ("VImaj7", "Bbmaj7", (10, 2, 5, 9)),
        ("iv9", "Gm9", (7, 10, 2, 5, 9)),
        ("V7", "A7", (9, 1, 4, 7)),
        ("V7b9", "A7b9", (9, 1, 4, 7, 10)),
        ("iim7b5", "Em7b5", (4, 7, 10, 2)),
        ("bII", "Eb", (3, 7, 10)),
        ("VIIsus4", "Csus4", (0, 5, 7)),
        ("iadd9", "Dm(add9)", (2, 5, 9, 4)),
    ],
)
def test_numerals_in_d_minor(roman: str, symbol: str, tones: tuple[int, ...]) -> None:
    chord = harmony(D_MINOR, roman)
    assert (chord.symbol, chord.tones) == (symbol, tones)
    assert chord.bass == chord.root == tones[0]


def test_a_chord_may_stand_over_another_bass() -> None:
    slash = harmony(D_MINOR, "VII/1")
    assert (slash.symbol, slash.bass, slash.root) == ("C/D", 2, 0)
    assert over(harmony(D_MINOR, "VII"), D_MINOR, 2) == slash
    assert over(slash, D_MINOR, 0).symbol == "C"


def test_names_follow_the_key() -> None:
    assert harmony(Key.parse("F# major"), "IV").symbol == "B"
    assert harmony(Key.parse("Eb minor"), "VI").symbol == "Cb"
    assert harmony(Key.parse("Bb major"), "IV").symbol == "Eb"
    assert harmony(Key.parse("E major"), "iii").symbol == "G#m"


@pytest.mark.parametrize("roman", ["", "H", "VIII", "IIII", "i13b", "V/8", "iv maj7", "x"])
def test_nonsense_is_no_numeral(roman: str) -> None:
    with pytest.raises(ValueError, match=r"numeral|no chord"):
        harmony(D_MINOR, roman)
