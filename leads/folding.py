"""Search keys: text and phone numbers in the form in which a search compares them. Pure.

Case, accents, dashes and apostrophes make no difference. German umlauts match with and without their e
(Müller: muller, mueller). A phone number is found by any of its ways to be written, with the country or not.
"""

import re
from unicodedata import category, normalize

LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
JOINERS = frozenset({"Pd", "Pc", "Pi", "Pf", "Sk", "Lm", "Mn"})  # dashes, quotes, accents of their own
LEAST_DIGITS = 5  # fewer are no phone number


def fold(text: str) -> str:
    """Lower case, without accents; dashes, dots and apostrophes become nothing, spaces stay."""
    composed = normalize("NFC", text).casefold().translate(LETTERS)
    plain = (letter for letter in normalize("NFKD", composed) if not joins(letter))
    return " ".join("".join(plain).split())


def joins(letter: str) -> bool:
    """Whether people leave this character out."""
    return letter in "'./" or category(letter) in JOINERS


def search_keys(text: str) -> str:
    """The text folded, and folded once more with its umlauts spelled out."""
    spelled = normalize("NFC", text).casefold().translate(UMLAUTS)
    keys = {fold(text), fold(spelled)}
    return "\n".join(sorted(keys))


def digits(phone: str) -> str:
    """The digits that say who: without country prefix signs and leading zeros."""
    return re.sub(r"\D", "", phone.replace("(0)", "")).lstrip("0")


def is_phone(words: str) -> bool:
    """Whether all of it can be a phone number, or the end of one."""
    marks = (letter.isdigit() or letter.isspace() or letter in "+()" or joins(letter) for letter in words)
    return all(marks) and len(digits(words)) >= LEAST_DIGITS


def same_phone(stored: str, searched: str) -> bool:
    """Whether digits searched for are part of a stored number, or the same with another prefix."""
    ours, theirs = digits(stored), digits(searched)
    return bool(ours) and (theirs in ours or (len(ours) > LEAST_DIGITS and theirs.endswith(ours)))
