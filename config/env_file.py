"""Reading `.env`, or the file that ENV_FILE names, into the environment.

Values are literal, without expansion. Error messages name the line number and never quote the line.
"""

import os
import re
import sys
from pathlib import Path

LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
QUOTED = re.compile(r"""'(?P<single>[^']*)'\s*(?:#.*)?|"(?P<double>(?:[^"\\]|\\.)*)"\s*(?:#.*)?""")


def read_env_file(default: Path) -> None:
    """Set variables that are not in the environment; of a name that stands twice the last line counts.

    Exits with one line if the file is unreadable.
    """
    named = os.environ.get("ENV_FILE", "")
    path = Path(named) if named else default
    if not named and not path.exists():
        return
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        sys.exit(f"ENV_FILE {path} cannot be read: {error.strerror}. Name another file, or leave it empty.")
    except UnicodeDecodeError:
        sys.exit(f"{path} is not a text in UTF-8. Save it as UTF-8.")
    found = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", content), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, value = parse_line(line.strip(), f"Line {number} of {path}")
            found[name] = value
    for name, value in found.items():
        os.environ.setdefault(name, value)


def parse_line(line: str, where: str) -> tuple[str, str]:
    """Parse a line into name and value; spaces around `=`, quotes and trailing comments are allowed."""
    found = LINE.fullmatch(line)
    if not found or "\0" in line:
        sys.exit(f"{where} cannot be read. Write NAME=value.")
    name, value = found.groups()
    if value[:1] in ("'", '"'):
        quoted = QUOTED.fullmatch(value)
        if not quoted:
            sys.exit(f"{where} has no closing quote. Close it, or leave the quotes out.")
        if quoted["single"] is not None:
            return name, quoted["single"]
        return name, re.sub(r'\\(["\\$])', r"\1", quoted["double"])
    return name, re.split(r"(?:^|\s)#", value, maxsplit=1)[0].strip()
