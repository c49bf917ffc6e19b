"""What a file is, by its content and never by its name. Pure."""

import re
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import filetype

MOST_MIME = 100  # bytes of the entry by which an OpenDocument file names its type
MARKUP = re.compile(r"\s*<(!doctype|html|head|body|script|svg|\?xml|\?php)", re.IGNORECASE)
NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MACROS = "vbaproject.bin"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that can be taken; `name` is also the ending of its name."""

    name: str
    media_type: str


OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
KINDS = {
    kind.name: kind
    for kind in (
        FileKind("pdf", "application/pdf"),
        FileKind("png", "image/png"),
        FileKind("jpg", "image/jpeg"),
        FileKind("gif", "image/gif"),
        FileKind("webp", "image/webp"),
        FileKind("heic", "image/heic"),
        FileKind("docx", f"{OFFICE}.wordprocessingml.document"),
        FileKind("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
        FileKind("pptx", f"{OFFICE}.presentationml.presentation"),
        FileKind("odt", f"{OPEN_DOCUMENT}.text"),
        FileKind("ods", f"{OPEN_DOCUMENT}.spreadsheet"),
        FileKind("odp", f"{OPEN_DOCUMENT}.presentation"),
        FileKind("txt", "text/plain"),
    )
}
BY_FIRST_BYTES = frozenset({"pdf", "png", "jpg", "gif", "webp", "heic"})
MAIN_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
BY_MEDIA_TYPE = {kind.media_type: kind.name for kind in KINDS.values()}


def kind_of(content: bytes) -> FileKind | None:
    """The kind of a file; None for what is not known, or holds macros."""
    found = filetype.guess_extension(content)
    if found in BY_FIRST_BYTES:
        return KINDS[found]
    name = kind_of_archive(content) if content.startswith(b"PK\x03\x04") else ""
    if not name and found is None and is_plain_text(content):
        name = "txt"
    return KINDS.get(name)


def kind_of_archive(content: bytes) -> str:
    """The name of the kind of an office document; '' for any other archive."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
            if any(name.lower().endswith(MACROS) for name in names):
                return ""
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in MAIN_PART.items() if part in names), "")
            if "mimetype" not in names:
                return ""
            with archive.open("mimetype") as entry:
                named = entry.read(MOST_MIME).decode("ascii", "replace").strip()
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return ""
    return BY_MEDIA_TYPE.get(named, "")


def is_plain_text(content: bytes) -> bool:
    """Whether this is text in UTF-8, without control characters, and no markup that a browser would run."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not NOT_IN_TEXT.search(text) and not MARKUP.match(text)
