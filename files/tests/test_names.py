"""Names of files of strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.names import FORBIDDEN, LONGEST, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ada\\Angebot März.docx", "Angebot März.pdf"),
        ("invoice.pdf.exe", "invoice.pdf.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie b.pdf"),
        ('"; filename="x.html', " filename=x.pdf".strip()),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
    ],
)
def test_a_name_is_made_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name, "pdf") == safe


@given(st.text(max_size=400))
def test_any_name_comes_out_short_and_plain(given_name: str) -> None:
    safe = safe_name(given_name, "pdf")
    assert safe.endswith(".pdf")
    assert len(safe) <= LONGEST + 4
    assert not FORBIDDEN.search(safe)
    assert "/" not in safe
    assert "\\" not in safe
