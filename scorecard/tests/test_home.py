"""The first page of editors."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from scorecard.editing.changes import log
from scorecard.models import ScheduledPublication
from scorecard.tests.factories import QuestionnaireFactory
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return logged_in(member("Content editor"))


def home(client: Client) -> str:
    return " ".join(client.get("/admin/").content.decode().split())


def test_an_editor_without_a_questionnaire_is_told_how_to_begin(editor: Client) -> None:
    assert "There is none yet. Begin with a new one, or import a file." in home(editor)


def test_a_draft_says_what_is_published_of_it(editor: Client) -> None:
    QuestionnaireFactory.create(name="Fresh")
    QuestionnaireFactory.create(name="Old hand", version=3, published_at=timezone.now())
    page = home(editor)
    assert "Fresh</a>: not published yet" in page
    assert "Old hand</a>: version 3 of" in page


def test_what_goes_live_later_is_said(editor: Client) -> None:
    at = timezone.now() + timedelta(days=2)
    ScheduledPublication.objects.create(
        questionnaire=QuestionnaireFactory.create(), definition={}, publish_at=at
    )
    assert f"the next goes live on {at.day} {at:%B %Y}" in home(editor)


def test_the_latest_changes_are_listed(editor: Client) -> None:
    log("draft_changed", "The draft of intake was changed", "intake", User.objects.first())
    assert "The draft of intake was changed" in home(editor)


def test_sales_see_no_drafts(sales: Client) -> None:
    QuestionnaireFactory.create(name="Fresh")
    assert "Fresh" not in without_tokens(home(sales))
