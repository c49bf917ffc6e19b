"""Webhooks: who is told of which lead, what is said, and where a call never goes."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from constance.test import override_config
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from urllib3.util import connection

from accounts.models import User
from accounts.tests.people import member
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.tests.factories import ADA
from leads.models import LeadWork
from leads.working import claim_leads
from tests.tokens import without_tokens
from webhooks.client import Forbidden, TryAgain, post, public_addresses
from webhooks.delivery import deliver_next, enqueue_new
from webhooks.models import Webhook, WebhookCall
from webhooks.payloads import payload_body, sign_payload

pytestmark = pytest.mark.django_db


class Receiver(HTTPServer):
    """A program that hears of leads; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status = 200
        self.calls: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/leads?key=1"


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), content))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def webhook(receiver: Receiver) -> Webhook:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return Webhook.objects.create(name="Ours", url=receiver.url, secret="key", created_at=an_hour_ago)


def test_a_qualified_lead_is_told_once(webhook: Webhook, receiver: Receiver, hot_lead: Assessment) -> None:
    assert enqueue_new() == 1
    assert enqueue_new() == 0
    assert deliver_next()
    assert not deliver_next()
    assert WebhookCall.objects.get().status == "done"
    assert len(receiver.calls) == 1


def test_a_call_holds_a_link_and_nothing_of_the_person(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment
) -> None:
    enqueue_new()
    deliver_next()
    headers, content = receiver.calls[0]
    told = json.loads(content)
    assert told["url"].endswith(f"/admin/leads/lead/{hot_lead.pk}/change/")
    assert not {"Ada", "Lovelace", "engines"} & set(content.decode().replace("/", " ").split())
    seconds = headers["X-Signature"].partition(",")[0].removeprefix("t=")
    digest = hmac.new(b"key", f"{seconds}.".encode() + content, hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == f"t={seconds},v1={digest}"


@pytest.mark.parametrize(
    "change",
    [
        {"doubts": ["robot"]},
        {"contact_choice": False},
        {"hubspot_sync_status": "settled"},
        {"email_scrubbed_at": timezone.now()},
        {"qualified_for_briefing": False},
        {"completed_at": timezone.now() - timedelta(days=2)},
    ],
)
def test_nobody_is_told_of(webhook: Webhook, hot_lead: Assessment, change: dict[str, Any]) -> None:
    Assessment.objects.filter(pk=hot_lead.pk).update(**change)
    assert enqueue_new() == 0


def test_nobody_is_told_of_who_has_not_consented_where_they_must(
    webhook: Webhook, hot_lead: Assessment
) -> None:
    with override_config(HUBSPOT_NEEDS_CONSENT=True):
        assert enqueue_new() == 0
        Assessment.objects.filter(pk=hot_lead.pk).update(contact_choice=True)
        assert enqueue_new() == 1


def test_nobody_is_told_of_who_objects_while_the_call_waits(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment
) -> None:
    receiver.status = 503
    enqueue_new()
    deliver_next()
    receiver.status = 200
    objection = {Purpose.FOLLOW_UP: False}
    change_consent(ADA["email"], [hot_lead], objection, ConsentSource.PRIVACY_PAGE)
    WebhookCall.objects.update(next_try_at=timezone.now())
    assert deliver_next()
    assert len(receiver.calls) == 1
    assert not WebhookCall.objects.exists()


def test_who_agrees_again_is_told_of_again(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment
) -> None:
    enqueue_new()
    for agrees in (False, True):
        change_consent(ADA["email"], [hot_lead], {Purpose.FOLLOW_UP: agrees}, ConsentSource.PRIVACY_PAGE)
        deliver_next()
        enqueue_new()
    deliver_next()
    assert len(receiver.calls) == 1


def test_a_webhook_hears_nothing_of_leads_before_it(hot_lead: Assessment, receiver: Receiver) -> None:
    Webhook.objects.create(name="New", url=receiver.url, secret="key")
    assert enqueue_new() == 0


def test_an_inactive_webhook_hears_nothing(webhook: Webhook, hot_lead: Assessment) -> None:
    Webhook.objects.update(is_active=False)
    assert enqueue_new() == 0


@pytest.mark.parametrize(
    ("status", "state", "cause"),
    [
        (500, "waiting", "http_500"),
        (429, "waiting", "http_429"),
        (404, "failed", "http_404"),
        (302, "failed", "http_302"),
    ],
)
def test_who_is_away_is_called_again_and_who_refuses_is_not(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment, status: int, state: str, cause: str
) -> None:
    receiver.status = status
    enqueue_new()
    deliver_next()
    call = WebhookCall.objects.get()
    assert (call.status, call.failure_cause) == (state, cause)


def test_a_receiver_away_for_a_day_needs_a_person(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment
) -> None:
    receiver.status = 503
    enqueue_new()
    WebhookCall.objects.update(created_at=timezone.now() - timedelta(days=2), failures=1)
    deliver_next()
    assert WebhookCall.objects.get().failure_cause == "too_late"


def test_a_call_that_is_sent_again_is_tried_more_than_once(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment
) -> None:
    receiver.status = 503
    enqueue_new()
    WebhookCall.objects.update(created_at=timezone.now() - timedelta(days=2), status="failed")
    WebhookCall.objects.all().send_again()
    deliver_next()
    assert WebhookCall.objects.get().status == "waiting"


def test_a_webhook_that_is_switched_off_hears_nothing_of_what_was_queued(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment
) -> None:
    enqueue_new()
    Webhook.objects.update(is_active=False)
    deliver_next()
    assert receiver.calls == []
    assert WebhookCall.objects.get().failure_cause == "switched_off"


def test_an_address_whose_key_is_lost_is_named(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment, settings: Settings
) -> None:
    enqueue_new()
    settings.FIELD_ENCRYPTION_KEYS = ["another-0123456789abcdef-0123456789abcdef-0"]
    deliver_next()
    assert WebhookCall.objects.get().failure_cause == "key_missing"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "http://93.184.215.14/",
        "https://user@93.184.215.14/",
        "https://93.184.215.14:99999/",
        "ftp://93.184.215.14/",
        "https:///x",
        "https://:secret@93.184.215.14/",
        "https://93.184.215.14\\@127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://localhost./",
        "https://[::]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00::1]/",
        "https://[fec0::1]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:a00:1::1]/",
        "https://[2001:0:a00:1::1]/",
        "https://[ff0e::1]/",
        "https://224.0.0.1/",
        "https://100.64.0.1/",
        "https://255.255.255.255/",
        "https://[::1/",
    ],
)
def test_a_call_never_goes_into_a_private_network(url: str) -> None:
    with pytest.raises(Forbidden):
        public_addresses(url)


