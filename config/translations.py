"""script/translations: catalogues in locale/, from the marked words of the code to what Django reads.

Without an argument: add new messages to every catalogue, remove obsolete ones, compile, and report missing
translations. It uses Babel, so the gettext binaries are not needed; Django converts templates to Python.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from config.environment import BASE_DIR

LOCALE = BASE_DIR / "locale"
WITHOUT_WORDS = {"tests", "migrations"}
KEYWORDS = DEFAULT_KEYWORDS | {
    "Words": None,
    "_lazy": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)  # insignificant in a template, but not in Python
PLACES = re.compile(r"%\(\w+\)s|%%|<[^>]+>")  # must match in translations: placeholders, %, tags


def languages() -> list[str]:
    """The languages with a catalogue, by directory name."""
    return sorted(path.name for path in LOCALE.iterdir())


def po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo(language: str) -> Path:
    return po(language).with_suffix(".mo")


def sources() -> Iterator[str]:
    """Yield each file with translatable messages, templates converted to Python."""
    ours = (BASE_DIR / "templates", *BASE_DIR.glob("*/templates"))
    templates = [path for room in ours for kind in ("html", "txt") for path in room.rglob(f"*.{kind}")]
    modules = [path for room in BASE_DIR.glob("*/__init__.py") for path in room.parent.rglob("*.py")]
    for path in (*templates, *modules):
        if not WITHOUT_WORDS & set(path.relative_to(BASE_DIR).parts):
            text = path.read_text()
            yield text if path.suffix == ".py" else INDENT.sub("", templatize(text, origin=str(path)))


def marked_messages() -> Catalog:
    """All marked messages, without translations."""
    found = Catalog(charset="utf-8")
    for source in sources():
        for _, message, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            found.add(message, context=context)
    return found


def read_catalog(language: str) -> Catalog:
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def merged_catalog(language: str) -> Catalog:
    """The catalogue updated to exactly the messages of the code, keeping their translations."""
    catalog = read_catalog(language) if po(language).exists() else Catalog(locale=language, charset="utf-8")
    catalog.project, catalog.version, catalog.fuzzy = "Reality Check", "", False
    catalog.update(marked_messages(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.header_comment = f"# {catalog.locale.english_name}: see docs/development.md, Translations."
    return catalog


def write_catalog(language: str, catalog: Catalog) -> None:
    """Write the .po and .mo files, sorted to avoid merge conflicts."""
    po(language).parent.mkdir(parents=True, exist_ok=True)
    with po(language).open("wb") as file:
        write_po(file, catalog, no_location=True, sort_output=True, ignore_obsolete=True, width=0)
    with mo(language).open("wb") as file:
        write_mo(file, catalog)


def message_texts(either: object) -> list[str]:
    """The text of a message, or its plural forms, as a list."""
    return [str(text or "") for text in (either if isinstance(either, (tuple, list)) else [either])]


def catalog_problems(catalog: Catalog) -> list[str]:
    """One line for each translation that is missing, fuzzy or differs in placeholders."""
    return [
        f"{message_texts(message.id)[0]}: {wrong}"
        for message in catalog
        if message.id and (wrong := message_problem(message))
    ]


def message_problem(message: Message) -> str:
    """The problem of a translation, or ''."""
    if not all(text.strip() for text in message_texts(message.string)):
        return "has no translation"
    if message.fuzzy:
        return "is marked as fuzzy"
    originals = [set(PLACES.findall(text)) for text in message_texts(message.id)]
    allowed, needed = set.union(*originals), set.intersection(*originals)
    if all(needed <= set(PLACES.findall(text)) <= allowed for text in message_texts(message.string)):
        return ""
    return "has other values or tags in its translation"


def import_translations(catalog: Catalog, lines: Iterable[str]) -> list[str]:
    """Import `message TAB translation` lines, one per plural form; returns the unknown messages."""
    given = dict(plain(line).split("\t", 1) for line in lines if "\t" in line)
    for message in catalog:
        found = [given.pop(text, "") for text in message_texts(message.id)]
        if message.id and all(found):
            message.string = tuple(found) if message.pluralizable else found[0]
    return sorted(given)


def plain(line: str) -> str:
    """Normalise placeholders to the catalogue's form: `{{ name }}` becomes `%(name)s`."""
    return re.sub(r"\{\{ *(\w+) *\}\}", r"%(\1)s", line.strip("\r\n")).replace("\\n", "\n")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/translations", description=__doc__.partition("\n")[0])
    actions = parser.add_subparsers(dest="action")
    adding = actions.add_parser("add", help="begin the catalogue of another language")
    adding.add_argument("language", help="its code in settings.LANGUAGES, like fr or pt-br")
    taking = actions.add_parser("take", help="fill in translations from a file of: words TAB translation")
    taking.add_argument("file", type=Path)
    taking.add_argument("--language", default="de")
    given = parser.parse_args(arguments)
    if given.action == "add":
        start_language(to_locale(given.language), adding)
    left = 0
    for language in languages():
        catalog = merged_catalog(language)
        if given.action == "take" and language == given.language:
            for unknown in import_translations(catalog, given.file.read_text().splitlines()):
                print(f"{language}: nobody says {unknown!r}")
        write_catalog(language, catalog)
        for problem in catalog_problems(catalog):
            left += 1
            print(f"{language}: {problem}")
    return 1 if left else 0


def start_language(language: str, adding: argparse.ArgumentParser) -> None:
    """Create an empty catalogue. Exits with one line if it exists or the language is unknown."""
    try:
        Locale.parse(language)
        po(language).parent.mkdir(parents=True)
    except FileExistsError:
        adding.error(f"{language} has a catalogue already: script/translations fills it up")
    except (UnknownLocaleError, ValueError):
        adding.error(f"{language} is no language: give a code like fr or pt-br")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
