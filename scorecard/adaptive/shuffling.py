"""The order of options where the author allows shuffling: one for each assessment. Pure."""

import hashlib

from scorecard.definition import Option, Question


def options_in_order(question: Question, seed: str) -> tuple[Option, ...]:
    """The options as this respondent sees them; what stands alone, or says "I don't know", comes last."""
    if not question.shuffle:
        return question.options
    return tuple(
        sorted(
            question.options,
            key=lambda option: (option.unknown or option.exclusive, place(seed, question.key, option.id)),
        )
    )


def place(seed: str, question: str, option: str) -> bytes:
    return hashlib.sha256(f"{seed}/{question}/{option}".encode()).digest()