def test_a_public_address_may_be_called() -> None:
    assert public_addresses("https://93.184.215.14/x") == ("93.184.215.14", 443, ["93.184.215.14"])


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name has these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(Forbidden, match="private_address"):
        public_addresses("https://receiver.example/")


def test_a_name_that_changes_its_answer_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the connection goes to the address that was checked."""
    asked, connected = [], []

    def answers(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> None:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with pytest.raises(TryAgain, match="no_answer"):
        post("https://receiver.example/x", b"{}", {})
    assert (asked, connected) == (["receiver.example"], [("93.184.215.14", 443)])


def test_an_address_out_of_reach_is_not_the_last_word(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """A host with IPv6 as well, called from a machine without."""
    resolve(monkeypatch, "127.0.0.2", "127.0.0.1")
    connect = connection.create_connection

    def only_the_second(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        if address[0] == "127.0.0.2":
            raise OSError
        monkeypatch.undo()
        return connect(address, *args, **kwargs)

    monkeypatch.setattr(connection, "create_connection", only_the_second)
    post(receiver.url.replace("127.0.0.1", "receiver.example"), b"{}", {})
    assert len(receiver.calls) == 1
    assert receiver.calls[0][0]["Host"] == f"receiver.example:{receiver.server_port}"


def test_an_address_in_letters_of_any_language_is_called(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    url = receiver.url.replace("127.0.0.1", "例え.example").replace("/leads", "/küsse")
    asked = []

    def answers(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        monkeypatch.undo()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.server_port))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    post(url, b"{}", {})
    assert asked == ["xn--r8jz45g.example"]
    assert receiver.calls[0][0]["Host"].startswith("xn--r8jz45g.example:")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 302
    with pytest.raises(Exception, match="http_302"):
        post(receiver.url, b"{}", {})


def test_slack_and_teams_get_their_own_shapes() -> None:
    assert (
        "<https://x.example/1|Open it>"
        in json.loads(payload_body("slack", "https://x.example/1", "1"))["text"]
    )
    card = json.loads(payload_body("teams", "https://x.example/1", "1"))["attachments"][0]["content"]
    assert card["actions"][0]["url"] == "https://x.example/1"


def test_a_signature_changes_with_time() -> None:
    assert sign_payload("key", 1, b"x") != sign_payload("key", 2, b"x")


def test_an_operator_adds_a_webhook_and_never_sees_its_address_again(
    operator: Client, receiver: Receiver
) -> None:
    data = {"name": "Chat", "shape": "slack", "url": receiver.url, "secret": "", "is_active": "on"}
    assert operator.post("/admin/webhooks/webhook/add/", data).status_code == 302
    webhook = Webhook.objects.get()
    assert len(webhook.secret or "") > 30
    page = operator.get(f"/admin/webhooks/webhook/{webhook.pk}/change/").content.decode()
    assert receiver.url not in page
    assert str(webhook.secret) not in page
    change = f"/admin/webhooks/webhook/{webhook.pk}/change/"
    operator.post(change, {**data, "name": "Sales chat", "url": ""})
    webhook.refresh_from_db()
    assert (webhook.name, webhook.url) == ("Sales chat", receiver.url)


def test_an_address_of_our_own_network_is_refused_in_words(operator: Client) -> None:
    data = {"name": "x", "shape": "json", "url": "https://127.0.0.1/", "secret": "", "is_active": "on"}
    page = operator.post("/admin/webhooks/webhook/add/", data).content.decode()
    assert "WEBHOOKS_MAY_BE_PRIVATE" in page
    assert not Webhook.objects.exists()


@pytest.fixture
def group(db: None) -> Webhook:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return Webhook.objects.create(
        name="Team",
        shape="mail",
        url="sam@example.com, kim@example.com",
        secret="",
        created_at=an_hour_ago,
    )


def test_the_group_hears_of_a_lead_by_mail_with_a_link_alone(
    group: Webhook, hot_lead: Assessment, mailoutbox: list[EmailMessage]
) -> None:
    enqueue_new()
    assert deliver_next()
    assert mailoutbox[0].bcc == ["sam@example.com", "kim@example.com"]
    text = str(mailoutbox[0].message())
    assert f"/admin/leads/lead/{hot_lead.pk}/change/" in text
    assert not [word for word in ("Ada", "Lovelace", "engines", "Engines") if word in without_tokens(text)]


def test_the_owner_hears_of_their_lead_instead_of_the_group(
    group: Webhook, hot_lead: Assessment, mailoutbox: list[EmailMessage]
) -> None:
    claim_leads([hot_lead.pk], member("Sales"))
    enqueue_new()
    deliver_next()
    assert mailoutbox[0].recipients() == ["sales@example.com"]


def test_the_owner_reads_their_own_language_and_the_group_that_of_the_staff(
    group: Webhook, hot_lead: Assessment, mailoutbox: list[EmailMessage]
) -> None:
    owner = member("Sales")
    User.objects.filter(pk=owner.pk).update(language="de")
    claim_leads([hot_lead.pk], owner)
    enqueue_new()
    deliver_next()
    WebhookCall.objects.all().delete()
    LeadWork.objects.update(owner=None)
    enqueue_new()
    deliver_next()
    subjects = [each.subject for each in mailoutbox]
    assert subjects == ["Ein neuer qualifizierter Lead", "A new qualified lead"]


@pytest.mark.parametrize("shape", ["slack", "teams"])
def test_a_channel_reads_the_language_of_the_staff(
    webhook: Webhook, receiver: Receiver, hot_lead: Assessment, shape: str
) -> None:
    Webhook.objects.update(shape=shape)
    with override_config(STAFF_LANGUAGE="de"):
        enqueue_new()
        deliver_next()
    told = receiver.calls[0][1].decode()
    assert "Ein neuer qualifizierter Lead wartet auf einen Anruf." in told
    assert "\\u00d6ffnen" in told


def test_a_mail_server_that_is_away_is_tried_again(
    group: Webhook, hot_lead: Assessment, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    enqueue_new()
    deliver_next()
    assert (WebhookCall.objects.get().status, WebhookCall.objects.get().failures) == ("waiting", 1)


@pytest.mark.parametrize(
    ("typed", "taken"), [("sam@example.com, kim@example.com", True), ("sam", False), ("", False)]
)
def test_only_addresses_are_taken_for_mail(admin_client: Client, typed: str, taken: bool) -> None:
    sent = {"name": "Team", "shape": "mail", "url": typed, "is_active": "on"}
    admin_client.post("/admin/webhooks/webhook/add/", sent)
    assert Webhook.objects.exists() is taken
