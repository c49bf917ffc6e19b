"""constance's command, with the settings page's confirmation before a retention period is shortened."""

from typing import Any

from constance.forms import ConstanceForm
from constance.management.commands import constance
from constance.utils import get_values
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from privacy.clearing.preview import more_cleared, settings_of_retention
from privacy.management.prompts import ask_to_confirm


class Command(constance.Command):  # type: ignore[misc]  # untyped
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="Before set: do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == self.SET and (proposed := retention(options["key"], options["value"])):
            effects = more_cleared(proposed)
            for effect in effects:
                self.stdout.write(f"The next scrub would clear: {effect}")
            if effects and not options["yes"]:
                ask_to_confirm()
        super().handle(*args, **options)


def retention(setting: str, words: list[str]) -> dict[str, int]:
    """{setting: days}; {} unless the setting is a retention period and the value is valid."""
    if setting not in settings_of_retention() or len(words) != 1:
        return {}
    try:
        return {setting: ConstanceForm(initial=get_values()).fields[setting].clean(words[0])}
    except ValidationError:
        return {}
