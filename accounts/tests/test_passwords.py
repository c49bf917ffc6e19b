"""Passwords that are refused, and the friendly ones that are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

ADA = User(email="ada.lovelace@engines.example", full_name="Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "123456789012345",
        "qwertyuiopasdfgh",
        "iloveyou12345678",
        "abcabcabcabcabcabc",
        "lovelaceengines",
        "short",
    ],
)
def test_known_repeated_and_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, ADA)


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "Gänseblümchen im Regen", "x" * 10 + "7Kq!mVz2" * 20]
)
def test_a_long_uncommon_password_is_taken(password: str) -> None:
    validate_password(password, ADA)
