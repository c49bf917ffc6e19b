"""What tests of the form do with a browser that has no JavaScript."""

from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from scorecard.definition import Definition

Response = Any  # django-stubs calls it _MonkeyPatchedWSGIResponse


def start(client: Client, **data: str) -> Response:
    return client.post(reverse("assessments:start"), data)


def step_answers(definition: Definition, step: int, option: str) -> dict[str, str]:
    return {question.key: option for question in definition.sections[step - 1].questions}


def answer_step(client: Client, definition: Definition, step: int, option: str, **more: str) -> Response:
    return client.post(
        reverse("assessments:step", args=[step]), step_answers(definition, step, option) | more
    )


def finish(client: Client, definition: Definition, option: str, **more: str) -> Assessment:
    """Start, answer every step with the same option, and give the assessment that comes of it."""
    start(client)
    for step in range(1, definition.total_steps + 1):
        response = answer_step(client, definition, step, option, **more)
    assert response.status_code == 302, response.content
    return Assessment.objects.get(pk=response.url.split("/")[2])
