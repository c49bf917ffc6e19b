"""Findings, rules and differences in the language of whoever reads the editor."""

from django.utils.translation import gettext

from scorecard.problems import Words, said


def spoken(words: Words | str) -> str:
    return said(words, gettext)
