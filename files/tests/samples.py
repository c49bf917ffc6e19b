"""Small files of several kinds."""

from io import BytesIO
from zipfile import ZipFile

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 40


def archive(*names: str, content: str = "") -> bytes:
    """A zip archive with these entries."""
    written = BytesIO()
    with ZipFile(written, "w") as found:
        for name in names:
            found.writestr(name, content)
    return written.getvalue()
