"""One mailbox is one address, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from encryption.email_addresses import (
    InvalidAddress,
    address_hash,
    canonical_address,
    mailbox_of,
    parse_address,
    readable_address,
    stored_hashes,
    stored_spellings,
)

MUELLER = "chef@xn--mller-kva.example"


@pytest.mark.parametrize(
    "typed",
    [
        "chef@müller.example",
        "Chef@MÜLLER.example ",
        "chef@xn--mller-kva.example",
        "chef@mu\u0308ller.example",  # NFD, as macOS writes it
        "chef\uff20müller.example",
        "\uff43hef@müller\u3002example",
        "Der Chef <chef@müller.example>",
        "mailto:chef@müller.example?subject=Hi",
        '"Chef, Der" <mailto:chef@müller.example>',
        "chef@müller.example.",
        "chef@müller.example; ",
        "Der Chef <chef@müller.example>,",
        "chef@müller.example (Büro)",
        "chef(Büro)@müller.example",
        '"chef"@müller.example',
        "'chef@müller.example'",
        "„chef@müller.example“",
        "mailto:chef%40m%C3%BCller.example",
        "mailto://chef@müller.example",
        "MAILTO:Der Chef <chef@müller.example>",
        "\u200bchef@mü\u00adller.example\u202c",
        "ch\u200def@müller\u200d.example",
        "chef@müller\uff0eexample\u3002",
        "chef @ müller.example",
        "chef@ müller.example ",
        "<chef@müller.example",
        "chef@müller.example>",
        "E-Mail: chef@müller.example",
    ],
)
def test_every_spelling_is_one_address(typed: str) -> None:
    assert parse_address(typed) == MUELLER


def test_a_percent_sign_of_a_mailto_link_is_decoded() -> None:
    assert parse_address("mailto:ada%2Bhub@engines.example") == "ada+hub@engines.example"
    assert parse_address("ada%2bhub@engines.example") == "ada%2bhub@engines.example"


def test_typographic_signs_of_text_editors_are_those_of_the_keyboard() -> None:
    assert parse_address("pat.o\u2019brien\u2011smith@engines.example") == "pat.o'brien-smith@engines.example"


def test_a_tag_is_another_address() -> None:
    assert address_hash("ada+hub@engines.example") != address_hash("ada@engines.example")


def test_a_joiner_inside_a_word_makes_another_domain() -> None:
    """Scripts of India and Persia write it; without it, mail would go to somebody else."""
    written = "ada@क्\u200cष.example"
    assert parse_address(written) == "ada@xn--11b2ezcs70k.example"
    assert parse_address(written.replace("\u200c", "")) != parse_address(written)


def test_a_sharp_s_is_no_double_s() -> None:
    """IDNA 2008: two domains, that may belong to two people."""
    assert canonical_address("a@straße.example") != canonical_address("a@strasse.example")


@pytest.mark.parametrize("typed", ["jörg@example.com", "Jörg <jörg@example.com>"])
def test_letters_before_the_at_are_named(typed: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(typed)
    assert caught.value.reason == "letters"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@engines.example",
        "ada@localhost",
        "ada@[192.0.2.1]",
        f"{'a' * 65}@b.example",
        f"ada@{'a.' * 130}example",
        '"ada lovelace"@engines.example',
        '"a\\"b"@engines.example',
        "mailto:" * 40_000,
        "ada@\u0661.example",
        "ada@😀.example",
        "ada@engines.example, bob@engines.example",
        "ada(at)engines.example",
        "ada lovelace@engines.example",
        "ada@engines .example",
        "<>",
    ],
)
def test_what_nobody_can_write_to_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        parse_address(typed)


def test_people_see_their_own_letters() -> None:
    assert readable_address(MUELLER) == "chef@müller.example"
    assert readable_address("ada@engines.example") == "ada@engines.example"


def test_what_was_stored_before_is_found() -> None:
    assert list(stored_spellings("chef@müller.example")) == [MUELLER, "chef@müller.example"]
    assert stored_hashes("chef@müller.example")[0] == address_hash(MUELLER)
    assert len(stored_hashes("ada@engines.example")) == 1


@given(st.text())
def test_the_canonical_form_is_its_own(text: str) -> None:
    assert canonical_address(canonical_address(text)) == canonical_address(text)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ada+7@engines.example", "ada@engines.example"),
        ("a.d.a@engines.example", "a.d.a@engines.example"),
        ("a.d.a+x@googlemail.com", "ada@gmail.com"),
        ("+ada@engines.example", "+ada@engines.example"),
    ],
)
def test_many_addresses_are_one_mailbox(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


def test_the_hash_of_an_address_never_changes(settings: Settings) -> None:
    """Consents and suppressed addresses of years are found by it."""
    settings.ADDRESS_HASH_KEY = "a key"
    assert address_hash("Ada@engines.example") == (
        "4e5e8bf0298f743d2d7f2b4e7a221b2732febad0c83edf2276bb9419edb837f8"
    )
    assert address_hash("ada@engines.example", 7) == (
        "326173369b5336e37a679a53286ed76f85b2a9ba80c4bb1bf6582ff138d7199a"
    )
