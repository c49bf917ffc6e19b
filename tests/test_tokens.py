"""Looking for short names where tokens stand, too."""

import secrets
import uuid
from collections.abc import Callable

import pytest
from django.middleware.csrf import get_token
from django.test import RequestFactory

from assessments.models.session import hash_token
from tests.tokens import without_tokens

DRAWN: dict[str, Callable[[], str]] = {
    "an id": lambda: str(uuid.UUID("7946ada0-0000-4000-8000-00007946ada0")),
    "a CSRF token": lambda: "0Ada" + get_token(RequestFactory().get("/")),
    "a hash": lambda: hash_token("Ada"),
    "a secret": lambda: "0Ada" + secrets.token_urlsafe(32),
}
TEXTS = ("Ada", "/Ada/change/", "data-name='Ada'", '\\nAda\\n"', "ada@engines.example", "+44 20 7946 0000")


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_what_is_drawn_at_random_is_left_out(draw: Callable[[], str]) -> None:
    assert without_tokens(f'<a href="/{draw()}/">\n') == '<a href="//">\n'


@pytest.mark.parametrize("text", TEXTS)
def test_words_names_and_numbers_stay(text: str) -> None:
    assert without_tokens(text) == text
