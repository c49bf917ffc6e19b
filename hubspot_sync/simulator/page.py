"""The page that shows contacts and deals arriving. Every value on it is escaped."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from .calls import Call
from .kinds import Kind
from .store import Record, Store
from .values import instant

HERE = Path(__file__).parent
ROWS = 100
PLAIN = {
    Kind.CONTACT: ("email", "firstname", "lastname", "company"),
    Kind.DEAL: ("dealname", "dealstage", "amount"),
}
NO_CONTACTS = (
    "No contacts yet. Finish an assessment with an e-mail address, and its lead arrives here within seconds."
)
NO_DEALS = "No deals yet. A lead that qualifies for a briefing brings one, with its contact."
NO_CALLS = "No calls yet. Point HUBSPOT_API_URL at this address and start the worker."

Cell = tuple[str, str]  # label, markup


def render(store: Store, calls: list[Call]) -> str:
    """The whole page; long lists show their newest rows."""
    contacts, deals = store.contacts()[::-1], store.deals()[::-1]
    return Template((HERE / "page.html").read_text()).substitute(
        style=(HERE / "page.css").read_text(),
        contact_count=len(contacts),
        contacts=_table([_contact(record) for record in contacts[:ROWS]], NO_CONTACTS),
        deal_count=len(deals),
        deals=_table([_deal(store, record) for record in deals[:ROWS]], NO_DEALS),
        calls=_table([_call(call) for call in calls], NO_CALLS),
    )


def _contact(record: Record) -> list[Cell]:
    name = f"{record.get('firstname')} {record.get('lastname')}".strip()
    return [
        ("Email", escape(record.get("email"))),
        ("Name", escape(name)),
        ("Company", escape(record.get("company"))),
        ("Everything else", _details(record)),
        ("Changed", _time(record)),
    ]


def _deal(store: Store, record: Record) -> list[Cell]:
    found = (store.get(Kind.CONTACT, id) for id in store.neighbours(record.id))
    contacts = ", ".join(contact.get("email") or contact.id for contact in found if contact)
    return [
        ("Deal", escape(record.get("dealname"))),
        ("Contact", escape(contacts) or '<span class="detail">none</span>'),
        ("Stage", escape(record.get("dealstage"))),
        ("Amount", escape(record.get("amount"))),
        ("Everything else", _details(record)),
        ("Changed", _time(record)),
    ]


def _call(call: Call) -> list[Cell]:
    tone = "good" if call.status < 300 else "bad"
    at = instant(call.at)
    return [
        ("Time", f'<time datetime="{at}">{at[11:19]}</time>'),
        ("Call", f"<code>{escape(call.method)} {escape(call.path)}</code>"),
        ("Inputs", str(call.inputs)),
        ("Status", f'<span class="{tone}">{call.status}</span>'),
    ]


def _details(record: Record) -> str:
    others = sorted(set(record.properties) - set(PLAIN[record.kind]))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(record.get(name))}</dd>" for name in others)
    return f"<details><summary>{len(others)} more</summary><dl>{rows}</dl></details>" if others else ""


def _time(record: Record) -> str:
    at = instant(record.updated_at)
    return f'<time datetime="{at}">{at[:10]} {at[11:19]}</time>'


def _table(rows: list[list[Cell]], nothing: str) -> str:
    if not rows:
        return f'<p class="empty">{escape(nothing)}</p>'
    head = "".join(f'<th scope="col">{escape(label)}</th>' for label, _ in rows[0])
    body = "\n".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _cells(row: Iterable[Cell]) -> str:
    return "".join(f'<td data-label="{escape(label)}">{markup}</td>' for label, markup in row)
