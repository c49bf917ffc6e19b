import re
from pathlib import Path

import hubspot_simulator

HERE = Path(__file__).parent
README = Path(hubspot_simulator.__file__).with_name("README.md")


def test_every_test_that_the_readme_names_is_there() -> None:
    written = {
        name for file in HERE.glob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text())
    }
    named = set(re.findall(r"`(test_\w+)`", README.read_text()))
    assert len(named) > 60
    assert named <= written
