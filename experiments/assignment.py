"""Assignment of variants by a keyed hash: the same for a unit each time, with nothing stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class RunningVariant:
    """`wording` by language code; a language that is missing keeps the product's own words."""

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

    def variant_of(self, unit: str) -> RunningVariant:
        """The variant of this unit: a visitor, or an assessment. Weights are shares of their sum."""
        number = int(self.key_of(unit)[:15], 16) % sum(variant.weight for variant in self.variants)
        for variant in self.variants:
            number -= variant.weight
            if number < 0:
                return variant
        raise ValueError("An experiment without variants assigns nobody.")

    def variant_named(self, key: str | None) -> RunningVariant | None:
        return next((variant for variant in self.variants if variant.key == key), None)

    def key_of(self, unit: str) -> str:
        """64 hex digits that stand for the unit in this experiment and in no other."""
        return salted_hmac("experiments", f"{self.id}:{unit}", algorithm="sha256").hexdigest()


def wording_in_language(variant: RunningVariant) -> str:
    """The variant's wording in the language of this request; '' where it has none."""
    return variant.wording.get((get_language() or settings.LANGUAGE_CODE).partition("-")[0], "")
