"""The texts of a questionnaire beside those of a translation, line by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scorecard.definition import Definition
from scorecard.editing.parts import Document
from scorecard.problems import Path, path_in_words
from scorecard.translation import texts_by_path, translated_texts


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text: `name` of its form field, where it stands, the original, and the translation so far."""

    name: str
    path: Path
    original: str
    text: str = ""
    theirs: str = ""  # what another editor saved meanwhile
    where: str = ""  # its path in words

    @property
    def part(self) -> str:
        """The section in which it stands, "" for none: what is translated on one page."""
        return str(self.path[1]) if self.path[0] == "sections" else ""

    @property
    def rows(self) -> int:
        return min(8, 1 + len(self.original) // 60)

    def beside(self, theirs: str) -> "TextLine":
        return replace(self, theirs=theirs if theirs != self.text else "")


def side_by_side(
    definition: Definition, language: str, posted: Mapping[str, Any] | None = None
) -> list[TextLine]:
    """Every text in the order of the form; `posted` translations by field name win over stored ones."""
    tree = next((each.texts for each in definition.translations if each.language == language), {})
    known = translated_texts(tree)
    lines = []
    for path, original in texts_by_path(definition).items():
        name = "/".join(map(str, path))
        stored = known.get(path, "")
        text = str(posted.get(name, stored)) if posted else stored
        lines.append(TextLine(name, path, original, text, where=path_in_words({}, path)))
    return lines


def write_texts(language: str, lines: list[TextLine]) -> Callable[[Document], None]:
    """The change that writes a translation."""
    tree: dict[str, Any] = {}
    for line in lines:
        if line.text.strip():
            put(tree, line.path, line.text.replace("\r\n", "\n").strip())

    def change(document: Document) -> None:
        document["translations"] = {**document.get("translations", {}), language: as_lists(tree)}

    return change


def put(tree: dict[Any, Any], path: Path, text: str) -> None:
    *parents, name = path
    for step in parents:
        tree = tree.setdefault(step, {})
    tree[name] = text


def as_lists(tree: Any) -> Any:
    """The tree with lists where the keys are numbers; a gap in a list is null."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        return [as_lists(tree.get(number)) for number in range(max(tree) + 1)]
    return {key: as_lists(branch) for key, branch in tree.items()}
