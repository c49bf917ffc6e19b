"""Detection of guessable passwords, without a network request."""

from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

ENOUGH = 3  # minimum zxcvbn score of 0-4: more than 10^8 guesses
LOOKED_AT = 72  # characters examined; further ones only add strength


class GuessableValidator:
    """Reject leaked passwords, repetitions, keyboard patterns and the user's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        found = zxcvbn(password[:LOOKED_AT], user_inputs=words_of(user))
        if found["score"] < ENOUGH:
            why = found["feedback"]["warning"] or "Add another word or two: uncommon ones are better."
            raise ValidationError(f"This password is easy to guess. {why}", code="password_guessable")

    def get_help_text(self) -> str:
        return "Three or four uncommon words are good. Leaked, repeated and guessable passwords are refused."


def words_of(user: Any) -> list[str]:
    """Words about the user that an attacker would try."""
    known = f"{getattr(user, 'email', '')} {getattr(user, 'full_name', '')}".lower()
    return [word for word in known.replace("@", " ").replace(".", " ").split() if len(word) > 2]
