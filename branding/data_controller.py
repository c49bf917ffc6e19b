"""Who answers for the data, and where to turn: on privacy pages, below mails, in every copy of the data."""

from dataclasses import dataclass

from constance import config

from branding.brand import current


@dataclass(frozen=True, slots=True)
class Controller:
    """`name` may go on with a postal address, line by line; '' is what nobody has set."""

    name: str
    contact: str  # an e-mail address

    @property
    def is_known(self) -> bool:
        return bool(self.name or self.contact)

    @property
    def reached_at(self) -> str:
        """In one line where to write to."""
        return self.contact or ", ".join(self.name.splitlines())


def controller() -> Controller:
    """As it is set now; without a name the postal address stands for it."""
    return Controller(config.CONTROLLER.strip() or current().postal_address, config.PRIVACY_CONTACT)
