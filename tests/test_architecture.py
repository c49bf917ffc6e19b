"""The house stands as docs/architecture.md draws it."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.utils.module_loading import import_string

from assessments import signals
from assessments.signals import lead_changed, lead_finishes
from config.tests.processes import PROJECT
from privacy.datamap.tables import TABLES
from queues.declared import queues
from tests.house import apps, contracts, dotted, modules, place, points_up, ranks, tree
from web.backoffice import declarations

PANELS = ("home_panels", "lead_panels", "draft_panels")
MOST_MODULES = 16  # beside each other in one package
MOST_LINES = 400
MOST_LINES_OF_SQL = 6

# A view and what it calls do one act at two levels; the same name says so.
ACTS = {
    "assessments": {"announce_ended_sessions"},  # a task is called as what it starts
    "hubspot_simulator": {
        *("create", "read", "update", "upsert", "archive", "restore", "merge"),
        *("find", "page", "answer"),
    },
    "privacy": {"cleanup_sessions", "scrub"},  # a task is called as what it starts
    # as a row to edit and as a frozen value; a task is called as what it starts
    "scorecard": {"Question", "Section", "Recommendation", "publish_due"},
}
EVERYWHERE = {"Command", "main"}  # what Django and python -m call


def test_the_docstring_of_the_signals_names_their_receivers() -> None:
    connected = {
        f"{receiver.__module__}.{receiver.__qualname__}"
        for signal in (lead_changed, lead_finishes)
        for receiver in signal._live_receivers(None)[0]
    }
    documented = signals.__doc__.partition("Receivers:")[2].split()
    assert connected == set(documented)


def test_no_module_is_longer_than_three_screens() -> None:
    lines = {place(path): path.read_text().count("\n") for path in modules()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{place(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_statements_and_scripts_have_files_with_a_header() -> None:
    """What they do, their arguments and their result stand above them; Python holds short ones only."""
    files = [path for kind in ("sql", "lua") for app in apps() for path in (PROJECT / app).rglob(f"*.{kind}")]
    assert [place(path) for path in files if not path.read_text().startswith("-- ")] == []
    begins = re.compile(r"^(SELECT|INSERT|UPDATE|DELETE|WITH|local)\b", re.MULTILINE)
    long = [
        f"{place(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.count("\n") > MOST_LINES_OF_SQL and begins.search(node.value)
    ]
    assert long == []


def test_no_package_is_crowded() -> None:
    beside = Counter(path.parent for path in modules() if path.name != "__init__.py")
    assert {place(package): count for package, count in beside.items() if count > MOST_MODULES} == {}


def test_every_declared_path_leads_to_a_function() -> None:
    """What an AppConfig names as text is looked up when a page needs it; here it is looked up first."""
    paths = [
        *(queue.explain for queue in queues()),
        *(path for banner in declarations("banners") for path in (banner.rows, banner.words)),
        *(panel.context for kind in PANELS for panel in declarations(kind)),
        *declarations("metrics"),
        *declarations("figures"),
    ]
    assert [path for path in paths if not callable(import_string(path))] == []


def test_every_exception_to_a_check_has_its_reason_beside_it() -> None:
    """Of ruff or mypy: `# noqa: S311  # no secret`."""
    reasoned = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])  # \w")
    excused = re.compile(r"#\s*(noqa|type:\s*ignore)", re.IGNORECASE)
    bare = [
        f"{place(path)}:{number}"
        for path in PROJECT.glob("[!.]*/**/*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if excused.search(line) and not reasoned.search(line) and path != Path(__file__)
    ]
    assert bare == []


def test_nobody_listens_to_every_save() -> None:
    assert [place(path) for path in modules() if "post_save" in path.read_text()] == []


def test_a_retention_period_is_read_as_the_data_map_says() -> None:
    """By its setting there, never by the name of a setting that the map may replace."""
    settings = {table.retention.setting for table in TABLES.values() if table.retention}
    direct = {
        f"{place(path)}: {node.attr}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in settings
    }
    assert direct == set()


def test_every_module_that_calls_itself_pure_is_held_to_it() -> None:
    held = set(contracts()["Pure rules import no Django"]["source_modules"])
    pure = re.compile(r"\bpure\b", re.IGNORECASE)
    claim = {dotted(path) for path in modules() if pure.search(ast.get_docstring(tree(path)) or "")}
    assert claim - held == set()


def test_every_app_has_a_height() -> None:
    ours = {config.label for config in django_apps.get_app_configs() if Path(config.path).parent == PROJECT}
    assert ours - ranks().keys() == set()


# What import-linter cannot see: names of addresses and of templates

IN_TEMPLATES = re.compile(r"""\{%\s*(?:url|include|extends)\s+["']([^"']+)""")
HOME_PAGE = {"dashboard", "index.html", "base.html"}  # of the admin: templates of operations


def named_app(name: str) -> str:
    """Whose address (`privacy:page`, `admin:leads_lead_change`) or template (`privacy/page.html`) it is."""
    for app in ranks():
        address = rf"{app}:\w+|admin:{app}_\w+"
        template = rf"(admin/)?{app}/[\w/]+\.(html|txt|typ)"
        if re.fullmatch(f"{address}|{template}", name):
            return app
    return ""


def names_in_python() -> Iterator[tuple[str, str, str]]:
    """App, file and every text that may be the name of an address or a template."""
    for path in modules(*ranks()):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield place(path).split("/")[0], place(path), node.value


def names_in_templates() -> Iterator[tuple[str, str, str]]:
    """The same of templates; those at the top, the frame of every page, know everybody."""
    for path in (PROJECT / "templates").rglob("*.*"):
        owner, *rest = path.relative_to(PROJECT / "templates").parts
        if owner == "admin":
            owner = "operations" if rest[0] in HOME_PAGE else rest[0]
        for name in IN_TEMPLATES.findall(path.read_text()):
            yield owner, place(path), name


def test_no_address_and_no_template_of_a_higher_app_is_named_below() -> None:
    named = [*names_in_python(), *names_in_templates()]
    upward = {f"{file}: {name}" for app, file, name in named if points_up(app, named_app(name))}
    assert upward == set()


def test_one_name_means_one_thing_in_an_app() -> None:
    """Of public functions and classes at the top of a module."""
    places = defaultdict(set)
    for path in modules():
        app = place(path).split("/")[0]
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                places[app, node.name].add(place(path))
    twice = {key for key, found in places.items() if len(found) > 1}
    allowed = {(app, name) for app, names in ACTS.items() for name in names}
    assert {f"{app} {name}" for app, name in twice - allowed if name not in EVERYWHERE} == set()
    assert allowed - twice == set(), "no longer needed"


def test_every_room_of_tests_is_run_with_the_suite(pytestconfig: pytest.Config) -> None:
    run = {room for pattern in pytestconfig.getini("testpaths") for room in PROJECT.glob(pattern)}
    rooms = [room for app in apps() for room in (PROJECT / app).rglob("tests")]
    assert rooms
    assert [place(room) for room in rooms if room not in run] == []
