"""What a start does to a database that people work with."""

from dataclasses import replace

import pytest
from django.conf import settings
from pytest_django import Settings

from accounts.models import User
from assessments.tests.factories import VersionFactory
from config.launcher import prepare
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


def test_what_an_editor_published_stays(version: QuestionnaireVersion) -> None:
    QuestionnaireVersion.objects.filter(pk=version.pk).update(definition=version.definition)
    prepare.publish_once()
    assert QuestionnaireVersion.objects.count() == 1


def test_a_file_that_differs_from_what_is_published_is_told_in_one_line(
    version: QuestionnaireVersion, definition: Definition, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = replace(definition, name="Edited")
    VersionFactory.create(content=edited, questionnaire=version.questionnaire, number=2)
    prepare.publish_once()
    assert capsys.readouterr().out == (
        "scorecard/content/ai_reality_check.yaml differs from version 2, which stays published.\n"
    )


def test_a_second_start_says_nothing_of_the_questionnaire(capsys: pytest.CaptureFixture[str]) -> None:
    QuestionnaireVersion.objects.all()._raw_delete("default")
    prepare.publish_once()
    prepare.publish_once()
    assert capsys.readouterr().out == ""


def test_the_first_start_publishes_our_questionnaire() -> None:
    QuestionnaireVersion.objects.all()._raw_delete("default")
    prepare.publish_once()
    assert QuestionnaireVersion.objects.get().questionnaire.key == settings.DEFAULT_QUESTIONNAIRE


def test_a_default_that_nobody_published_is_told_in_one_line(
    version: QuestionnaireVersion, settings: Settings
) -> None:
    prepare.check_default()
    settings.DEFAULT_QUESTIONNAIRE = "another"
    with pytest.raises(SystemExit, match=r"^DEFAULT_QUESTIONNAIRE is not published. Use one of: ai_"):
        prepare.check_default()


def test_who_lost_the_password_is_told_how_to_set_another(capsys: pytest.CaptureFixture[str]) -> None:
    prepare.tell_how_to_enter()
    assert "password: " in capsys.readouterr().out
    prepare.tell_how_to_enter()
    admin = User.objects.get(is_superuser=True)
    assert capsys.readouterr().out == f"Lost the password? script/manage changepassword {admin.email}\n"
