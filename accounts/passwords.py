"""Passwords that anybody would try: told without asking anybody."""

from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

ENOUGH = 3  # of 4: more than 10^8 guesses
LOOKED_AT = 72  # characters; what stands behind them only adds to it


class GuessableValidator:
    """Refuses what is in leaked lists, repeats itself, follows the keyboard or names its user."""

    def validate(self, password: str, user: Any = None) -> None:
        found = zxcvbn(password[:LOOKED_AT], user_inputs=words_of(user))
        if found["score"] < ENOUGH:
            why = found["feedback"]["warning"] or "Add another word or two: uncommon ones are better."
            raise ValidationError(f"This password is easy to guess. {why}", code="password_guessable")

    def get_help_text(self) -> str:
        return "Three or four uncommon words are good. Leaked, repeated and guessable passwords are refused."


def words_of(user: Any) -> list[str]:
    """What a guesser knows of this person."""
    known = f"{getattr(user, 'email', '')} {getattr(user, 'full_name', '')}".lower()
    return [word for word in known.replace("@", " ").replace(".", " ").split() if len(word) > 2]
