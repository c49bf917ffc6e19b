"""Validation of an untrusted document against the schema of a questionnaire."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scorecard.content.shape import QuestionnaireContent
from scorecard.problems import QuestionnaireErrors, Words, problem_at

WORDS = {
    "missing": Words("is missing"),
    "extra_forbidden": Words("is not known here"),
    "string_type": Words("must be text"),
    "string_unicode": Words("holds a character that cannot be stored"),
    "string_too_long": Words("is longer than %(max_length)s characters"),
    "int_type": Words("must be a whole number"),
    "bool_type": Words("must be true or false"),
    "is_instance_of": Words("must be a number"),
    "float_type": Words("must be a number"),
    "invalid_key": Words("must be text"),
    "too_long": Words("holds more than %(max_length)s items"),
    "decimal_max_places": Words("has more than %(decimal_places)s decimals"),
    "greater_than_equal": Words("must be at least %(ge)s"),
    "less_than_equal": Words("must be at most %(le)s"),
    "deal_name": Words("may hold %(known)s only"),
    "enum": Words("must be one of %(expected)s"),
    "literal_error": Words("must be one of %(expected)s"),
    "list_type": Words("must be a list"),
    "dict_type": Words("must be a mapping of keys to values"),
    "model_type": Words("must be a mapping of keys to values"),
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


def _words(error: ErrorDetails) -> Words:
    words, message = WORDS.get(error["type"]), error["msg"]
    return words.having(**error.get("ctx", {})) if words else Words(message)
