"""Search keys: text and phone numbers normalised for comparison. Pure.

Case, accents, dashes and apostrophes are ignored. German umlauts match with and without their e (Müller:
muller, mueller). A phone number matches in any notation, with or without the country code.
"""

import re
from unicodedata import category, normalize

LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
JOINERS = frozenset({"Pd", "Pc", "Pi", "Pf", "Sk", "Lm", "Mn"})  # dashes, quotes, combining accents
LEAST_DIGITS = 5  # shorter digit strings are not phone numbers


def fold_text(text: str) -> str:
    """Lower-case and strip accents, dashes, dots and apostrophes; spaces stay."""
    composed = normalize("NFC", text).casefold().translate(LETTERS)
    plain = (letter for letter in normalize("NFKD", composed) if not is_commonly_omitted(letter))
    return " ".join("".join(plain).split())


def is_commonly_omitted(letter: str) -> bool:
    """Whether people commonly omit this character."""
    return letter in "'./" or category(letter) in JOINERS


def search_keys(text: str) -> str:
    """Return the folded text, and again with its umlauts spelled out."""
    spelled = normalize("NFC", text).casefold().translate(UMLAUTS)
    keys = {fold_text(text), fold_text(spelled)}
    return "\n".join(sorted(keys))


def significant_digits(phone: str) -> str:
    """Return the significant digits, without the international prefix and leading zeros."""
    return re.sub(r"\D", "", phone.replace("(0)", "")).lstrip("0")


def is_phone(words: str) -> bool:
    """Whether the whole text may be a phone number, or the end of one."""
    marks = (
        letter.isdigit() or letter.isspace() or letter in "+()" or is_commonly_omitted(letter)
        for letter in words
    )
    return all(marks) and len(significant_digits(words)) >= LEAST_DIGITS


def same_phone(stored: str, searched: str) -> bool:
    """Whether the searched digits are part of a stored number, or match it under another prefix."""
    ours, theirs = significant_digits(stored), significant_digits(searched)
    return bool(ours) and (theirs in ours or (len(ours) > LEAST_DIGITS and theirs.endswith(ours)))
