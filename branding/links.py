"""The links in the foot of every page: one a line, `Words https://address`."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    address: str


def read_links(text: str) -> tuple[Link, ...]:
    """Raises ValueError that names the first line that is no link."""
    return tuple(read_link(line.strip()) for line in text.splitlines() if line.strip())


def read_link(line: str) -> Link:
    words, _, address = line.rpartition(" ")
    found = urlsplit(address)
    if not words.strip() or found.scheme not in ("https", "http") or not found.netloc:
        raise ValueError(f'"{line}" is no link. Write the words first: Imprint https://example.com/imprint')
    return Link(words.strip(), address)
