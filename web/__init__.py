"""What every app may build on: languages, addresses, limits, the frame of the back office."""


def gettext_noop(words: str) -> str:
    """Mark words for the catalogues; whoever shows them translates them. Pure modules import no Django."""
    return words
