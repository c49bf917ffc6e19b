"""Deterministic assignment of variants by a keyed hash of the unit, without stored state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class RunningVariant:
    """A variant. `wording` is by language code; a missing language means the product's own wording."""

    id: int
    key: str
    weight: int
    wording: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunningExperiment:
    id: int
    key: str
    place: str
    variants: tuple[RunningVariant, ...]
    questionnaire: str = ""  # its key; '': of all

    def variant_of(self, unit: str) -> RunningVariant:
        """The variant of this unit (a visitor, or an assessment), in proportion to the weights."""
        number = int(self.key_of(unit)[:15], 16) % sum(variant.weight for variant in self.variants)
        for variant in self.variants:
            number -= variant.weight
            if number < 0:
                return variant
        raise ValueError("An experiment without variants assigns nobody.")

    def variant_named(self, key: str | None) -> RunningVariant | None:
        return next((variant for variant in self.variants if variant.key == key), None)

    def key_of(self, unit: str) -> str:
        """A pseudonym of the unit, 64 hex digits, that cannot be linked across experiments."""
        return salted_hmac("experiments", f"{self.id}:{unit}", algorithm="sha256").hexdigest()


def wording_in_language(variant: RunningVariant) -> str:
    """The variant's wording in the current language; '' if it has none."""
    return variant.wording.get((get_language() or settings.LANGUAGE_CODE).partition("-")[0], "")
