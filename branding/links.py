"""The footer links of every page, one per line: `Label https://address`."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    address: str


def read_links(text: str) -> tuple[Link, ...]:
    """Parse footer links. Raises ValueError naming the first invalid line."""
    return tuple(read_link(line.strip()) for line in text.splitlines() if line.strip())


def read_link(line: str) -> Link:
    words, _, address = line.rpartition(" ")
    found = urlsplit(address)
    if not words.strip() or found.scheme not in ("https", "http") or not found.netloc:
        raise ValueError(f'"{line}" is no link. Write the words first: Imprint https://example.com/imprint')
    return Link(words.strip(), address)
