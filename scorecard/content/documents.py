"""Validation of an untrusted document against the schema of a questionnaire."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scorecard.content.shape import QuestionnaireContent
from scorecard.problems import QuestionnaireErrors, problem_at

WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "string_unicode": "holds a character that cannot be stored",
    "string_too_long": "is longer than {max_length} characters",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "is_instance_of": "must be a number",
    "decimal_max_places": "has more than {decimal_places} decimals",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of {expected}",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
}


def check_document(document: object) -> QuestionnaireContent:
    """Parse the document into typed values. Raises QuestionnaireErrors with every schema error."""
    try:
        return QuestionnaireContent.model_validate(document)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
        raise QuestionnaireErrors(
            [problem_at(document, error["loc"], _words(error)) for error in errors]
        ) from None


def _words(error: ErrorDetails) -> str:
    words = WORDS.get(error["type"])
    return words.format(**error.get("ctx", {})) if words else error["msg"]
