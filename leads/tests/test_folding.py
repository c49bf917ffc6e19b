"""What a search takes for the same."""

import pytest

from leads.folding import fold_text, is_phone, same_phone, search_keys


@pytest.mark.parametrize(
    ("stored", "searched"),
    [
        ("Müller", "Muller"),
        ("Müller", "mueller"),
        ("Mueller", "mueller"),
        ("MÜLLER", "mu\u0308ller"),
        ("Łukasz Søren-Æther", "lukasz sorenaether"),
        ("O\u2019Brien", "o'brien"),
        ("O'Brien", "OBrien"),
        ("Jean\u2013Luc", "jean-luc"),
        ("Straße", "STRASSE"),
        ("Grüße GmbH & Co. KG", "gruesse gmbh"),
        ("\ufb01rst \uff23orp", "first corp"),
    ],
)
def test_accents_dashes_and_apostrophes_make_no_difference(stored: str, searched: str) -> None:
    assert all(word in search_keys(stored) for word in fold_text(searched).split())


@pytest.mark.parametrize(
    "searched",
    [
        "447395295394",
        "+44 7395 295394",
        "07395295394",
        "0739 5295394",
        "0044 7395 295394",
        "+44 (0)7395/295394",
        "95394",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(searched: str) -> None:
    assert is_phone(searched)
    assert same_phone("+44 739 5295394", searched)


def test_a_number_stored_without_its_country_is_found_with_it() -> None:
    assert same_phone("0739 5295394", "+447395295394")


@pytest.mark.parametrize("words", ["4711", "ada", "7 Seas", "+"])
def test_what_is_no_phone_number_is_searched_as_words(words: str) -> None:
    assert not is_phone(words)


def test_no_number_is_no_match() -> None:
    assert not same_phone("", "07395295394")
