"""Whatever is sent, nothing is there twice and a refused call has changed nothing."""

import json
from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hubspot_simulator.account import saving
from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import addresses
from hubspot_simulator.account.switches import Switches
from hubspot_simulator.http import service
from hubspot_simulator.wire.messages import Json, Request

CONTACTS = "/crm/v3/objects/contacts"
ADDRESSES = st.sampled_from(["a@b.io", "B@b.io", "c@b.io", "bad"])
NAMES = st.sampled_from(["email", "hs_additional_emails", "phone", "nope"])
PROPERTIES = st.dictionaries(NAMES, ADDRESSES, max_size=2)
INPUTS = st.fixed_dictionaries(
    {"id": ADDRESSES, "idProperty": st.just("email"), "properties": PROPERTIES},
    optional={"objectWriteTraceId": st.sampled_from("123")},
)
BATCHES = st.fixed_dictionaries({"inputs": st.lists(INPUTS, max_size=4)})
MERGE = {"primaryObjectId": "{one}", "objectIdToMerge": "{two}"}
CALLS: st.SearchStrategy[tuple[str, str, Json]] = st.one_of(
    st.tuples(st.just("POST"), st.just("/batch/upsert"), BATCHES),
    st.tuples(st.just("POST"), st.just(""), st.fixed_dictionaries({"properties": PROPERTIES})),
    st.tuples(st.just("PATCH"), st.just("/{one}"), st.fixed_dictionaries({"properties": PROPERTIES})),
    st.tuples(st.just("DELETE"), st.just("/{one}"), st.just({})),
    st.tuples(st.just("POST"), st.just("/merge"), st.just(MERGE)),
)


def call(portal: Portal, method: str, path: str, body: Json) -> int:
    ids = [*portal.store.records[Kind.CONTACT], "1", "1"]
    text = json.dumps(body).replace("{one}", ids[0]).replace("{two}", ids[1])
    path = f"{CONTACTS}{path.replace('{one}', ids[0])}"
    headers = {"authorization": f"Bearer {portal.token}"}
    return service.answer(portal, Request(method, path, headers=headers, body=text.encode())).status


@given(calls=st.lists(CALLS, max_size=12), whole=st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_address_is_held_twice_and_a_refused_call_changes_nothing(
    calls: list[tuple[str, str, Json]], *, whole: bool
) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    portal = Portal("t", clock=lambda: noon, random=Random(1), switches=Switches(whole_batch_conflict=whole))
    for method, path, body in calls:
        before = saving.dump(portal)
        status = call(portal, method, path, body)
        assert status < 500
        assert status < 400 or saving.dump(portal) == before
        held = [address for record in portal.store.contacts() for address in addresses(record)]
        assert len(held) == len(set(held))
        assert all(portal.store.owner(Kind.CONTACT, "email", address) for address in held)
