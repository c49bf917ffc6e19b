"""Whatever is sent to a public address: never a failure of ours, and what was good stays."""

import os
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from constance.test import override_config
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.lifecycle import services
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentLink, AssessmentSession, LinkPurpose
from assessments.tests.browsing import answer_step, assessment_of, finish, give_address, start, step_answers
from mailings.links import make_links
from mailings.models import Mail, MailKind
from mailings.rendering import message
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

ODD = {
    "over-long": "x" * 20_000,
    "emoji": "👩🏽‍💻🏳️‍🌈" * 20,
    "right to left": "\u202eعربى",
    "zero-width": "a\u200b\u2060\ufeffb",
    "NUL": "a\0b",
    "markup": "<script>alert(1)</script>\"'>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}%s",
    "query": "'; DROP TABLE assessments; --",
    "header": "a\r\nSet-Cookie: b=c",
    "number": "-1e309",
    "lone combining": "\u0301" * 500,
    "not UTF-8": "\udcff",
}
REFUSED = "Please choose one of the options."
FIELDS = ("email", "first_name", "last_name", "company", "phone", "consent", "direction", "homepage", "proof")
FINE = {200, 204, 302, 400, 403, 404, 405, 409, 410, 422, 429}


@pytest.fixture(autouse=True)
def unlimited(version: QuestionnaireVersion) -> Iterator[None]:
    """Nobody is told to come back later."""
    moves = ("STARTS", "SAVES", "SUBMITS", "RESULT_VIEWS", "PRIVACY_REQUESTS")
    with override_config(**{f"LIMIT_{move}_PER_HOUR": 10**6 for move in moves}):
        yield


def send(client: Client, path: str, data: Mapping[str, str]) -> Any:
    """As a browser posts a form, and bytes that no browser would send."""
    body = urlencode(data, errors="surrogateescape")
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def assessment(client: Client, definition: Definition) -> Assessment:
    """A finished assessment of this browser."""
    return finish(client, definition, "C")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_text_in_every_field_of_every_form_fails_nothing(
    client: Client, definition: Definition, odd: str
) -> None:
    everything = dict.fromkeys((*FIELDS, "utm_source", "utm_term", "referrer", "surprise"), odd)
    query = urlencode({"utm_source": odd[:500], "lang": odd[:500]}, errors="surrogateescape")
    assert client.get(f"/?{query}").status_code == 200
    assert send(client, "/start/", everything).status_code == 302
    own = {"direction": "", "assessment": assessment_of(client)}
    assert send(client, "/step/1/", everything | step_answers(definition, 1, "B") | own).status_code == 302
    assert AssessmentSession.objects.get().responses == step_answers(definition, 1, "B")
    for step in range(1, definition.total_steps + 1):
        answer_step(client, definition, step, "B")
    page = send(client, "/address/", everything | own)
    assert page.status_code == 422
    assert page.context["form"].errors["email"]
    give_address(client)
    assessment = Assessment.objects.get()
    for path in (f"/results/{assessment.pk}/contact/", "/privacy/ask/"):
        page = send(client, path, everything)
        assert page.status_code == 422, path
        assert "errorlist" in page.content.decode() or 'class="error"' in page.content.decode()
    assessment.refresh_from_db()
    assert (assessment.total_score, assessment.email) == (60, None)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_answers_and_steps_are_refused_in_words(client: Client, definition: Definition, odd: str) -> None:
    start(client)
    keys = [question.key for question in definition.sections[0].questions]
    page = send(client, "/step/1/", dict.fromkeys(keys, odd) | {"assessment": assessment_of(client)})
    assert page.status_code == 422
    assert [asked.error for asked in page.context["questions"]] == [REFUSED] * len(keys)
    assert page.content.decode().count(f'-error">{REFUSED}</p>') == len(keys)
    assert "<script>alert" not in page.content.decode()
    assert AssessmentSession.objects.get().responses == {}
    client.cookies[settings.ASSESSMENT_COOKIE_NAME] = re.sub(r"[^\x21-\x7e]|[\";,\\]", "", odd)[:300]
    assert client.get("/step/1/").status_code in (404, 410)


