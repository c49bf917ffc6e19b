"""One canary: every value it leaves is found by one of the patterns below, whatever surrounds it."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage

WORD, PHONE, ADDRESS = r"kanari\d{3}[a-z]+", r"\+99 8877 \d{6}", r"203\.0\.113\.\d+"
MARKS = re.compile(rf"{WORD}|{PHONE}|{ADDRESS}".encode(), re.IGNORECASE)
REFUSED_BY_HUBSPOT, BOUNCES = "con", "bounces"  # what their addresses end with


@dataclass
class Person:
    number: int
    secrets: list[str] = field(default_factory=list)  # tokens that only its browser may hold
    letters: list[EmailMessage] = field(default_factory=list)
    erased: str = ""  # the address that was to be erased
    had_a_stranger: bool = False  # somebody else typed the address

    def word(self, what: str) -> str:
        return f"kanari{self.number:03d}{what}"

    def email(self, top: str = "example") -> str:
        return f"{self.word('mail')}@canary.{top}"

    @property
    def marks(self) -> re.Pattern[bytes]:
        """This canary alone. Addresses of machines are shared when there are many."""
        return re.compile(rf"kanari{self.number:03d}[a-z]+|{re.escape(self.phone)}".encode(), re.IGNORECASE)

    @property
    def phone(self) -> str:
        return f"+99 8877 {self.number:06d}"

    @property
    def address(self) -> str:
        return f"203.0.113.{self.number % 250 + 1}"

    @property
    def names(self) -> dict[str, str]:
        return {
            "firstName": self.word("first"),
            "lastName": self.word("last"),
            "company": self.word("company"),
            "phone": self.phone,
        }

    @property
    def contact(self) -> dict[str, str]:
        return self.names | {"email": self.email()}

    @property
    def form(self) -> dict[str, str]:
        """The same for a page."""
        names = {"first_name": self.word("first"), "last_name": self.word("last")}
        return names | {"email": self.email(), "company": self.word("company"), "phone": self.phone}
