"""The form under /embed/: framed by the named sites only, with cookies that stay there."""

import re
from collections.abc import Iterator

import pytest
from constance import config
from constance.test import override_config
from django.conf import settings
from django.test import Client

from assessments.models import Assessment
from assessments.tests.browsing import assessment_of, step_answers
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from web.iframe import allowed_origins

pytestmark = pytest.mark.usefixtures("version")

SITE = "https://www.example.com"


@pytest.fixture
def embedded(version: QuestionnaireVersion) -> Iterator[None]:
    """Two sites are named."""
    with override_config(EMBED_ORIGINS=f"{SITE} http://localhost:8080"):
        yield


def test_without_an_origin_nothing_is_there(client: Client) -> None:
    assert client.get("/embed/").status_code == 404


@pytest.mark.parametrize(
    ("said", "origins"),
    [
        ("", []),
        (f" {SITE}  http://a:1 ", [SITE, "http://a:1"]),
        ("https://a.example/path", []),
        ("*", []),
        ("https://a.example; script-src *", []),
        ("javascript:alert(1)", []),
    ],
)
@pytest.mark.django_db
def test_only_origins_are_allowed(said: str, origins: list[str]) -> None:
    with override_config(EMBED_ORIGINS=said):
        assert allowed_origins() == origins


def test_the_setting_takes_origins_only(admin_client: Client) -> None:
    page = admin_client.post("/admin/constance/config/", {"EMBED_ORIGINS": "https://a.example/path"})
    assert "Origins only" in page.content.decode()
    assert config.EMBED_ORIGINS == ""


@pytest.mark.usefixtures("embedded")
def test_the_named_sites_may_frame_the_form_and_nothing_else(client: Client) -> None:
    page = client.get("/embed/")
    assert f"frame-ancestors {SITE} http://localhost:8080" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert "site-header" not in page.content.decode()
    for path in ("/", "/admin/login/", "/privacy/", "/resume/"):
        other = client.get(path)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("path", ["admin/", "privacy/", "api/health", "static/css/site.css", "no/such/page"])
def test_only_the_form_is_there(client: Client, path: str) -> None:
    assert client.get(f"/embed/{path}").status_code == 404


@pytest.mark.usefixtures("embedded")
def test_a_whole_assessment_stays_in_the_frame(client: Client, definition: Definition) -> None:
    response = client.post("/embed/start/")
    cookie = response.cookies[settings.ASSESSMENT_COOKIE_NAME].OutputString()
    assert "SameSite=None; Partitioned" in cookie
    assert "Secure" in cookie
    for step in range(1, definition.total_steps + 1):
        assert response["Location"] == f"/embed/step/{step}/"
        page = client.get(response["Location"]).content.decode()
        assert set(re.findall(r'action="([^"]+)"', page)) == {f"/embed/step/{step}/"}
        sent = step_answers(definition, step, "C") | {"assessment": assessment_of(client)}
        response = client.post(f"/embed/step/{step}/", sent)
    assert response["Location"] == "/embed/address/"
    skipped = {"assessment": assessment_of(client), "direction": "skip"}
    response = client.post("/embed/address/", skipped)
    assessment = Assessment.objects.get()
    assert response["Location"] == f"/embed/results/{assessment.pk}/"
    saved = client.post(f"/embed/results/{assessment.pk}/contact/", {"email": "ada@engines.example"})
    assert saved["Location"].startswith(f"/embed/results/{assessment.pk}/?saved=1")
    page = client.get(saved["Location"]).content.decode()
    assert "from-result" not in page


@pytest.mark.usefixtures("embedded")
def test_without_cookies_the_frame_says_what_to_do(strict_client: Client) -> None:
    page = strict_client.post("/embed/start/")
    assert page.status_code == 403
    assert 'href="/" target="_blank"' in page.content.decode()


def test_outside_of_the_frame_cookies_stay_as_strict_as_they_were(client: Client) -> None:
    cookie = client.post("/start/").cookies[settings.ASSESSMENT_COOKIE_NAME]
    assert cookie["samesite"] == "Lax"


@pytest.mark.usefixtures("embedded")
def test_the_way_to_another_device_stays_in_the_frame(client: Client) -> None:
    client.post("/embed/start/")
    sent = {"direction": "elsewhere", "assessment": assessment_of(client)}
    asked = client.post("/embed/step/1/", sent)
    assert asked["Location"] == "/embed/resume/by-mail/"
