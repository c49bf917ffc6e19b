"""Detection of guessable passwords, without a network request."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from zxcvbn import zxcvbn

ENOUGH = 3  # minimum zxcvbn score of 0-4: more than 10^8 guesses
WARNINGS = (  # of zxcvbn, which has them in English
    gettext_noop("Straight rows of keys are easy to guess."),
    gettext_noop("Short keyboard patterns are easy to guess."),
    gettext_noop('Repeats like "aaa" are easy to guess.'),
    gettext_noop('Repeats like "abcabcabc" are only slightly harder to guess than "abc".'),
    gettext_noop('Sequences like "abc" or "6543" are easy to guess.'),
    gettext_noop("Recent years are easy to guess."),
    gettext_noop("Dates are often easy to guess."),
    gettext_noop("This is a top-10 common password."),
    gettext_noop("This is a top-100 common password."),
    gettext_noop("This is a very common password."),
    gettext_noop("This is similar to a commonly used password."),
    gettext_noop("A word by itself is easy to guess."),
    gettext_noop("Names and surnames by themselves are easy to guess."),
    gettext_noop("Common names and surnames are easy to guess."),
)
LOOKED_AT = 72  # characters examined; further ones only add strength


class GuessableValidator:
    """Reject leaked passwords, repetitions, keyboard patterns and the user's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        found = zxcvbn(password[:LOOKED_AT], user_inputs=words_of(user))
        if found["score"] < ENOUGH:
            warning = found["feedback"]["warning"]
            why = _(warning) if warning else _("Add another word or two: uncommon ones are better.")
            words = _("This password is easy to guess. %(why)s") % {"why": why}
            raise ValidationError(words, code="password_guessable")

    def get_help_text(self) -> str:
        return _(
            "Three or four uncommon words are good. Leaked, repeated and guessable passwords are refused."
        )


def words_of(user: Any) -> list[str]:
    """Words about the user that an attacker would try."""
    known = f"{getattr(user, 'email', '')} {getattr(user, 'full_name', '')}".lower()
    return [word for word in known.replace("@", " ").replace(".", " ").split() if len(word) > 2]
