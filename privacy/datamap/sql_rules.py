"""The clearing rules of the data map as SQL: which values still need clearing, and their replacement."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, Func, JSONField, Q, TextField, Value, When
from django.db.models.functions import Cast, Now

from assessments.models.assessment import UNCONFIRMED
from privacy.datamap.vocabulary import BY_QUESTION, ClearingRule, Column, DataClass, Retention, Table
from scorecard.models import QuestionnaireVersion
from scorecard.versions import get

NOTHING = Q(pk__in=())
UNCONFIRMED_PERSON = UNCONFIRMED & Q(email__isnull=False)  # not yet scrubbed
JSON_NULL = Value(None, JSONField())


class OnlyKeys(Func):
    """Keep only the listed keys of a JSON object; any other JSON value becomes an empty object."""

    function = "jsonb_build_object"
    template = "jsonb_strip_nulls(%(function)s(%(expressions)s))"
    output_field = JSONField()

    def __init__(self, column: str, keys: list[str]) -> None:
        super().__init__(*(part for key in keys for part in (Value(key), F(f"{column}__{key}"))))


class WithoutKeys(Func):
    """Drop the listed keys of a JSON object: `object - keys`."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = JSONField()

    def __init__(self, column: str, keys: tuple[str, ...]) -> None:
        super().__init__(F(column), Cast(Value(list(keys)), ArrayField(TextField())))


def personal_questions_by_version() -> dict[Any, tuple[str, ...]]:
    """Return the keys of personal questions by published version, for versions that have any."""
    versions = QuestionnaireVersion.objects.values_list("pk", flat=True)
    found = {pk: get(pk).definition.personal_questions for pk in versions}
    return {pk: keys for pk, keys in found.items() if keys}


def needs_clearing(name: str, column: Column) -> Q:
    """Match rows in which this column has a value that the scrub would clear."""
    match column.rule:
        case ClearingRule.NULL:
            return Q(**{f"{name}__isnull": False})
        case ClearingRule.BLANK:
            return ~Q(**{name: ""})
        case ClearingRule.EMPTY:
            return ~Q(**{name: {}})
        case ClearingRule.LISTED:
            return Q(**{f"{name}__isnull": False}) & ~Q(**{name: OnlyKeys(name, remaining_keys(column))})
        case ClearingRule.TYPED:
            return any_version("version", lambda keys: Q(**{f"{name}__has_any_keys": keys}))
        case ClearingRule.TYPED_VALUE:
            typed = any_version("assessment__version", lambda keys: Q(question_key__in=keys))
            return typed & ~Q(**{name: JSON_NULL})
    return NOTHING


def cleared_value(name: str, column: Column) -> Any:
    """Return the cleared value of a column, as a value or expression for `QuerySet.update`."""
    match column.rule:
        case ClearingRule.NULL:
            return None
        case ClearingRule.BLANK:
            return ""
        case ClearingRule.EMPTY:
            return Value({}, JSONField())
        case ClearingRule.LISTED:
            return OnlyKeys(name, remaining_keys(column))
        case ClearingRule.TYPED:
            found = personal_questions_by_version().items()
            return Case(
                *(When(version=pk, then=WithoutKeys(name, keys)) for pk, keys in found),
                default=F(name),
                output_field=JSONField(),
            )
        case ClearingRule.TYPED_VALUE:
            return JSON_NULL
    return F(name)


def cleared_values(table: Table, retention: Retention) -> dict[str, Any]:
    """Return every column that changes when a row of the table is cleared, with its new value."""
    values = {name: cleared_value(name, column) for name, column in cleared_columns(table).items()}
    if retention.mark:
        values[retention.mark] = Now()
    if mark := retention.mark_undelivered:
        values[mark] = Case(When(UNCONFIRMED_PERSON, then=Value(True)), default=F(mark))
    return values


def cleared_columns(table: Table) -> dict[str, Column]:
    """Return the columns with a clearing rule; typed answers only if a questionnaire has such questions."""
    rules = {**table.scrubbed, **table.thinned}
    typed = any(rule in BY_QUESTION for rule in rules.values()) and personal_questions_by_version()
    return {name: table.columns[name] for name, rule in rules.items() if typed or rule not in BY_QUESTION}


def remaining_keys(column: Column) -> list[str]:
    """Return the keys of a JSON object that the scrub leaves in place."""
    return [key for key, kind in column.keys.items() if kind in (DataClass.PLAIN, DataClass.ANSWER)]


def any_version(path: str, found: Callable[[tuple[str, ...]], Q]) -> Q:
    """Match rows of any version with personal questions for which `found`, given their keys, is true."""
    each = (Q(**{path: pk}) & found(keys) for pk, keys in personal_questions_by_version().items())
    return reduce(or_, each, NOTHING)
