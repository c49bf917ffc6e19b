"""Who the visitors of a case are: addresses and answers by number. No Django: the harness needs them too."""

CAUSES = {"invalid_email": "@chaos.con", "validation_error": "erased"}  # why HubSpot refuses which addresses
CAPITALS, RETURNS, CONTENT = 10, 20, 3


def address_of(number: int, *, bad_every: int = 0) -> str:
    """Every tenth is in capitals, every twentieth visitor comes back, every `bad_every`-th is refused."""
    if bad_every and number % bad_every == 0:
        return bad_address(number // bad_every)
    person = number - 1 if number % RETURNS == 1 and not bad_every else number
    address = f"lead{person}@chaos.example"
    return address.upper() if number % CAPITALS == 5 else address


def bad_address(number: int) -> str:
    """One that is no address for HubSpot, and one that was erased there, in turn."""
    return f"bad{number}@chaos.con" if number % 2 else f"erased{number}@chaos.example"


def answer_of(number: int) -> str:
    """A third need no briefing. A second assessment has another score, so that its deal has another name."""
    if number % RETURNS == 1:
        return "C"
    return "A" if number % CONTENT == 0 else "D"
