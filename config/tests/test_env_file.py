"""`.env` as people write it, on Windows too; nothing of it is ever printed."""

import os
from pathlib import Path
from unittest import mock

import pytest

from config.env_file import read_env_file


def read(path: Path, content: bytes = b"", **environment: str) -> dict[str, str]:
    """The environment of a process that reads a file of this content."""
    path.write_bytes(content)
    with mock.patch.dict(os.environ, environment, clear=True):
        read_env_file(path)
        return dict(os.environ)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("NAME = value", "value"),
        ("export NAME=value", "value"),
        ("  NAME=value  ", "value"),
        ("NAME=", ""),
        ("NAME=$a$b{c}", "$a$b{c}"),
        ("NAME='$a # b'", "$a # b"),
        ('NAME="a b"', "a b"),
        ('NAME="a\\"b\\$c"', 'a"b$c'),
        ("NAME=value # a comment", "value"),
        ("NAME= # a comment", ""),
        ("NAME=a#b", "a#b"),
        ("NAME=a=b", "a=b"),
        ("NAME='a b' # a comment", "a b"),
    ],
)
def test_a_line_may_have_spaces_quotes_and_a_comment(tmp_path: Path, line: str, value: str) -> None:
    assert read(tmp_path / ".env", line.encode()) == {"NAME": value}


def test_a_file_of_windows_is_read(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfFIRST=1\r\n\r\n# words\r\nSECOND=2\r\n"
    assert read(tmp_path / ".env", content) == {"FIRST": "1", "SECOND": "2"}


def test_a_file_of_an_old_mac_is_read_and_a_value_may_hold_other_separators(tmp_path: Path) -> None:
    content = "FIRST=1\rSECOND=a\u2028b\x0bc\r".encode()
    assert read(tmp_path / ".env", content) == {"FIRST": "1", "SECOND": "a\u2028b\x0bc"}


def test_of_a_name_that_stands_twice_the_last_line_counts(tmp_path: Path) -> None:
    assert read(tmp_path / ".env", b"NAME=old\nNAME=new\n") == {"NAME": "new"}
    assert read(tmp_path / ".env", b"NAME=old\nNAME=new\n", NAME="given") == {"NAME": "given"}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    assert read(tmp_path / ".env", b"NAME=file", NAME="given") == {"NAME": "given"}


@pytest.mark.parametrize(
    "line",
    ["p4ssw0rd", "a p4ssw0rd=b", "NAME=p4ssw0rd\0x", "NAME: p4ssw0rd", "NAME='p4ssw0rd", 'NAME="p4ssw0rd'],
)
def test_a_slip_is_told_by_the_number_of_its_line_and_never_quoted(
    tmp_path: Path, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        read(tmp_path / ".env", f"# words\n{line}\n".encode())
    assert str(stopped.value.code).startswith(f"Line 2 of {tmp_path}/.env ")
    assert "p4ssw0rd" not in str(stopped.value.code) + "".join(capfd.readouterr())


def test_a_file_that_is_no_text_or_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="UTF-8"):
        read(tmp_path / ".env", "SECRET=\u00fc".encode("utf-16"))
    with pytest.raises(SystemExit, match=r"^ENV_FILE \S+/none cannot be read: No such file"):
        read(tmp_path / ".env", ENV_FILE=str(tmp_path / "none"))


def test_no_file_is_needed(tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, {}, clear=True):
        read_env_file(tmp_path / ".env")
        assert dict(os.environ) == {}
