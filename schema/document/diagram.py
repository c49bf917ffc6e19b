"""The entity relationship diagram: as Mermaid, and as an SVG of our own with tables grouped by app."""

from collections import defaultdict
from xml.sax.saxutils import escape

from schema.catalogue import Table
from schema.notes import is_ours, models_by_table

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 210, 34, 60, 18, 30


def groups(tables: dict[str, Table]) -> dict[str, list[str]]:
    """{app: its tables}, ours only."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, model in sorted(models_by_table().items()):
        if name in tables and is_ours(model) and not model._meta.proxy:
            found[model._meta.app_label].append(name)
    return dict(sorted(found.items()))


def edges(tables: dict[str, Table]) -> list[tuple[str, str, str, bool]]:
    """[(child, parent, column, whether the parent is required)] among our tables."""
    ours = {name for names in groups(tables).values() for name in names}
    return [
        (name, key.target, key.columns[0], required(tables[name], key.columns[0]))
        for name in sorted(ours)
        for key in tables[name].foreign_keys
        if key.target in ours
    ]


def required(table: Table, column: str) -> bool:
    return next(each.not_null for each in table.columns if each.name == column)


def mermaid(tables: dict[str, Table]) -> str:
    lines = ["erDiagram"]
    for child, parent, key, needed in edges(tables):
        lines.append(f"    {parent} {'||' if needed else '|o'}--o{{ {child} : {key}")
    for names in groups(tables).values():
        for name in names:
            keys = tables[name].columns_of_key()
            lines.append(f"    {name} {{")
            for column in tables[name].columns:
                kind = column.type.split("(")[0].replace(" ", "_")
                lines.append(f"        {kind} {column.name}{' PK' if column.name in keys else ''}")
            lines.append("    }")
    return "\n".join(lines)


def svg(tables: dict[str, Table]) -> str:
    """A column of boxes for each app, and a curve for each reference."""
    columns = groups(tables)
    at = {
        name: (EDGE + x * (WIDE + GAP_X), 2 * EDGE + y * (HIGH + GAP_Y))
        for x, names in enumerate(columns.values())
        for y, name in enumerate(names)
    }
    width = 2 * EDGE + len(columns) * (WIDE + GAP_X) - GAP_X
    height = 3 * EDGE + max(map(len, columns.values()), default=0) * (HIGH + GAP_Y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="13">',
        "<title>Tables by app, and which refers to which</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    parts += [curve(at[child], at[parent]) for child, parent, _, _ in edges(tables) if child != parent]
    for x, app in enumerate(columns):
        parts.append(
            f'<text x="{EDGE + x * (WIDE + GAP_X)}" y="{EDGE}" font-weight="bold">{escape(app)}</text>'
        )
    parts += [box(name, *place) for name, place in at.items()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def box(name: str, x: int, y: int) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="4" fill="#f3f6f4" stroke="#4a6b5d"/>'
        f'<text x="{x + 10}" y="{y + 22}">{escape(name)}</text>'
    )


def curve(child: tuple[int, int], parent: tuple[int, int]) -> str:
    """From the near side of one box to the near side of the other."""
    right = child[0] <= parent[0]
    start = child[0] + (WIDE if right else 0), child[1] + HIGH // 2
    end = parent[0] + (0 if right and child[0] != parent[0] else WIDE), parent[1] + HIGH // 2
    bend = GAP_X if right else -GAP_X
    turn = end[0] - bend if child[0] != parent[0] else end[0] + bend
    path = f"M{start[0]} {start[1]} C{start[0] + bend} {start[1]} {turn} {end[1]} {end[0]} {end[1]}"
    return f'<path d="{path}" fill="none" stroke="#9ab0a5"/>'
