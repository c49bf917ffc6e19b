"""A web page that shows contacts and deals as they arrive. Every value is escaped."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from hubspot_simulator.account.calls import Call
from hubspot_simulator.account.faults import Faults, Planned
from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record, Store
from hubspot_simulator.account.values import instant

HERE = Path(__file__).parent
SHOWN = 100  # records of each kind
NO_CONTACTS = (
    "No contacts yet. Finish an assessment with an e-mail address: its lead arrives here within seconds."
)
NO_DEALS = "No deals yet. A lead that qualifies for a briefing brings one, with its contact."
NO_CALLS = "No calls yet. Give the sync this address and its token, and start the worker."
MOMENTS = {"before": "before the write", "after": "after the write", "partial": "in the middle of the write"}
REHEARSALS = (
    ("Fail the next call", {"effect": "status", "status": "503", "times": "1"}),
    ("Refuse the next 5 as too many", {"effect": "status", "status": "429", "times": "5"}),
    ("Write, then lose the answer", {"effect": "reset", "moment": "after", "route": "POST *", "times": "1"}),
    (
        "Write one of a batch, then fail",
        {"effect": "status", "moment": "partial", "route": "*/batch/*", "times": "1"},
    ),
    ("Go down", {"effect": "status", "status": "502"}),
)


def render(portal: Portal, calls: list[Call]) -> str:
    """Render the page; long lists show their newest entries."""
    store = portal.store
    contacts, deals = store.contacts()[::-1], store.deals()[::-1]
    return Template((HERE / "page.html").read_text()).substitute(
        title=f"{len(contacts)} contacts, {len(deals)} deals · HubSpot simulator",
        style=(HERE / "page.css").read_text(),
        contact_count=len(contacts),
        contacts="\n".join(map(_contact, contacts[:SHOWN])) or _nothing(NO_CONTACTS),
        deal_count=len(deals),
        deals="\n".join(_deal(store, deal) for deal in deals[:SHOWN]) or _nothing(NO_DEALS),
        faults=_faults(portal.faults),
        calls=f"<ol>{''.join(map(_call, calls))}</ol>" if calls else _nothing(NO_CALLS),
    )


def _contact(record: Record) -> str:
    name = f"{record.get('firstname')} {record.get('lastname')}".strip()
    line = ", ".join(part for part in (name, record.get("company")) if part)
    return _card(
        record, record.get("email") or record.id, line, ("email", "firstname", "lastname", "company")
    )


def _deal(store: Store, record: Record) -> str:
    found = (store.get(Kind.CONTACT, id) for id in store.neighbours(record.id))
    contacts = ", ".join(contact.get("email") or contact.id for contact in found if contact)
    line = f"for {contacts}" if contacts else "for no contact"
    return _card(record, record.get("dealname") or record.id, line, ("dealname",))


def _card(record: Record, title: str, line: str, told: tuple[str, ...]) -> str:
    others = sorted(set(record.properties) - set(told))
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(record.get(name))}</dd></div>" for name in others
    )
    details = f"<dl>{rows}</dl>" if rows else ""
    head = f"<header><h3>{escape(title)}</h3>{_time(record)}</header>"
    return f"<article>{head}<p>{escape(line)}</p>{details}</article>"


def _time(record: Record) -> str:
    at = instant(record.updated_at)
    return f'<time datetime="{at}">{at[:10]} {at[11:19]}</time>'


def _call(call: Call) -> str:
    at, tone = instant(call.at), "good" if 200 <= call.status < 300 else "bad"
    inputs = f"{call.inputs} input{'' if call.inputs == 1 else 's'}" if call.inputs else ""
    status = call.status or "lost"
    return (
        f'<li><time datetime="{at}">{at[11:19]}</time><code>{escape(call.method)} {escape(call.path)}</code>'
        f'<span class="quiet number">{inputs}</span><span class="number {tone}">{status}</span></li>'
    )


def _faults(faults: Faults) -> str:
    rows = "".join(_fault(plan) for plan in faults.planned)
    buttons = "".join(_button("faults", label, fields) for label, fields in REHEARSALS)
    return buttons + (f"{_button('faults/clear', 'Clear all faults', {})}<ol>{rows}</ol>" if rows else "")


def _fault(plan: Planned) -> str:
    fault = plan.fault
    what = f"{fault.effect} {fault.status}" if fault.effect == "status" else fault.effect
    left = "every match" if fault.times is None else f"{fault.times} in all"
    told = f"{fault.route}: {what}, {MOMENTS[fault.moment]}"
    return (
        f"<li><span>{plan.struck} done</span><code>{escape(told)}</code>"
        f'<span class="quiet number">{left}</span></li>'
    )


def _button(path: str, label: str, fields: Mapping[str, str]) -> str:
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(fields[name])}">' for name in fields)
    return f'<form method="post" action="/_simulator/{path}">{inputs}<button>{escape(label)}</button></form>'


def _nothing(text: str) -> str:
    return f'<p class="empty quiet">{escape(text)}</p>'
