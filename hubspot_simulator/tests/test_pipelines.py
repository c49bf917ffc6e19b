from .conftest import DEALS, Caller, Clock

PIPELINES = "/crm/v3/pipelines/deals"
OURS = {
    "pipelineId": "ours",
    "label": "Ours",
    "displayOrder": 1,
    "stages": [
        {"stageId": "asked", "label": "Asked", "displayOrder": 0, "metadata": {"probability": "0.5"}},
        {"stageId": "won", "label": "Won", "displayOrder": 1, "metadata": {"probability": "1"}},
    ],
}


def test_the_default_pipeline_is_there_with_its_stages(hubspot: Caller) -> None:
    found = hubspot.get(f"{PIPELINES}/default").json()
    stages = [stage["id"] for stage in found["stages"]]
    assert (stages[0], stages[-2:]) == ("appointmentscheduled", ["closedwon", "closedlost"])


def test_a_created_pipeline_keeps_the_ids_it_was_given(hubspot: Caller) -> None:
    answer = hubspot.post(PIPELINES, OURS)
    assert (answer.status_code, answer.json()["id"]) == (201, "ours")
    assert [stage["metadata"]["isClosed"] for stage in answer.json()["stages"]] == ["false", "true"]
    assert hubspot.deal(pipeline="ours", dealstage="asked")


def test_a_stage_must_belong_to_the_pipeline_of_its_deal(hubspot: Caller) -> None:
    hubspot.post(PIPELINES, OURS)
    assert hubspot.post(DEALS, {"properties": {"dealstage": "asked"}}).status_code == 400
    body = {"properties": {"dealstage": "closedwon", "pipeline": "ours"}}
    assert hubspot.post(DEALS, body).status_code == 400


def test_a_pipeline_or_a_stage_that_exists_is_409(hubspot: Caller) -> None:
    hubspot.post(PIPELINES, OURS)
    assert hubspot.post(PIPELINES, OURS).status_code == 409
    assert hubspot.post(PIPELINES, OURS | {"pipelineId": "other"}).status_code == 409


def test_a_probability_is_between_0_and_1(hubspot: Caller) -> None:
    stage = {"stageId": "x", "label": "X", "displayOrder": 0, "metadata": {"probability": "1.5"}}
    assert hubspot.post(f"{PIPELINES}/default/stages", stage).status_code == 400


def test_a_stage_can_be_added(hubspot: Caller) -> None:
    stage = {"stageId": "extra", "label": "Extra", "displayOrder": 9, "metadata": {"probability": "0.1"}}
    assert hubspot.post(f"{PIPELINES}/default/stages", stage).status_code == 201
    stages = hubspot.get("/crm/pipelines/2026-09/deals/default/stages").json()["results"]
    assert stages[-1]["id"] == "extra"


def test_editing_a_pipeline_touches_its_deals(hubspot: Caller, clock: Clock) -> None:
    deal = hubspot.deal()
    before = hubspot.get(f"{DEALS}/{deal}").json()["properties"]["hs_lastmodifieddate"]
    clock.forward(seconds=1)
    hubspot.patch(f"{PIPELINES}/default", {"label": "New"})
    assert hubspot.get(f"{DEALS}/{deal}").json()["properties"]["hs_lastmodifieddate"] > before


def test_a_stage_in_use_cannot_be_deleted(hubspot: Caller) -> None:
    hubspot.post(PIPELINES, OURS)
    deal = hubspot.deal(pipeline="ours", dealstage="asked")
    for path in (f"{PIPELINES}/ours/stages/asked", f"{PIPELINES}/ours"):
        answer = hubspot.call("DELETE", path)
        assert (answer.status_code, answer.json()["subCategory"]) == (400, "PipelineError.STAGE_ID_IN_USE")
    hubspot.call("DELETE", f"{DEALS}/{deal}")
    assert hubspot.call("DELETE", f"{PIPELINES}/ours/stages/won").status_code == 204
    assert hubspot.call("DELETE", f"{PIPELINES}/ours").status_code == 204
    assert hubspot.get(f"{PIPELINES}/ours").status_code == 404
