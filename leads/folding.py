"""Search keys: text and phone numbers normalised for comparison. Pure.

Case, accents, dashes and apostrophes are ignored. German umlauts match with and without their e (Müller:
muller, mueller). A phone number matches in any notation, with or without the country code.
"""

import re
from functools import lru_cache
from unicodedata import category, decimal, normalize

LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
JOINERS = frozenset({"Pd", "Pc", "Pi", "Pf", "Sk", "Lm", "Mn"})  # dashes, quotes, combining accents
LEAST_DIGITS = 5  # shorter digit strings are not phone numbers
SAME_END = 9  # digits of two long numbers that end alike: the same one with another prefix (+7, 8)
SEPARATORS = str.maketrans(
    dict.fromkeys(',;<>"\u201e\u201c\u201d\u00ab\u00bb', " ")
)  # around names, never in them
DASH = re.compile(r"[-\u2010-\u2015\u2212]")


def fold_text(text: str) -> str:
    """Lower-case and strip accents, dashes, dots and apostrophes; quotes and commas become spaces."""
    composed = normalize("NFC", text.translate(SEPARATORS)).casefold().translate(LETTERS)
    marked = "".join(letter for letter in composed if not is_commonly_omitted(letter))
    plain = (letter for letter in normalize("NFKD", marked) if not is_commonly_omitted(letter))
    return " ".join("".join(plain).split())


@lru_cache(4096)
def is_commonly_omitted(letter: str) -> bool:
    """Whether people commonly omit this character."""
    return letter in "'./" or category(letter) in JOINERS


def search_keys(text: str) -> str:
    """Return the folded text, and again with its umlauts spelled out."""
    if text.isascii():
        return fold_text(text)
    spelled = normalize("NFC", text).casefold().translate(UMLAUTS)
    keys = {fold_text(text), fold_text(spelled)}
    return "\n".join(sorted(keys))


def holds_words(text: str, words: str) -> bool:
    """Whether `search_keys` of a text hold every word, one with a dash as one word or as two."""
    return holds_folded(text, folded_words(words))


def folded_words(words: str) -> list[tuple[str, list[str]]]:
    """Return each word folded, and its parts between dashes."""
    return [(fold_text(word), fold_text(DASH.sub(" ", word)).split()) for word in words.split()]


def holds_folded(text: str, words: list[tuple[str, list[str]]]) -> bool:
    """The same with words that were folded once for many texts."""
    return all(word in text or all(part in text for part in parts) for word, parts in words)


def significant_digits(phone: str) -> str:
    """Return the significant digits, without the international prefix and leading zeros."""
    return re.sub(r"[^0-9]", "", normalize_digits(phone).replace("(0)", "")).lstrip("0")


def normalize_digits(text: str) -> str:
    """Digits of any script as ASCII, and without the scheme of a link."""
    plain = "".join(str(decimal(letter, letter)) for letter in text.strip())
    return plain.lower().removeprefix("tel:")


def is_phone(words: str) -> bool:
    """Whether the whole text may be a phone number, or the end of one."""
    marks = (
        letter.isdigit() or letter.isspace() or letter in "+()" or is_commonly_omitted(letter)
        for letter in normalize_digits(words)
    )
    return all(marks) and len(significant_digits(words)) >= LEAST_DIGITS


def same_phone(stored: str, searched: str) -> bool:
    """Whether a number as it was typed is that which is searched."""
    return same_digits(significant_digits(stored), significant_digits(searched))


def same_digits(ours: str, theirs: str) -> bool:
    """Whether the searched digits are part of a stored number, or match it under another prefix."""
    if not ours:
        return False
    if theirs in ours or (len(ours) > LEAST_DIGITS and theirs.endswith(ours)):
        return True
    return min(len(ours), len(theirs)) > SAME_END and ours[-SAME_END:] == theirs[-SAME_END:]