PATHS = [
    *(
        "/",
        "/start/",
        "/resume/",
        "/step/1/",
        "/step/0/",
        "/step/99/",
        "/step/1e3/",
        "/step/-1/",
        "/seen.svg",
    ),
    *("/step/99999999999999999999/", "/results/{own}/", "/results/{other}/", "/results/1/", "/results/"),
    *(
        "/results/{own}/contact/",
        "/results/{other}/contact/",
        "/embed/",
        "/embed/step/1/",
        "/embed/../admin/",
    ),
    *("/privacy/", "/privacy/ask/", "/privacy/open/x/", "/privacy/open/%00/", "/privacy/yours/"),
    *("/privacy/yours/correct/", "/privacy/yours/consent/", "/privacy/yours/erase/", "/privacy/yours/close/"),
    *("/privacy/yours/download/json/", "/privacy/yours/download/%2e%2e/", "/privacy/from-result/{other}/"),
    *("/api/assessment/start", "/api/assessment/submit", "/api/assessment/save-progress"),
    *("/api/assessment/resume", "/api/assessment/results/{other}", "/api/assessment/results/%00"),
    *("/api/health", "/%00", "/%ff", "/" + "x" * 5000, "//evil.example/", "/step/\u0661/"),
]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options", "patch"])
def test_no_address_fails_by_any_method(
    client: Client, assessment: Assessment, hot_lead: Assessment, method: str
) -> None:
    client.raise_request_exception = False
    for path in PATHS:
        address = path.format(own=assessment.pk, other=hot_lead.pk)
        response = getattr(client, method)(address)
        assert response.status_code in FINE, (method, path)
        if hasattr(response, "content"):
            assert b"ada@engines" not in response.content, path


def test_guessed_and_changed_ids_open_no_result(
    client: Client, assessment: Assessment, hot_lead: Assessment
) -> None:
    """More of them with GUESSES=10000: benchmarks/README.md."""
    number = assessment.pk.int
    guesses = [uuid.uuid4() for _ in range(int(os.environ.get("GUESSES", "200")) - 128)] + [
        uuid.UUID(int=number ^ 1 << bit) for bit in range(127)
    ]
    opened = [
        guess
        for guess in [*guesses, hot_lead.pk]
        if client.get(reverse("assessments:results", args=[guess])).status_code != 404
    ]
    assert opened == []


def test_the_token_of_another_assessment_opens_nothing_of_this_one(
    assessment: Assessment, version: QuestionnaireVersion
) -> None:
    thief = Client()
    thief.cookies[settings.ASSESSMENT_COOKIE_NAME] = services.start_assessment(
        versions.get(version.pk), Visitor()
    ).token
    assert thief.get(f"/results/{assessment.pk}/").status_code == 404
    assert thief.post(f"/results/{assessment.pk}/contact/", {"email": "thief@x.example"}).status_code == 404


# Links


HREF = re.compile(r'(?:href|src)="([^"#]+)')
FORMS = re.compile(r'<form[^>]* action="([^"]+)"')


def links_of(page: str) -> set[str]:
    return {link.replace("&amp;", "&") for link in HREF.findall(page)}


def test_every_link_of_every_page_leads_somewhere(
    client: Client, definition: Definition, assessment: Assessment
) -> None:
    other = Client()
    start(other)
    done: set[str] = set()
    forms: set[str] = set()
    pages = dict.fromkeys(("/", "/resume/", f"/results/{assessment.pk}/", "/privacy/"), client)
    pages |= dict.fromkeys(("/step/1/", "/step/4/"), other)
    while pages:
        link, browser = pages.popitem()
        done.add(link)
        response = browser.get(link, follow=True)
        assert response.status_code == 200, link
        if "text/html" not in response["Content-Type"]:
            continue
        text = response.content.decode()
        forms |= set(FORMS.findall(text))
        pages |= {found: browser for found in links_of(text) - done if is_ours(found)}
    assert forms
    assert [form for form in forms if client.get(form).status_code not in (200, 302, 404, 405)] == []


def is_ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("//", "/static/"))


@pytest.mark.parametrize("kind", [kind for kind in MailKind if kind != MailKind.PASSWORD_RESET])
def test_every_link_of_a_mail_opens(client: Client, hot_lead: Assessment, kind: MailKind) -> None:
    resumed = AssessmentLink.objects.make(
        hot_lead, LinkPurpose.RESUME, expires_at=timezone.now() + timedelta(1)
    )
    link = resumed if kind == MailKind.RESUME else None
    mail = Mail.objects.create(kind=kind, assessment=hot_lead, link=link, recipient="a hash")
    made = message(kind, hot_lead, "ada@engines.example", make_links(mail, hot_lead, "ada@engines.example"))
    html = str(made.alternatives[0][0])
    links = links_of(html) | set(re.findall(r"https?://\S+", str(made.body)))
    assert links
    for address in links:
        path = address.removeprefix(settings.PUBLIC_URL)
        assert path.startswith("/"), address
        status = client.get(path, follow=True).status_code
        assert status == 200 or (status, kind) == (410, MailKind.RESUME), address  # finished: it says so
