"""A strict YAML parser that records the line of every value for error messages.

It accepts a subset: mappings, lists, text, integers, decimals (exact), true, false and null. Any other
unquoted scalar is text. Aliases and tags are rejected.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath

import yaml

from scorecard.problems import Path, Words

MAX_BYTES = 1_000_000  # twenty times the largest plausible questionnaire
MAX_DEPTH = 120  # over 50 conditions within one another; deeper nesting could exhaust the stack
STANDARD = "tag:yaml.org,2002:"
PLAIN_TAGS = {
    STANDARD + name
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}
WHOLE = re.compile(r"[-+]?\d{1,9}")
FRACTION = re.compile(r"[-+]?(\d{1,9}\.\d{0,9}|\.\d{1,9})")
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


class SourceError(Exception):
    """The file is not valid YAML; `line` is where the parser stopped, None if unknown."""

    def __init__(self, words: Words, *, line: int | None = None) -> None:
        super().__init__(words)
        self.words, self.line = words, line


@dataclass(slots=True)
class Source:
    document: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    doubles: list[tuple[Path, int]] = field(default_factory=list)  # duplicate keys, line of the second one

    def line(self, path: Path) -> int:
        """The line of this path, or of its nearest ancestor in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise self._refusal(Words("aliases are not allowed: write the text again"))
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._refusal(Words("nested too deeply"))
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        if node is not None and node.tag not in PLAIN_TAGS:
            raise yaml.MarkedYAMLError(problem=Words("tags are not allowed"), problem_mark=node.start_mark)
        return node

    def _refusal(self, problem: Words) -> yaml.MarkedYAMLError:
        here = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML's own
        return yaml.MarkedYAMLError(problem=problem, problem_mark=here)


def parse_yaml(file: FilePath) -> Source:
    """Parse a YAML file. Raises SourceError."""
    text = _text(file)
    try:
        root = _Loader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SourceError(Words("holds a character that text does not hold"), line=line) from None
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark.line + 1 if error.problem_mark else None
        raise SourceError(_complaint(error), line=place) from None
    if root is None:
        raise SourceError(Words("is empty"))
    source = Source()
    source.document = _value(root, (), source)
    return source


def _text(file: FilePath) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(Words((error.strerror or "cannot be read").lower())) from None
    if len(content) > MAX_BYTES:
        raise SourceError(Words("is larger than %(most)s bytes", most=f"{MAX_BYTES:,}"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(Words("is not UTF-8 text"), line=line) from None


def _complaint(error: yaml.MarkedYAMLError) -> Words:
    """What is wrong; PyYAML's own words are English."""
    if isinstance(error.problem, Words):
        return error.problem
    if error.problem and error.problem.endswith("but got '?'"):
        return Words("a text with a question mark must stand in quotation marks here")
    found = ": ".join(part for part in (error.context, error.problem) if part)
    return Words(found)


def _value(node: yaml.Node, path: Path, source: Source) -> object:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, source)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    return [_value(item, (*path, index), source) for index, item in enumerate(node.value)]


def _mapping(node: yaml.MappingNode, path: Path, source: Source) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError(Words("a key must be text"), line=line)
        here = (*path, key.value)
        if key.value in found:
            source.doubles.append((here, line))
            continue
        source.lines[here] = line
        found[key.value] = _value(value, here, source)
    return found


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style is not None or node.tag == STANDARD + "str":
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if FRACTION.fullmatch(text) else text
