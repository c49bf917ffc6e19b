"""What a file is, by its content."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from files.kinds import kind_of
from files.tests.samples import JPG, PDF, PNG, archive


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (JPG, "jpg"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("mimetype", content="application/vnd.oasis.opendocument.text"), "odt"),
        ("Zürich, 12 °C\n".encode(), "txt"),
        (b"\xef\xbb\xbfa;b\r\n", "txt"),
    ],
    ids=(
        "pdf",
        "png",
        "jpg",
        "docx",
        "xlsx",
        "odt",
        "txt",
        "csv",
    ),  # an archive holds the time, its bytes differ
)
def test_known_kinds_are_found_in_the_content(content: bytes, kind: str) -> None:
    found = kind_of(content)
    assert found is not None
    assert found.name == kind


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\0" * 100,
        b"\x7fELF" + b"\0" * 100,
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  <svg onload='alert(1)'>",
        b"#!/bin/sh\0",
        archive("a.txt"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        archive("mimetype", content="application/java-archive"),
        b"PK\x03\x04" + b"\xff" * 200,
    ],
    ids=("exe", "elf", "html", "svg", "shell", "zip", "macros", "jar", "broken zip"),
)
def test_what_is_not_known_is_of_no_kind(content: bytes) -> None:
    assert kind_of(content) is None


def test_an_archive_that_promises_more_than_it_holds_is_not_unpacked() -> None:
    bomb = BytesIO()
    with ZipFile(bomb, "w", compression=8) as found:
        found.writestr("mimetype", "0" * 50_000_000)
    assert kind_of(bomb.getvalue()) is None
