"""Texts that are too long for a phone, links that lead nowhere, missing advice and flags. Pure."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from scorecard.checking.findings import Found, Severity, question_paths
from scorecard.definition import CHOICES, Definition, Question
from scorecard.problems import Path, Words
from scorecard.question_types.file_upload import FileUpload
from scorecard.scoring import attainable
from scorecard.translation import texts_by_path, translated_texts

# Name of a text -> characters that fit on a phone of 375 pixels without scrolling over it, by measure.
FITS: Mapping[str, int] = {
    "text": 160,  # a question: five lines
    "help_text": 300,
    "explanation": 600,
    "placeholder": 40,
    "options": 120,
    "columns": 40,
    "rows": 80,
    "labels": 30,
    "headline": 90,
    "start": 30,
    "label": 30,  # a button
    "title": 90,
    "name": 60,
    "message": 400,
    "next_steps": 200,
    "action_items": 200,
    "customMessage": 120,
}
LINK = re.compile(r"(?:https?://|mailto:|tel:|www\.)[^\s<>\"“”„)\]]*", re.IGNORECASE)
BEGINNINGS = frozenset({"http://", "https://", "mailto", "tel", "www"})  # named in a text, such as a hint
HOST = re.compile(r"(?!-)[^\W_]([\w-]{0,61}[^\W_])?(\.[^\W_]([\w-]{0,61}[^\W_])?)+", re.IGNORECASE)


def text_findings(definition: Definition) -> Found:
    yield from _lengths(definition)
    yield from _links(definition)
    yield from _advice(definition)
    yield from _personal(definition)


def _all_texts(definition: Definition) -> Iterator[tuple[Path, str, str]]:
    """Path in the document, language ('' for the questionnaire's own) and text."""
    places = document_paths(definition)
    for path, text in texts_by_path(definition).items():
        yield places[path], "", text
    for translation in definition.translations:
        for path, text in translated_texts(translation.texts).items():
            yield ("translations", translation.language, *path), translation.language, text


def document_paths(definition: Definition) -> Mapping[Path, Path]:
    """The path of each text by keys -> its path in the document, by numbers."""
    keys = {
        "sections": [section.key for section in definition.sections],
        "areas": [area.key for area in definition.shared_areas],
        "bands": [band.key for band in definition.bands],
    }
    questions = question_paths(definition)

    def place(path: Path) -> Path:
        if path[0] not in keys:
            return path
        if len(path) > 3 and path[2] == "questions":
            return _within(definition.questions[str(path[3])], questions[str(path[3])], path[4:])
        return (path[0], keys[str(path[0])].index(str(path[1])), *path[2:])

    return {path: place(path) for path in texts_by_path(definition)}


def _within(question: Question, at: Path, path: Path) -> Path:
    """The path within a question: options, rows and columns by number."""
    part = {"descriptions": "options", "advice": "options"}.get(str(path[0]), str(path[0]))
    if part not in ("options", "rows", "columns") or len(path) < 2:
        return (*at, *path)
    number = (
        [item.id for item in getattr(question, part)].index(path[1]) if _has(question, part, path[1]) else 0
    )
    return (*at, part, number)


def _has(question: Question, part: str, id: object) -> bool:
    return any(item.id == id for item in getattr(question, part))


def _lengths(definition: Definition) -> Found:
    for path, _, text in _all_texts(definition):
        names = [step for step in path if isinstance(step, str) and step in FITS]
        most = FITS[names[-1]] if names else 0
        if most and len(text) > most:
            yield (
                Severity.WARNING,
                path,
                Words(
                    "is long for a phone: %(number)s characters, %(most)s fit", number=len(text), most=most
                ),
            )


def _links(definition: Definition) -> Found:
    for path, _, text in _all_texts(definition):
        if path[-1] == "link":
            if wrong := link_problem(text):
                yield Severity.ERROR, path, wrong
            elif text.startswith("http://"):
                yield Severity.WARNING, path, Words("is not encrypted: begin it with https://")
            continue
        for found in LINK.findall(text):
            link = found.rstrip(".,;:!?")
            if link.lower() in BEGINNINGS:
                continue
            if wrong := link_problem(f"https://{link}" if link.lower().startswith("www.") else link):
                yield Severity.WARNING, path, Words("the link %(link)s %(problem)s", link=link, problem=wrong)


def link_problem(link: str) -> str:
    """What keeps a link from leading anywhere, '' if nothing does."""
    if link.startswith("/") and not link.startswith("//") and " " not in link:
        return ""
    scheme, _, rest = link.partition(":")
    if scheme == "mailto":
        return (
            ""
            if re.fullmatch(r"[^@\s?]+@[^@\s?]+\.[^@\s?.]+(\?\S*)?", rest)
            else Words("names no e-mail address")
        )
    if scheme == "tel":
        return "" if re.fullmatch(r"\+?[\d().\-]{3,}", rest) else Words("names no telephone number")
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return Words("is no web address")
    if parts.scheme not in ("http", "https") or re.search(r"\s", link):
        return Words("must begin with https://, mailto:, tel: or /")
    return "" if HOST.fullmatch(host) else Words("leads to no host on the internet")


def _advice(definition: Definition) -> Found:
    """Options worth less than the most, without advice."""
    paths = question_paths(definition)
    scored = {q.key for area in definition.areas if area.weight for q in area.questions}
    for key, question in definition.questions.items():
        if key not in scored or not definition.has_score or not attainable(question):
            continue
        most = max((option.points or 0 for option in question.options), default=0)
        for index, option in enumerate(question.options):
            improvable = (option.points or 0) < most and not _adds_up(question, option.points)
            if improvable and not option.unknown and not option.advice.strip():
                yield Severity.WARNING, (*paths[key], "options", index), Words("has no advice")


def _adds_up(question: Question, points: int | None) -> bool:
    """Whether the option is one of several that add up, so that choosing it is nothing to improve."""
    return question.type == "MULTIPLE_CHOICE" and bool(points)


PERSONAL = re.compile(
    r"\b(name|e-?mail|address|phone|telephone|birth|born|age|gender|salary|income|health|religion|"
    r"nationality|vorname|nachname|adresse|telefon|geburt\w*|geschlecht|gehalt|gesundheit)\b",
    re.IGNORECASE,
)


def _personal(definition: Definition) -> Found:
    paths = question_paths(definition)
    for key, question in definition.questions.items():
        place = (*paths[key], "personal")
        if question.type == FileUpload.name:
            continue  # a file always is
        if question.personal is None and question.type not in CHOICES:
            yield (
                Severity.WARNING,
                place,
                Words("is not said: typed answers count as personal; say personal: true or personal: false"),
            )
        elif question.personal is None and PERSONAL.search(question.text):
            yield (
                Severity.WARNING,
                place,
                Words(
                    "is not said, and the question seems to ask about the person: say personal: true or false"
                ),
            )
        elif question.personal is False and question.type == "EMAIL":
            yield Severity.WARNING, place, Words("is false, but an e-mail address is personal")
