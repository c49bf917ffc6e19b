"""Files as answers: through the API and the form without JavaScript, and what becomes of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from assessments.lifecycle.uploads import UNATTACHED_FOR, remove_unattached
from assessments.models import Assessment, AssessmentSession, Upload
from assessments.tasks import clean_up_uploads
from assessments.tests.test_adaptive_api import ANSWERS, Api, everything
from encryption.keys import MARK
from files import content, virus_scan
from files.models import FileRemoval, StoredFile
from files.removal import PATIENCE
from files.tests.samples import PDF, PNG
from privacy.clearing.expired_sessions import cleanup_sessions
from privacy.clearing.purge import purge
from privacy.clearing.scrub import scrub
from privacy.requests.erasure import erase
from privacy.requests.person import by_address
from privacy.requests.personal_data import export_document
from privacy.tests.test_purge import age
from queues.database_clock import database_now
from scorecard.models import QuestionnaireVersion

__all__ = ["everything"]  # a fixture

pytestmark = pytest.mark.django_db

ADDRESS = "ada@engines.example"


@pytest.fixture
def api(client: Client, everything: QuestionnaireVersion) -> Api:
    return Api(client)


def send(api: Api, data: bytes = PDF, *, name: str = "plan.pdf", question: str = "plan") -> Any:
    body = {"question": question, "file": SimpleUploadedFile(name, data, "text/html")}
    return api.client.post("/api/assessment/uploads", body, headers={"X-CSRFToken": api.token})


def submitted(api: Api) -> Assessment:
    """A finished assessment of ADDRESS with one file."""
    api.save(**ANSWERS, plan=[send(api).json()["id"]])
    assert api("submit", contact={"email": ADDRESS}).status_code == 200
    return Assessment.objects.get(pk=api.started.json()["assessmentId"])


def words(response: Any) -> str:
    assert response.status_code == 422, response.content
    return str(response.json()["error"]["details"]["fields"]["plan"])


def is_gone(upload: Upload) -> bool:
    """Whether row, key and content are gone, once the job has run."""
    clean_up_uploads()
    FileRemoval.objects.update(created_at=database_now() - 2 * PATIENCE)
    clean_up_uploads()
    named = Upload.objects.filter(pk=upload.pk)
    stored = StoredFile.objects.filter(pk=upload.stored_name)
    return not named.exists() and not stored.exists()


def test_a_file_is_stored_and_named_in_the_answer(api: Api) -> None:
    response = send(api, name="../my plan.exe")
    assert response.status_code == 201
    sent = response.json()
    assert (sent["name"], sent["size"], sent["mimeType"]) == ("my plan.pdf", len(PDF), "application/pdf")
    assert api.save(plan=[sent["id"]]).json()["responses"]["plan"] == [sent]
    upload = Upload.objects.get()
    assert content.read(upload.stored_name, str(upload.content_key)) == PDF


def test_what_a_client_says_about_a_file_counts_for_nothing(api: Api) -> None:
    sent = send(api).json()
    saved = api.save(plan=[{**sent, "name": "<b>.exe", "size": 1}])
    assert saved.json()["responses"]["plan"] == [sent]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"MZ" + b"\0" * 50, "only pdf, png, docx"),
        (b"just text", "not accepted"),
        (PDF + b"0" * 2_100_000, "larger than"),
    ],
)
def test_what_cannot_be_taken_is_told_by_question(api: Api, data: bytes, told: str) -> None:
    assert told in words(send(api, data))
    assert not Upload.objects.exists()


def test_only_questions_for_files_take_files(api: Api) -> None:
    assert send(api, question="name").status_code == 422
    assert send(api, question="nothing").status_code == 422
    nothing = api.client.post("/api/assessment/uploads", {}, headers={"X-CSRFToken": api.token})
    assert nothing.status_code == 422


def test_a_finished_assessment_takes_no_more(api: Api) -> None:
    submitted(api)
    assert send(api).status_code == 422


def test_nobody_answers_with_the_file_of_another(api: Api, everything: QuestionnaireVersion) -> None:
    theirs = send(api).json()["id"]
    other = Api(Client())
    assert "no longer have" in words(other.save(plan=[theirs]))
    assert Upload.objects.get().attached_at is None


def test_an_emptied_answer_lets_its_file_go(api: Api) -> None:
    api.save(plan=[send(api).json()["id"]])
    upload = Upload.objects.get()
    assert "plan" not in api.save(plan=None).json()["responses"]
    assert is_gone(upload)


def test_a_replaced_file_goes_and_the_other_stays(api: Api) -> None:
    first, second = send(api).json(), send(api, PNG, name="b.png").json()
    api.save(plan=[first["id"], second["id"]])
    assert api.save(plan=[second["id"]]).json()["responses"]["plan"] == [second]
    assert [str(upload.pk) for upload in Upload.objects.all()] == [second["id"]]


def test_a_save_that_was_killed_leaves_no_orphan(api: Api) -> None:
    send(api)
    upload = Upload.objects.get()
    assert remove_unattached() == 0
    Upload.objects.update(created_at=database_now() - UNATTACHED_FOR - timedelta(minutes=1))
    assert is_gone(upload)


def test_a_row_that_was_killed_before_its_content_goes_too(api: Api) -> None:
    send(api)
    StoredFile.objects.all().delete()
    upload = Upload.objects.get()
    Upload.objects.update(created_at=database_now() - 2 * UNATTACHED_FOR)
    assert is_gone(upload)


def test_the_answer_is_kept_with_the_response_object_of_the_schema(api: Api) -> None:
    assessment = submitted(api)
    value = assessment.answered.get(question_key="plan").value
    assert (value["fileName"], value["mimeType"]) == ("plan.pdf", "application/pdf")
    assert value["fileUrl"].startswith("urn:uuid:")


def test_a_file_of_a_hidden_question_goes_at_submit(api: Api) -> None:
    unnamed = send(api).json()["id"]
    submitted(api)
    assert not Upload.objects.filter(pk=unnamed).exists()


def test_an_infected_file_is_refused(api: Api, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLAMAV_URL = "tcp://clamav"
    monkeypatch.setattr(virus_scan, "is_infected", lambda content: True)
    assert "virus scanner flagged" in words(send(api))


def test_while_the_scanner_is_away_nothing_is_taken(api: Api, settings: Any) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"
    assert send(api).status_code == 503
    assert not Upload.objects.exists()


def test_while_the_store_is_away_nothing_is_named(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OSError("away")

    monkeypatch.setattr(content, "write", refuse)
    assert send(api).status_code == 503
    assert not Upload.objects.attached().exists()


def test_the_name_and_the_key_are_sealed(api: Api) -> None:
    assessment = submitted(api)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, content_key FROM uploads")
        assert all(stored.startswith(MARK) for stored in cursor.fetchone())
    assert assessment.responses["plan"][0]["name"] == "plan.pdf"


def test_a_scrub_takes_file_and_name(api: Api) -> None:
    assessment = submitted(api)
    upload = Upload.objects.get()
    age(40, pk=assessment.pk)
    scrub()
    assert is_gone(upload)
    assessment.refresh_from_db()
    assert "plan" not in assessment.responses


def test_an_erasure_takes_the_file(api: Api) -> None:
    submitted(api)
    upload = Upload.objects.get()
    erase(ADDRESS, asked_by="staff")
    assert is_gone(upload)


def test_a_purge_takes_the_file(api: Api) -> None:
    assessment = submitted(api)
    upload = Upload.objects.get()
    age(400, pk=assessment.pk)
    purge(365, include_undelivered=True)
    assert is_gone(upload)


def test_the_file_of_an_assessment_given_up_goes_with_its_session(api: Api) -> None:
    api.save(plan=[send(api).json()["id"]])
    upload = Upload.objects.get()
    AssessmentSession.objects.update(expires_at=database_now() - timedelta(days=60))
    cleanup_sessions()
    assert is_gone(upload)


def test_the_export_holds_the_file(api: Api) -> None:
    submitted(api)
    document = export_document(by_address(ADDRESS))
    (file,) = document["files"]
    assert (file["name"], file["media_type"]) == ("plan.pdf", "application/pdf")
    assert file["content"].startswith("JVBER")
    assert "content_key" not in document["tables"]["uploads"]["rows"][0]


# The form without JavaScript.


@pytest.fixture
def form(client: Client, everything: QuestionnaireVersion) -> Client:
    client.post("/everything/start/")
    return client


def post_step(form: Client, *files: SimpleUploadedFile, **fields: Any) -> Any:
    session = AssessmentSession.objects.get()
    body = {"assessment": str(session.assessment.pk), "name": "Phoenix", "people": "3", **fields}
    return form.post("/everything/step/1/", {**body, "plan.file": list(files)} if files else body)


def pdf(name: str = "plan.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def page(form: Client) -> str:
    return str(form.get("/everything/step/1/").content.decode())


def test_the_page_asks_for_a_file(form: Client) -> None:
    shown = page(form)
    assert 'enctype="multipart/form-data"' in shown
    assert 'type="file" id="plan" name="plan.file"' in shown
    assert ".pdf" in shown
    assert "Up to 2 files" in shown


def test_a_posted_file_is_kept_and_shown(form: Client) -> None:
    assert post_step(form, pdf()).headers["Location"].endswith("/everything/step/2/")
    (file,) = AssessmentSession.objects.get().responses["plan"]
    assert file["name"] == "plan.pdf"
    assert "Keep plan.pdf" in page(form)


def test_an_unticked_file_goes(form: Client) -> None:
    post_step(form, pdf())
    post_step(form, answered="plan")
    assert "plan" not in AssessmentSession.objects.get().responses
    assert not Upload.objects.exists()


def test_a_ticked_file_stays_beside_a_new_one(form: Client) -> None:
    post_step(form, pdf())
    kept = str(Upload.objects.get().pk)
    post_step(form, pdf("second.pdf"), plan=kept, answered="plan")
    names = [file["name"] for file in AssessmentSession.objects.get().responses["plan"]]
    assert names == ["plan.pdf", "second.pdf"]


def test_a_file_that_is_refused_is_told_beside_it_and_the_page_keeps_the_rest(form: Client) -> None:
    response = post_step(form, pdf("plan.pdf", b"MZ" + b"\0" * 40))
    assert response.status_code == 422
    assert "Files of this kind are not accepted" in response.content.decode()
    assert AssessmentSession.objects.get().responses["name"] == "Phoenix"


def test_more_files_than_asked_for_are_refused(form: Client) -> None:
    response = post_step(form, pdf(), pdf("b.pdf"), pdf("c.pdf"))
    assert "at most 2 files" in response.content.decode()
    assert not Upload.objects.exists()


def test_a_request_larger_than_any_form_is_refused_without_an_error(form: Client, settings: Any) -> None:
    settings.UPLOADS_LARGEST_MB = 1
    response = post_step(form, pdf(data=PDF + b"0" * 3_000_000))
    assert response.status_code == 422
    assert "larger than" in response.content.decode()
