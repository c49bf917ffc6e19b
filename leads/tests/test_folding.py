"""What a search takes for the same."""

import pytest

from leads.folding import holds_words, is_phone, same_phone, search_keys


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
        *(("Schmidt Huber", "Schmidt-Huber"), ("Schmidt-Huber", "Schmidt Huber")),
        *(("Schmidt-Huber", "schmidthuber"), ("Zo\u00eb M\u00fcller", "M\u00fcller, \u201eZo\u00eb\u201c")),
        *(("S\u00f8ren \u00c5berg", "Soeren Aaberg"), ("L\u00b4Or\u00e9al", "L`Oreal")),
    ],
)
def test_accents_dashes_and_apostrophes_make_no_difference(stored: str, searched: str) -> None:
    assert holds_words(search_keys(stored), searched)


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


def test_a_number_is_found_under_another_prefix_of_its_country() -> None:
    assert same_phone("+7 495 123-45-67", "8 (495) 123-45-67")
    assert not same_phone("+7 495 123-45-67", "+7 496 123-45-67")


def test_no_number_is_no_match() -> None:
    assert not same_phone("", "07395295394")
