"""What the documents name is there, and what can be set, run or kept is documented."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db.models import Model

from config.tests.processes import PROJECT

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("*/README.md")])
READMES = [document.parent for document in PROJECT.glob("*/README.md")]
ROOMS = (
    *("accounts", "assessments", "audit", "backups", "branding", "encryption", "experiments", "files"),
    *("hubspot_sync", "leads", "mailings", "operations", "privacy", "queues", "schema", "scorecard", "web"),
)
MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]

READS = re.compile(
    r'\b(?:env|connections)\.\w+\(\s*"([A-Z_]+)"'
    r'|\b(?:text|mail_addresses|sender|listen_address|number|switch|words)\("([A-Z_]+)"'
    r"""|\b(?:given|os\.environ)\.get\(["']([A-Z_]+)["']"""
    r"|(?<!\$)\$\{([A-Z_]+)"
)
GIVEN_BY_THE_SYSTEM = {"PATH", "NO_PROXY", "SCRIPT_NAME"}
RANDOM = secrets.token_urlsafe(60)
SETTING = re.compile(r"#?([A-Z_]+)=")


@cache
def code() -> str:
    """Our Python, the Procfile and compose.yaml, tests apart, in one text."""
    found = [path for room in (*ROOMS, "config") for path in (PROJECT / room).rglob("*.py")]
    kept = [path for path in found if "tests" not in path.parts]
    return "\n".join(path.read_text() for path in [*kept, PROJECT / "Procfile", PROJECT / "compose.yaml"])


def settings_read() -> set[str]:
    """Every name that the product takes from the environment."""
    return {name for found in READS.findall(code()) for name in found if name} - GIVEN_BY_THE_SYSTEM


@cache
def example() -> list[str]:
    return (PROJECT / ".env.example").read_text().splitlines()


def settings_listed() -> list[str]:
    return [found[1] for line in example() if (found := SETTING.match(line))]


def effective(file: Path) -> str:
    """Every setting of a production process that reads this file and is given the least it needs."""
    given = {
        "SECRET_KEY": RANDOM,
        "FIELD_ENCRYPTION_KEYS": RANDOM,
        "ALLOWED_HOSTS": "a",
        "DATABASE_URL": "postgres://a/b",
        "REDIS_URL": "redis://a",
    }
    show = "from config import settings; print({n: v for n, v in vars(settings).items() if n.isupper()})"
    return subprocess.run(
        [sys.executable, "-c", show],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(file)} | given,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def named(document: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, document.read_text(), re.MULTILINE))


def anchors(document: Path) -> set[str]:
    """The names of its headings, as links spell them."""
    headings = named(document, r"^#+ (.*)$")
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_example_lists_every_setting_that_is_read() -> None:
    assert settings_read() - set(settings_listed()) == set()


def test_every_setting_that_the_example_lists_is_read() -> None:
    by_compose_itself = named(PROJECT / "compose.yaml", r"# Optional: (\w+)=")
    assert set(settings_listed()) - settings_read() - by_compose_itself == set()


def test_the_example_lists_each_setting_once_and_explains_it_on_the_line_above() -> None:
    places = [number for number, line in enumerate(example()) if SETTING.match(line)]
    assert len(settings_listed()) == len(set(settings_listed()))
    assert [example()[place] for place in places if not example()[place - 1].startswith("# ")] == []


def test_the_defaults_of_the_example_are_those_of_the_code(tmp_path: Path) -> None:
    optional = [line[1:] for line in example() if re.match(r"#[A-Z_]+=", line)]
    (tmp_path / "defaults").write_text("\n".join(optional))
    assert effective(tmp_path / "defaults") == effective(Path(os.devnull))


@pytest.mark.parametrize("setting", settings.CONSTANCE_CONFIG)
def test_every_run_time_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in (PROJECT / "docs/operations.md").read_text()


def test_every_command_of_ours_is_documented() -> None:
    ours = {name for name, app in get_commands().items() if app in ROOMS}
    assert ours - named(PROJECT / "docs/operations.md", r"^\| `(\w+)[^`]*` \|") == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
def test_every_table_index_constraint_and_trigger_is_explained(model: type[Model]) -> None:
    rules = [*model._meta.constraints, *model._meta.indexes, *getattr(model._meta, "triggers", ())]
    names = {model._meta.db_table, *(rule.name for rule in rules)}
    assert names - named(PROJECT / "docs/database.md", r"`(\w+)`") == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in named(document, r'(?:\]\(|src=")([^)"\s]+)'):
        path, _, heading = target.partition("#")
        if "://" not in target:
            found = document.parent / path if path else document
            assert found.exists(), target
            assert not heading or heading in anchors(found), target


