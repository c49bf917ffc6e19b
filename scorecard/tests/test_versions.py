import uuid
from dataclasses import replace

import pytest
from django.db import DatabaseError
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import User
from scorecard import versions
from scorecard.definition import Translation, freeze, parse
from scorecard.models import QuestionnaireVersion
from scorecard.publishing import publish
from scorecard.tests.factories import publishable_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> QuestionnaireVersion:
    return publish(publishable_draft())


def test_the_current_version_costs_no_query_when_warm(
    version: QuestionnaireVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    versions.current("sample")
    with django_assert_num_queries(0):
        assert versions.current("sample").id == version.pk


def test_a_pinned_version_costs_one_query_once(
    version: QuestionnaireVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = [versions.get(version.pk), versions.get(version.pk)]
    assert found[0] is found[1]
    assert (found[0].number, found[0].definition.name) == (1, "How real is it?")


def test_no_draft_table_is_asked(
    version: QuestionnaireVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2) as asked:
        versions.current("sample")
    assert all('FROM "questionnaire_versions"' in query["sql"] for query in asked.captured_queries)
    assert not any("JOIN" in query["sql"] for query in asked.captured_queries)


def test_a_newer_version_is_seen_after_five_seconds(
    version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("web.snapshot.SECONDS", 5.0)
    monkeypatch.setattr("web.snapshot.time.monotonic", lambda: clock[0])
    versions.current("sample")
    version.questionnaire.sections.update(name="Renamed")
    publish(version.questionnaire)
    clock[0] = 104.9
    assert versions.current("sample").number == 1
    clock[0] = 105.0
    assert versions.current("sample").number == 2


def test_a_pinned_version_stays_readable_after_a_newer_one(version: QuestionnaireVersion) -> None:
    version.questionnaire.sections.update(name="Renamed")
    publish(version.questionnaire)
    assert versions.get(version.pk).definition.sections[0].name == "Value"


def test_publishing_makes_this_process_look_again(
    version: QuestionnaireVersion, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    versions.current("sample")
    version.questionnaire.sections.update(name="Renamed")
    with django_capture_on_commit_callbacks(execute=True):
        publish(version.questionnaire)
    assert versions.current("sample").number == 2


def test_nothing_published_names_the_command_to_run() -> None:
    with pytest.raises(
        versions.NothingPublished, match=r"load_questionnaire scorecard/content/none\.yaml --publish"
    ):
        versions.current("none")


def test_an_unknown_version_does_not_exist() -> None:
    with pytest.raises(QuestionnaireVersion.DoesNotExist):
        versions.get(uuid.uuid4())


@pytest.mark.parametrize(
    "change", [{"number": 2}, {"definition": {}}, {"checksum": ""}, {"published_at": None}]
)
def test_a_version_refuses_any_update(version: QuestionnaireVersion, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError, match="Cannot update rows from questionnaire_versions"):
        QuestionnaireVersion.objects.update(**change)


def test_a_version_refuses_to_be_saved_with_another_definition(version: QuestionnaireVersion) -> None:
    version.definition = {**version.definition, "name": "Forged"}
    with pytest.raises(DatabaseError, match="Cannot update"):
        version.save(update_fields=["definition"])


def test_a_version_refuses_deletion_in_bulk(version: QuestionnaireVersion) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete rows from questionnaire_versions"):
        QuestionnaireVersion.objects.all().delete()


def test_a_published_questionnaire_cannot_be_deleted(version: QuestionnaireVersion) -> None:
    with pytest.raises(ProtectedError):
        version.questionnaire.delete()


def test_a_deleted_user_takes_the_name_along() -> None:
    author = User.objects.create_user("author@example.org")
    version = publish(publishable_draft(), by=author)
    author.delete()
    version.refresh_from_db()
    assert version.published_by is None


def test_nobody_can_claim_a_version(version: QuestionnaireVersion) -> None:
    thief = User.objects.create_user("thief@example.org")
    with pytest.raises(DatabaseError, match="Cannot update"):
        QuestionnaireVersion.objects.update(published_by=thief)


def test_a_version_speaks_the_languages_it_was_published_in(version: QuestionnaireVersion) -> None:
    whole = freeze(
        replace(parse(version.definition), translations=(Translation("de", {"name": "Wie echt?"}),))
    )
    other = QuestionnaireVersion.objects.create(
        questionnaire=version.questionnaire, number=2, definition=whole, checksum="-"
    )
    names = [versions.get(other.pk).in_language(code).name for code in ("de", "de-at", "en", "fr", None)]
    assert names == ["Wie echt?", "Wie echt?"] + 3 * ["How real is it?"]


def test_a_version_from_before_there_were_languages_speaks_its_own(version: QuestionnaireVersion) -> None:
    found = versions.get(version.pk)
    assert found.in_language("de") is found.definition


def test_each_language_is_put_together_once(version: QuestionnaireVersion) -> None:
    found = versions.get(version.pk)
    assert found.in_language("de") is found.in_language("de")
