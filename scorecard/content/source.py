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
NO_YAML = Words("is no YAML here")
COMPLAINTS = (  # the first pattern that is found in PyYAML's words
    (r"but got '\?'$", Words("a text with a question mark must stand in quotation marks here")),
    (
        r"but got ':'$",
        Words("a colon does not belong here: close the bracket, or put the text in quotation marks"),
    ),
    (r"expected ',' or '\]'", Words("a list in brackets lacks a comma or its closing bracket ]")),
    (r"expected ',' or '\}'", Words("what stands in braces lacks a comma or its closing brace }")),
    (r"expected ':'", Words("a line lacks its colon: a key is followed by a colon and a blank")),
    (
        r"mapping values are not",
        Words("a colon does not belong here: check the indentation, or put the text in quotation marks"),
    ),
    (r"mapping keys are not", Words("a question mark does not belong here: put the text in quotation marks")),
    (r"sequence entries are not", Words("a list item (-) does not belong here")),
    (r"character '\\t' that cannot start", Words("a tab does not belong here: indent with blanks")),
    (r"that cannot start any token", Words("no text begins with this character: put it in quotation marks")),
    (r"scanning a quoted scalar", Words("a quotation mark is opened and not closed")),
    (r"scanning a double-quoted", Words("a backslash in quotation marks must be written twice")),
    (r"scanning a block scalar", Words("after | or > the text begins in the next line")),
    (r"expected <block end>", Words("is indented otherwise than the lines above it")),
    (r"expected the node content", Words("a value is missing here")),
    (r"found another document", Words("a file holds one questionnaire: leave out the line ---")),
    (r"document start", Words("does not belong here")),
    (r"directive", Words("no line begins with %: put the text in quotation marks")),
    (r"an (alias|anchor)", Words("no text begins with & or *: put it in quotation marks")),
    (r"\ba tag\b|tag handle", Words("no text begins with !: put it in quotation marks")),
)


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
    """What is wrong, in our words: PyYAML's own are English, and speak of tokens."""
    problem = error.problem or ""
    if isinstance(problem, Words):
        return problem
    said = ": ".join(part for part in (error.context, problem) if part)
    words = next((words for pattern, words in COMPLAINTS if re.search(pattern, said)), NO_YAML)
    mark = error.problem_mark
    return Words("%(problem)s (column %(column)s)", problem=words, column=mark.column + 1) if mark else words


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
