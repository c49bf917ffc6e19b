"""The names of the score bands, for lists and charts that store only their keys."""

from scorecard import versions
from scorecard.models import QuestionnaireVersion


def band_names() -> dict[str, str]:
    """Map band key to name over the latest version of every questionnaire, best band first. One query."""
    latest = QuestionnaireVersion.objects.order_by("questionnaire_id", "-number").distinct("questionnaire_id")
    names: dict[str, str] = {}
    for version_id in latest.values_list("pk", flat=True):
        for band in versions.get(version_id).definition.bands:
            names.setdefault(band.key, band.name)
    return names
