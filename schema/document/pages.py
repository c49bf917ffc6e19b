"""All pages of docs/schema/ as texts: the same database gives the same pages, to the letter."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from schema.catalogue import Table, children
from schema.document.diagram import edges, groups, mermaid, svg
from schema.document.tables import ON_DELETE, describe_table, on_delete
from schema.notes import models_by_table
from schema.validation import exceptions, journey, validate

DIAGRAM = "# Entity relationship diagram\n\n![Tables by app](erd.svg)"
TEXTS = Path(__file__).parents[1] / "texts"
MEASURED = TEXTS / "measured.yaml"


def pages(tables: dict[str, Table]) -> dict[str, str]:
    """{path below docs/schema: content}"""
    steps, by_table, parents = steps_by_table(), models_by_table(), children(tables)
    found = {
        "README.md": overview(tables),
        "relationships.md": relationships_page(tables),
        "erd.md": f"{DIAGRAM}\n\n```mermaid\n{mermaid(tables)}\n```\n",
        "erd.svg": svg(tables),
        "queries.md": queries(),
    }
    for name in (each for names in groups(tables).values() for each in names):
        page = describe_table(tables[name], by_table.get(name), steps.get(name, []), parents.get(name, []))
        found[f"tables/{name}.md"] = page
    return found


def steps_by_table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in journey():
        for table in step["tables"]:
            found.setdefault(table, []).append(str(step["step"]))
    return found


def overview(tables: dict[str, Table]) -> str:
    ours = groups(tables)
    count = sum(map(len, ours.values()))
    keys = sum(len(table.foreign_keys) for table in tables.values())
    return "\n".join(
        [
            "# The schema of the database",
            "",
            "PostgreSQL 15 or newer, by the ORM and migrations of Django. Written by `script/manage "
            "schema_document` from the",
            "models, the live catalogue and the notes beside the models; `--check` fails when it is not "
            "what the database says.",
            "",
            f"**{count} tables of ours**, {len(tables) - count} of Django and its libraries, {keys} "
            f"foreign keys. "
            "See the [diagram](erd.md), [relationships](relationships.md) and [queries](queries.md).",
            "",
            *journey_table(),
            *table_list(ours),
            *coverage(tables),
            *validation(tables),
            *projections(),
            (TEXTS / "design.md").read_text().rstrip(),
            "",
        ]
    )


def journey_table() -> Iterator[str]:
    yield from (
        "## Steps of the journey and their tables",
        "",
        "| step | what happens | tables |",
        "| --- | --- | --- |",
    )
    for step in journey():
        links = ", ".join(f"[{name}](tables/{name}.md)" for name in step["tables"])
        yield f"| {step['step']} | {step['does']} | {links} |"
    yield ""


def table_list(ours: dict[str, list[str]]) -> Iterator[str]:
    yield from ("## Tables by app", "")
    for app, names in ours.items():
        yield f"- **{app}**: {', '.join(f'[{name}](tables/{name}.md)' for name in names)}"
    yield ""


def coverage(tables: dict[str, Table]) -> Iterator[str]:
    indexes = [(table, index) for table in tables.values() for index in table.indexes]
    referring = {(table.name, key.columns[0]) for table in tables.values() for key in table.foreign_keys}
    kinds = {
        "primary keys": sum(index.primary for _, index in indexes),
        "unique, a rule of the business": sum(index.unique and not index.primary for _, index in indexes),
        "for foreign keys": sum(
            bool(index.columns) and (table.name, index.columns[0]) in referring for table, index in indexes
        ),
        "of several columns": sum(len(index.columns) > 1 for _, index in indexes),
        "partial, of some rows": sum(bool(index.condition) for _, index in indexes),
        "of an expression": sum("(expression)" in index.columns for _, index in indexes),
    }
    yield from (
        "## Indexes",
        "",
        f"{len(indexes)} in all. Each serves a query that its table's page names.",
        "",
    )
    yield from ("| kind | how many |", "| --- | --- |")
    yield from (f"| {kind} | {number} |" for kind, number in kinds.items())
    yield ""


def validation(tables: dict[str, Table]) -> Iterator[str]:
    yield from ("## Validation", "", "Checked by `schema/validation.py` in the suite.", "")
    for rule, problems in validate(tables).items():
        yield f"- [{'x' if not problems else ' '}] {rule}"
        yield from (f"  - {problem}" for problem in problems)
        yield from (f"  - except {what}: {why}" for what, why in sorted(exceptions().get(rule, {}).items()))
    yield ""


def projections() -> Iterator[str]:
    """Year 1 from measured sizes of rows, indexes included."""
    measured = yaml.safe_load(MEASURED.read_text())
    rows = measured["assessments_a_year"]
    yield from (
        "## Year 1",
        "",
        f"At {rows:,} assessments, from sizes measured on {measured['rows']:,} of them.",
        "",
    )
    yield from (
        "| table | rows for each assessment | bytes a row, with indexes | rows | GB |",
        "| --- | --- | --- | --- | --- |",
    )
    total = 0.0
    for name, (each, size) in measured["tables"].items():
        gigabytes = rows * each * size / 1e9
        total += gigabytes
        yield f"| {name} | {each:g} | {size:,.0f} | {rows * each:,.0f} | {gigabytes:.2f} |"
    yield from (f"| together | | | | {total:.2f} |", "")


def relationships_page(tables: dict[str, Table]) -> str:
    by_table = models_by_table()
    lines = [
        "# Relationships",
        "",
        "| child | column | parent | when the parent is deleted |",
        "| --- | --- | --- | --- |",
    ]
    for child, parent, column, _ in edges(tables):
        key = next(each for each in tables[child].foreign_keys if each.columns[0] == column)
        words = on_delete(key, by_table.get(child))
        lines.append(
            f"| [{child}](tables/{child}.md) | {column} | [{parent}](tables/{parent}.md) | {words} |"
        )
    kinds = ", ".join(ON_DELETE.values())
    note = f"Of {kinds} ours are NO ACTION: Django and `privacy/clearing` delete in batches, children first."
    return "\n".join([*lines, "", note]) + "\n"


def queries() -> str:
    """Queries of the hot path with their measured plans; `baseline record` measures anew."""
    measured = yaml.safe_load(MEASURED.read_text())
    lines = ["# Queries and their plans", "", measured["measured_on"], ""]
    for each in measured["queries"]:
        lines += [f"## {each['name']}", "", "```sql", each["sql"].strip(), "```", ""]
        lines += ["```", each["plan"].strip(), "```", ""]
    return "\n".join(lines)
