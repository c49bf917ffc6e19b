"""Checks of rules and conditions: they ask about what exists, can be true, and form no circle. Pure."""

from collections.abc import Iterator

from scorecard.conditions import OPERATORS, WITHOUT_VALUE, Condition, is_number
from scorecard.definition import Definition, Question
from scorecard.problems import Listing, Path, Words
from scorecard.question_types.date import is_day
from scorecard.question_types.file_upload import FileUpload
from scorecard.visibility import REQUIRING, SHOWING, Circle, make_plan

Found = Iterator[tuple[Path, str]]
ORDERED = frozenset({"gt", "lt", "gte", "lte"})


def references(definition: Definition) -> Found:
    """Names in rules, conditions and areas that nothing has."""
    for path, condition in all_conditions(definition):
        yield from _condition(path, condition, definition)
    sections = {section.key for section in definition.sections}
    for number, rule in enumerate(definition.rules):
        if rule.action not in SHOWING and rule.action not in REQUIRING:
            yield (
                ("rules", number, "action"),
                Words("must be one of %(known)s", known=", ".join([*SHOWING, *REQUIRING])),
            )
        if not rule.targets:
            yield ("rules", number, "targets"), Words("there is none")
        for place, target in enumerate(rule.targets):
            here: Path = ("rules", number, "targets", place)
            if target not in definition.questions and target not in sections:
                yield here, Words("there is no question or section %(key)s", key=target)
            elif target in definition.questions and target in sections:
                yield here, Words("is ambiguous: a question and a section are called %(key)s", key=target)
    yield from _areas(definition)


def _areas(definition: Definition) -> Found:
    areas = {area.key for area in (*definition.sections, *definition.shared_areas)}
    for index, section in enumerate(definition.sections):
        if section.area and section.area not in areas:
            yield ("sections", index, "area"), Words("there is no area %(key)s", key=section.area)
        for number, question in enumerate(section.questions):
            if question.area and question.area not in areas:
                yield (
                    ("sections", index, "questions", number, "area"),
                    Words("there is no area %(key)s", key=question.area),
                )


def rule_problems(definition: Definition) -> Found:
    """Questions that wait for one another."""
    try:
        make_plan(definition)
    except Circle as circle:
        places = {
            question.key: ("sections", index, "questions", number)
            for index, section in enumerate(definition.sections)
            for number, question in enumerate(section.questions)
        }
        yield (
            places[circle.keys[0]],
            Words("waits for itself, in a circle of conditions: %(keys)s", keys=Listing(circle.keys)),
        )


def all_conditions(definition: Definition) -> Iterator[tuple[Path, Condition]]:
    """Every condition of the definition with its path."""
    for path, condition in _conditions(definition):
        if condition:
            yield path, condition


def _conditions(definition: Definition) -> Iterator[tuple[Path, Condition | None]]:
    for index, section in enumerate(definition.sections):
        here: Path = ("sections", index)
        yield (*here, "visible_if"), section.visible_if
        for number, question in enumerate(section.questions):
            place = (*here, "questions", number)
            yield (*place, "visible_if"), question.visible_if
            for at, option in enumerate(question.options):
                yield (*place, "options", at, "skip_if"), option.skip_if
    for number, rule in enumerate(definition.rules):
        yield ("rules", number, "when"), rule.when
    if definition.qualification:
        yield ("qualification", "when"), definition.qualification.when


def _condition(path: Path, condition: Condition, definition: Definition) -> Found:
    key, dot, row = condition.field.partition(".")
    question = definition.questions.get(key)
    if question is None:
        yield (*path, "field"), Words("there is no question %(key)s", key=key)
    elif dot and row not in {each.id for each in question.rows}:
        yield (*path, "field"), Words("the question %(key)s has no row %(row)s", key=key, row=row)
    elif condition.operator in OPERATORS and condition.operator not in WITHOUT_VALUE:
        for text in _value(condition, question):
            yield (*path, "value"), text
    if condition.operator not in OPERATORS:
        yield (*path, "operator"), Words("must be one of %(known)s", known=", ".join(OPERATORS))
    if condition.logical_op not in ("AND", "OR"):
        yield (*path, "logicalOp"), Words("must be AND or OR")
    for number, nested in enumerate(condition.nested):
        yield from _condition((*path, "nested", number), nested, definition)


def _value(condition: Condition, question: Question) -> Iterator[str]:
    """Why a comparison can never be what its author meant."""
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    chosen = {each.id for each in (*question.options, *question.columns)}
    if question.type == FileUpload.name:
        yield Words("can be no file: of %(key)s ask is_empty or is_not_empty", key=question.key)
    elif condition.value is None:
        yield Words("is missing")
    elif question.type in ("NUMBER", "SCALE"):
        if not all(is_number(value) for value in values):
            yield Words("must be a number, as the answers to %(key)s are", key=question.key)
    elif condition.operator in ORDERED:
        yield from _order(condition, question, values)
    elif chosen:
        strange = [
            value for value in values if not isinstance(value, dict) and not names_option(value, chosen)
        ]
        yield from (
            Words("the question %(key)s has no option %(value)s", key=question.key, value=value)
            for value in strange
        )


def names_option(value: object, options: set[str]) -> bool:
    """Whether a value is an option, or whole rows of a matrix."""
    return isinstance(value, dict) or (isinstance(value, str) and value in options)


def _order(condition: Condition, question: Question, values: list[object]) -> Iterator[str]:
    if question.type != "DATE":
        yield Words(
            "the answers to %(key)s have no order: %(operator)s is never true",
            key=question.key,
            operator=condition.operator,
        )
    elif not all(is_day(value) for value in values):
        yield Words("must be a date such as 2026-11-28")
