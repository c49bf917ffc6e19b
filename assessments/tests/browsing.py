"""What tests of the form do with a browser that has no JavaScript."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.lifecycle import services
from assessments.models import Assessment, AssessmentSession
from scorecard.definition import Definition

Response = Any  # django-stubs calls it _MonkeyPatchedWSGIResponse

_known: dict[str, str] = {}  # session token -> id of its assessment, which every page of the form carries


def start(client: Client, **data: str) -> Response:
    response = client.post(reverse("assessments:start"), data)
    assessment_of(client)
    return response


def assessment_of(client: Client) -> str:
    """The id that the pages of this browser's session carry; '' without a session."""
    cookie = client.cookies.get(settings.ASSESSMENT_COOKIE_NAME)
    token = cookie.value if cookie else ""
    if token not in _known:
        session = AssessmentSession.objects.of_token(token).first()
        if session is None:
            return ""
        _known[token] = str(session.assessment.pk)
    return _known[token]


def step_answers(definition: Definition, step: int, option: str) -> dict[str, str]:
    return {question.key: option for question in definition.sections[step - 1].questions}


def post_step(client: Client, step: int, data: dict[str, str], **headers: Any) -> Response:
    """Post a step as the page of this browser's current assessment."""
    sent = {"assessment": assessment_of(client), **data}
    return client.post(reverse("assessments:step", args=[step]), sent, **headers)


def answer_step(client: Client, definition: Definition, step: int, option: str, **more: str) -> Response:
    return post_step(client, step, step_answers(definition, step, option) | more)


def give_address(client: Client, email: str = "", **more: str) -> Response:
    """Post the page between the last answer and the result."""
    sent = {"assessment": assessment_of(client), "email": email, **more}
    return client.post(reverse("assessments:address"), sent)


def leave_address(client: Client, email: str) -> None:
    """As the API does while an assessment is not finished."""
    session = services.open_session(client.cookies[settings.ASSESSMENT_COOKIE_NAME].value)
    services.save_progress(session, step=1, answers={}, contact={"email": email})


def finish(client: Client, definition: Definition, option: str, email: str = "", **more: str) -> Assessment:
    """Start, answer every step with the same option, and give the assessment that comes of it."""
    start(client)
    for step in range(1, definition.total_steps + 1):
        answer_step(client, definition, step, option, **more)
    response = give_address(client, email, **more)
    assert response.status_code == 302, response.content
    return Assessment.objects.get(pk=response.url.split("/")[2])