def is_set(name: str) -> bool:
    read = re.search(rf"\b{name}\b", code() + (PROJECT / "script/install.py").read_text())
    return name in GIVEN_BY_THE_SYSTEM or read is not None


def is_there(name: str) -> bool:
    """From the top, or in an app's own folder, as its README says it."""
    made_by_running = name.startswith((".local/", *(PROJECT / ".gitignore").read_text().split()))
    return made_by_running or any((place / name).exists() for place in (PROJECT, *READMES))


NAMED = {
    "scripts": (r"\b(script/\w+(?:\.py)?)", is_there),
    "files": (r"`((?!example\.)(?:[\w.]+/)+[\w.]*)`", is_there),
    "commands": (r"(?:manage\.py|script/manage) ([a-z_]+)", lambda name: name in get_commands()),
    "modules": (r"python -m ((?:config|hubspot_sync)[\w.]*)", lambda name: find_spec(name) is not None),
    "settings": (r"`([A-Z]+_[A-Z_]+)`", is_set),
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
@pytest.mark.parametrize(("pattern", "exists"), NAMED.values(), ids=NAMED)
def test_what_a_document_names_exists(document: Path, pattern: str, exists: Callable[[str], bool]) -> None:
    if document.name == "CHANGELOG.md" and exists is is_set:
        return  # it tells of settings that are gone, too
    assert {name for name in named(document, pattern) if not exists(name)} == set()


@pytest.mark.parametrize("command", ["script/server", "script/test"])
def test_the_two_commands_stand_first_and_can_be_run(command: str) -> None:
    assert command in (PROJECT / "README.md").read_text()[:200]
    assert os.access(PROJECT / command, os.X_OK)


def test_pictures_are_light() -> None:
    heavy = [path.name for path in (PROJECT / "docs/images").iterdir() if path.stat().st_size > 150_000]
    assert heavy == []


def test_only_what_speaks_of_production_says_manage_py() -> None:
    """Everybody else is sent to script/manage, which finds the services."""
    tracked = subprocess.run(
        ["git", "grep", "--files-with-matches", r"manage\.py [a-z]"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split()
    production = {"Dockerfile", "compose.yaml", "docs/operations.md", "docs/development.md"}
    production |= {"docs/backups.md", "docs/launch.md"}
    production |= {name for name in tracked if name.startswith("docs/deploy/")}
    assert {name for name in tracked if not name.startswith(("config/", "tests/", "script/"))} <= production


def test_every_test_and_module_that_is_called_slow_is_there() -> None:
    for line in (PROJECT / "tests/slow.txt").read_text().splitlines():
        file, _, name = line.partition("::")
        assert (f"def {name}(" if name else "def test_") in (PROJECT / file).read_text(), line


def recipe_lines() -> list[str]:
    """The numbered lines of the recipes, each with what it goes on with."""
    recipes = (PROJECT / "docs/development.md").read_text().partition("## Recipes")[2]
    return [" ".join(line.split()) for line in re.findall(r"^\d\. (.*(?:\n   .*)*)", recipes, re.MULTILINE)]


ENDINGS = (".py", ".html", ".txt", ".js", ".md", ".yaml", ".toml")
RECIPES = (
    *("contact field", "question type", "queue", "mail", "destination for leads", "role", "figure"),
    *("run-time setting", "setting from the environment"),
)


@pytest.mark.parametrize("recipe", RECIPES)
def test_there_is_a_recipe(recipe: str) -> None:
    recipes = (PROJECT / "docs/development.md").read_text().partition("## Recipes")[2]
    assert re.search(rf"^### An? {recipe}\n1\. ", recipes, re.MULTILINE)


@pytest.mark.parametrize("line", recipe_lines())
def test_what_a_recipe_names_is_in_one_of_its_files(line: str) -> None:
    files = [PROJECT / name for name in re.findall(r"`((?:[\w.]+/)*[\w.]+\.\w+)`", line)]
    text = "\n".join(file.read_text() for file in files if file.is_file())
    dotted = [name for name in re.findall(r"`(\w+(?:\.\w+)*)`", line) if not name.endswith(ENDINGS)]
    names = [name.rpartition(".")[2] for name in dotted if name not in get_commands()]
    assert [name for name in names if not re.search(rf"\b{name}\b", text) and not is_app(name)] == []


def is_app(name: str) -> bool:
    return (PROJECT / name / "__init__.py").exists()
