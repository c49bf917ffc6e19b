"""HubSpot's own Python client takes the simulator for HubSpot."""

from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicDefaultAssociationMultiPost
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInputUpsert,
    BatchReadInputSimplePublicObjectId,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.deals import SimplePublicObjectInputForCreate as Deal

from hubspot_simulator.tests.conftest import TOKEN, Caller


@pytest.fixture
def client(hubspot: Caller) -> Any:
    return HubSpot(access_token=TOKEN, host=hubspot.running.url)


def create(client: Any, email: str) -> str:
    contact = SimplePublicObjectInputForCreate(properties={"email": email}, associations=[])
    return str(client.crm.contacts.basic_api.create(contact).id)


def test_it_creates_a_contact_and_reads_it_back(client: Any) -> None:
    id = create(client, "Ada@engines.example")
    assert client.crm.contacts.basic_api.get_by_id(id).properties["email"] == "ada@engines.example"


def test_it_gets_the_conflict_of_an_address_that_is_there(client: Any) -> None:
    id = create(client, "ada@engines.example")
    with pytest.raises(ApiException) as refused:
        create(client, "ada@engines.example")
    assert refused.value.status == 409
    assert f"Existing ID: {id}" in refused.value.body


def test_it_upserts_a_batch_and_is_told_of_the_bad_input(client: Any) -> None:
    inputs = [
        {
            "id": email,
            "idProperty": "email",
            "objectWriteTraceId": trace,
            "properties": {"email": email, "firstname": "Ada"},
        }
        for trace, email in (("good", "ada@engines.example"), ("bad", "no address"))
    ]
    body = BatchInputSimplePublicObjectBatchInputUpsert(inputs=inputs)
    answer = client.crm.contacts.batch_api.upsert(body)
    assert [result.object_write_trace_id for result in answer.results] == ["good"]
    assert answer.num_errors == 1
    assert answer.errors[0].context["objectWriteTraceId"] == ["bad"]


def test_it_reads_a_batch_by_address(client: Any) -> None:
    id = create(client, "ada@engines.example")
    body = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": "ada@engines.example"}],
        id_property="email",
        properties=["email"],
        properties_with_history=[],
    )
    assert [found.id for found in client.crm.contacts.batch_api.read(body).results] == [id]


def test_it_links_a_deal_to_a_contact(client: Any) -> None:
    contact = create(client, "ada@engines.example")
    deal = client.crm.deals.basic_api.create(Deal(properties={"dealname": "A deal"}, associations=[])).id
    body = BatchInputPublicDefaultAssociationMultiPost(inputs=[{"from": {"id": deal}, "to": {"id": contact}}])
    client.crm.associations.v4.batch_api.create_default("deals", "contacts", body)
    linked = client.crm.associations.v4.basic_api.get_page("deals", deal, "contacts").results
    assert [str(each.to_object_id) for each in linked] == [contact]


def test_it_gets_the_error_of_a_wrong_token(hubspot: Caller) -> None:
    with pytest.raises(ApiException) as refused:
        create(HubSpot(access_token="another", host=hubspot.running.url), "ada@engines.example")
    assert refused.value.status == 401
    assert "INVALID_AUTHENTICATION" in refused.value.body
