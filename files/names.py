"""Names of files, which come from strangers. Pure."""

import re
import unicodedata

LONGEST = 100  # characters, without the ending
# Control characters, changes of writing direction, and what some system forbids or reads as a path.
CONTROL = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
FORBIDDEN = re.compile(rf'[{CONTROL}<>:"|?*;%]')


def safe_name(given: str, kind: str) -> str:
    """A name to show and to save under: without path, in NFC, with the ending of what the file is."""
    base = re.split(r"[\\/]", given)[-1]
    cleaned = " ".join(FORBIDDEN.sub("", unicodedata.normalize("NFC", base)).split())
    stem, dot, ending = cleaned.rpartition(".")
    if dot and len(ending) <= 5:
        cleaned = stem
    return f"{cleaned.strip(' .')[:LONGEST].strip(' .') or 'file'}.{kind}"
