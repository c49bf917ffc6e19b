"""A preview behind a signed link: every page, any result, the PDF, and no trace of it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.tests.people import logged_in, member
from assessments.web.preview.links import SALT, preview_url
from assessments.web.preview.samples import answers_near
from scorecard.content.loading import load_draft
from scorecard.models import Questionnaire
from scorecard.publishing import publish
from scorecard.scoring import score
from scorecard.tests.examples import EVERYTHING, read_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Questionnaire:
    return load_draft(read_once(EVERYTHING)).questionnaire


def counts() -> dict[str, int]:
    """The rows of each table that answering writes to."""
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_app_config("assessments").get_models()
    }


def test_a_draft_is_answered_page_by_page_and_leaves_no_trace(client: Client, draft: Questionnaire) -> None:
    before = counts()
    link = preview_url(draft.pk)
    first = client.get(f"{link}step/1/").content.decode()
    assert "What is your project called?" in first
    assert "nothing you enter here is stored or counted" in first
    wrong = client.post(f"{link}step/1/", {"name": "P", "asked": ["name"]})
    assert wrong.status_code == 422
    keys = ["name", "story", "people", "lead", "site", "since", "plan"]
    second = client.post(f"{link}step/1/", {"name": "Phoenix", "people": "3", "asked": keys})
    assert "Is it tested?" in second.content.decode()
    handed_on = second.context["answers"]
    opened = client.post(
        f"{link}step/2/", {"tested": "A", "answers": handed_on, "asked": ["tested", "trust", "parts"]}
    )
    assert "Your answers opened more questions" in opened.content.decode()
    keys = ["tested", "kinds", "trust", "parts"]
    sent = {"tested": "A", "kinds": ["unit"], "trust": "9", "answers": handed_on, "asked": keys}
    result = client.post(f"{link}step/2/", sent).content.decode()
    assert "Well done." in result
    assert counts() == before


def test_the_result_of_any_score_is_shown(client: Client, draft: Questionnaire) -> None:
    link = preview_url(draft.pk)
    assert "A start." in client.get(f"{link}result/?score=49").content.decode()
    assert "Well done." in client.get(f"{link}result/?score=50").content.decode()
    assert client.get(f"{link}result/?score=-1").status_code == 200


@pytest.mark.parametrize("total", [0, 30, 50, 80, 100])
def test_the_result_of_a_score_rests_on_answers_that_come_near(total: int) -> None:
    definition = read_once(EVERYTHING).definition()
    answers = answers_near(definition, total)
    assert abs(score(definition, answers).total - total) <= 10
    assert set(answers) <= {"tested", "kinds", "trust", "parts"}


def test_what_must_be_answered_is_asked_for_as_in_the_form(client: Client, draft: Questionnaire) -> None:
    link = preview_url(draft.pk)
    keys = ["name", "story", "people", "lead", "site", "since", "plan"]
    empty = client.post(f"{link}step/1/", {"asked": keys})
    assert empty.status_code == 422
    assert {item.question.key for item in empty.context["questions"] if item.error} == {"name", "people"}
    answers = {"tested": "B", "trust": "9", "kinds": ["unit", "load"]}
    jumped = client.post(f"{link}step/2/", {**answers, "asked": ["tested", "kinds", "trust", "parts"]})
    assert (jumped.status_code, jumped.context["step"]) == (422, 1)


def test_the_result_of_a_score_has_the_shortest_way_up(client: Client, draft: Questionnaire) -> None:
    page = client.get(f"{preview_url(draft.pk)}result/?score=30").content.decode()
    assert "The shortest way to" in page


def test_the_pdf_of_any_score_is_shown(client: Client, draft: Questionnaire) -> None:
    report = client.get(f"{preview_url(draft.pk)}report.pdf?score=80")
    assert report.content.startswith(b"%PDF")


def test_the_frame_is_as_wide_as_a_phone_or_a_desk(client: Client, draft: Questionnaire) -> None:
    link = preview_url(draft.pk)
    phone, desk = (client.get(f"{link}?page=2&width={width}") for width in ("phone", "desk"))
    assert 'class="preview-phone"' in phone.content.decode()
    assert 'class="preview-desk"' in desk.content.decode()
    assert f'src="{link}step/2/?lang=en"' in desk.content.decode()
    assert "frame-src 'self'" in phone.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in client.get(f"{link}step/1/").headers["Content-Security-Policy"]


def test_without_a_script_buttons_show_the_result_and_the_pdf_of_the_typed_score(
    client: Client, draft: Questionnaire
) -> None:
    link = preview_url(draft.pk)
    page = client.get(link).content.decode()
    assert '<button class="button button-quiet" type="submit" name="page" value="result">' in page
    typed = "page=1&width=desk&score=80"
    assert (
        f'src="{link}result/?score=80&amp;lang=en"'
        in client.get(f"{link}?{typed}&page=result").content.decode()
    )
    assert f'formaction="{link}report.pdf"' in page
    assert client.get(f"{link}report.pdf?{typed}").content.startswith(b"%PDF")


def test_a_version_is_previewed_as_it_was(client: Client, draft: Questionnaire) -> None:
    publish(draft)
    draft.sections.filter(key="about").update(name="Changed")
    assert "About you" in client.get(f"{preview_url(draft.pk, 1)}step/1/").content.decode()
    assert "Changed" in client.get(f"{preview_url(draft.pk)}step/1/").content.decode()


def test_a_half_finished_draft_is_previewed(client: Client, draft: Questionnaire) -> None:
    draft.bands.all().delete()
    Questionnaire.objects.update(name="")
    link = preview_url(draft.pk)
    for path in (link, f"{link}step/3/", f"{link}result/", f"{link}?page=result"):
        assert client.get(path).status_code == 200, path


def test_a_link_ends(client: Client, draft: Questionnaire, monkeypatch: pytest.MonkeyPatch) -> None:
    link = preview_url(draft.pk)
    later = (timezone.now() + timedelta(days=8)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    "token",
    ["x", "x:y:z", signing.dumps([1, 2, 3], salt=SALT), signing.dumps("x", salt=SALT)],
    ids=("a letter", "three parts", "a list", "a text"),
)
def test_what_is_no_link_of_ours_opens_nothing(client: Client, token: str) -> None:
    assert client.get(f"/preview/{token}/").status_code == 404
    assert client.get(f"/preview/{token}/step/1/").status_code == 404


def test_authors_find_the_links_on_the_page_of_the_draft(draft: Questionnaire) -> None:
    page = logged_in(member("Content editor")).get(f"/admin/scorecard/questionnaire/{draft.pk}/change/")
    assert "http://testserver/preview/" in page.content.decode()
