"""The names of bands, areas, pages, questions and answers, for lists and figures that store only their keys.

Of the latest version of every questionnaire, in the active language. One query each.
"""

from collections.abc import Callable, Iterator

from django.utils.translation import get_language

from scorecard import versions
from scorecard.definition import Definition, Question
from scorecard.models import QuestionnaireVersion

Named = Callable[[Definition], Iterator[tuple[str, str]]]


def band_names() -> dict[str, str]:
    """Map band key to name, best band first."""
    return _names(lambda form: ((band.key, band.name) for band in form.bands))


def section_names() -> dict[str, str]:
    """Map section key to name, in the order in which they are asked."""
    return _names(lambda form: ((section.key, section.name) for section in form.sections))


def question_texts() -> dict[str, str]:
    """Map question key to its text, in the order in which they are asked."""
    return _names(
        lambda form: ((each.key, each.text) for section in form.sections for each in section.questions)
    )


def page_names() -> dict[str, str]:
    """Map page number, as text, to name."""
    return _names(lambda form: ((str(number), page.name) for number, page in enumerate(form.pages, start=1)))


def answer_labels() -> dict[str, str]:
    """Map QUESTION:ANSWER, as statistics count answers, to what the visitor reads."""
    return _names(
        lambda form: (
            (f"{key}:{answer}", label)
            for key, question in form.questions.items()
            for answer, label in _labels(question)
        )
    )


def _labels(question: Question) -> Iterator[tuple[str, str]]:
    """Yield (answer, label) of options, of the cells of a matrix, and of the ratings that have one."""
    yield from ((option.id, option.label) for option in question.options)
    for row in question.rows:
        yield from ((f"{row.id}:{column.id}", f"{row.label}: {column.label}") for column in question.columns)
    if question.scale:
        yield from ((rating, f"{rating} ({label})") for rating, label in question.scale.labels.items())


def _names(named: Named) -> dict[str, str]:
    """Where two questionnaires use one key for different things, both names are told."""
    latest = QuestionnaireVersion.objects.order_by("questionnaire_id", "-number").distinct("questionnaire_id")
    found: dict[str, list[str]] = {}
    for version_id in latest.values_list("pk", flat=True):
        for key, name in named(versions.get(version_id).in_language(get_language())):
            names = found.setdefault(key, [])
            if name not in names:
                names.append(name)
    return {key: " / ".join(names) for key, names in found.items()}
