"""Deal pipelines and stages. Ids in a request are stored unchanged."""

from dataclasses import replace

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.pipelines import Pipeline, Stage
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, not_found, validation
from hubspot_simulator.wire.messages import Answer, Json, Request


def page(portal: Portal, request: Request) -> Answer:
    _deals_only(request)
    return Answer(200, {"results": [_view(portal, found) for found in portal.pipelines.values()]})


def read(portal: Portal, request: Request) -> Answer:
    return Answer(200, _view(portal, _named(portal, request)))


def create(portal: Portal, request: Request) -> Answer:
    _deals_only(request)
    body = reading.body(request)
    id = reading.as_optional_text(body.get("pipelineId"), "pipelineId") or portal.new_id()
    if id in portal.pipelines:
        raise _taken(f"Pipeline {id} already exists")
    made = Pipeline(id, reading.as_text(body.get("label"), "label"), _order(body))
    for item in reading.as_list(body.get("stages"), "stages"):
        made = made.with_stage(_stage(portal, made, reading.as_object(item, "stages")))
    if not made.stages:
        raise validation("A pipeline needs a stage", invented=True)
    portal.pipelines[id] = made
    return Answer(201, _view(portal, made))


def update(portal: Portal, request: Request) -> Answer:
    """Update label and order; HubSpot then counts every deal of the pipeline as modified."""
    found, body = _named(portal, request), reading.body(request)
    label = reading.as_text(body.get("label", found.label), "label")
    changed = replace(found, label=label, display_order=_order(body, found.display_order))
    return Answer(200, _view(portal, _keep(portal, changed)))


def stages(portal: Portal, request: Request) -> Answer:
    return Answer(200, {"results": [_stage_view(portal, stage) for stage in _named(portal, request).stages]})


def create_stage(portal: Portal, request: Request) -> Answer:
    found = _named(portal, request)
    made = _stage(portal, found, reading.body(request))
    _keep(portal, found.with_stage(made))
    return Answer(201, _stage_view(portal, made))


def delete(portal: Portal, request: Request) -> Answer:
    """Delete a pipeline: 204. Raises Refusal 400 while a deal is in one of its stages."""
    found = _named(portal, request)
    _refuse_in_use(portal, found.id, {stage.id for stage in found.stages})
    del portal.pipelines[found.id]
    return Answer(204)


def delete_stage(portal: Portal, request: Request) -> Answer:
    found, id = _named(portal, request), request.params["stage"]
    if not found.has(id):
        raise not_found()
    _refuse_in_use(portal, found.id, {id})
    _keep(portal, replace(found, stages=tuple(stage for stage in found.stages if stage.id != id)))
    return Answer(204)


def _refuse_in_use(portal: Portal, pipeline_id: str, stage_ids: set[str]) -> None:
    deals = [deal for deal in portal.store.deals() if deal.get("pipeline") == pipeline_id]
    if any(deal.get("dealstage") in stage_ids for deal in deals):
        refusal = validation("A stage that is in use cannot be deleted")
        refusal.extra["subCategory"] = "PipelineError.STAGE_ID_IN_USE"
        raise refusal


def _keep(portal: Portal, pipeline: Pipeline) -> Pipeline:
    portal.pipelines[pipeline.id] = pipeline
    for deal in portal.store.deals():
        if deal.get("pipeline") == pipeline.id:
            portal.store.put(replace(deal, updated_at=portal.now()))
    return pipeline


def _named(portal: Portal, request: Request) -> Pipeline:
    _deals_only(request)
    found = portal.pipelines.get(request.params["id"])
    if found is None:
        raise not_found()
    return found


def _deals_only(request: Request) -> None:
    if Kind.named(request.params["kind"]) is not Kind.DEAL:
        raise not_found()


def _stage(portal: Portal, pipeline: Pipeline, body: Json) -> Stage:
    metadata = reading.as_object(body.get("metadata"), "metadata")
    probability = reading.as_text(metadata.get("probability"), "metadata.probability")
    id = reading.as_optional_text(body.get("stageId"), "stageId") or portal.new_id()
    if pipeline.has(id) or any(other.has(id) for other in portal.pipelines.values()):
        raise _taken(f"Stage {id} already exists")
    if not _is_probability(probability):
        raise validation("probability must be between 0.0 and 1.0", invented=True)
    return Stage(id, reading.as_text(body.get("label"), "label"), _order(body), probability)


def _is_probability(text: str) -> bool:
    try:
        return 0.0 <= float(text) <= 1.0
    except ValueError:
        return False


def _order(body: Json, default: int = 0) -> int:
    order = body.get("displayOrder", default)
    return order if isinstance(order, int) else default


def _taken(message: str) -> Refusal:
    return Refusal(409, message, category="CONFLICT", invented=True)


def _view(portal: Portal, pipeline: Pipeline) -> Json:
    return {
        "id": pipeline.id,
        "label": pipeline.label,
        "displayOrder": pipeline.display_order,
        "stages": [_stage_view(portal, stage) for stage in pipeline.stages],
        "createdAt": portal.opened_at,
        "updatedAt": portal.opened_at,
        "archived": False,
    }


def _stage_view(portal: Portal, stage: Stage) -> Json:
    return {
        "id": stage.id,
        "label": stage.label,
        "displayOrder": stage.display_order,
        "metadata": {"isClosed": str(stage.closed).lower(), "probability": stage.probability},
        "createdAt": portal.opened_at,
        "updatedAt": portal.opened_at,
        "archived": False,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }
