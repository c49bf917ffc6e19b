"""The data controller: named on privacy pages, below mails and in every export of a person's data."""

from dataclasses import dataclass

from constance import config

from branding.brand import current_brand


@dataclass(frozen=True, slots=True)
class Controller:
    """The controller. `name` may continue with a postal address, line by line; unset values are ''."""

    name: str
    contact: str  # an e-mail address

    @property
    def is_known(self) -> bool:
        return bool(self.name or self.contact)

    @property
    def reached_at(self) -> str:
        """The contact details in one line."""
        return self.contact or ", ".join(self.name.splitlines())


def controller() -> Controller:
    """The controller from the settings; the name falls back to the postal address."""
    return Controller(config.CONTROLLER.strip() or current_brand().postal_address, config.PRIVACY_CONTACT)
