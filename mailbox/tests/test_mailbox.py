"""The development mailbox: real SMTP in, pages out, nothing else."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from mailbox.page import Pages
from mailbox.smtp import smtp_server
from mailbox.store import MailStore
from threading import Thread

import pytest
import requests

from config.embedded.valkey import free_port


class Running:
    def __init__(self, pages: Pages, smtp_port: int) -> None:
        self.url = f"http://127.0.0.1:{pages.server_port}"
        self.smtp_port = smtp_port

    def send(self, subject: str = "Hello", html: str = "<p>Ada &amp; you</p>") -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "form@x.example", "ada@x.example", subject
        mail.set_content("Text of it <b>")
        mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=5) as server:
            server.send_message(mail)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", headers=headers, timeout=5)


@pytest.fixture
def running() -> Iterator[Running]:
    store = MailStore()
    pages, smtp = Pages(store, 0), smtp_server(store, free_port())
    smtp.start()
    thread = Thread(target=pages.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Running(pages, smtp.port)
    pages.shutdown()
    thread.join()
    pages.server_close()
    smtp.stop()


def test_an_empty_mailbox_says_so(running: Running) -> None:
    assert "No mail yet" in running.get("/").text


def test_a_mail_is_listed_and_shown_as_html_and_as_text(running: Running) -> None:
    running.send()
    assert '<a href="/mails/1">Hello</a>' in running.get("/").text
    page = running.get("/mails/1").text
    assert "Text of it &lt;b&gt;" in page
    assert 'src="/mails/1/html"' in page
    assert "<p>Ada &amp; you</p>" in running.get("/mails/1/html").text


def test_the_newest_mail_comes_first(running: Running) -> None:
    running.send("First")
    running.send("Second")
    assert [mail["subject"] for mail in running.get("/mails.json").json()] == ["Second", "First"]


def test_a_mail_runs_no_script_and_fetches_nothing(running: Running) -> None:
    running.send("<script>alert(1)</script>", "<script>alert(1)</script><img src=http://x.example/>")
    assert "<script>" not in running.get("/").text + running.get("/mails/1").text
    policy = running.get("/mails/1/html").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "path", ["/mails/2", "/mails/x", "/mails/1/exe", "/etc/passwd", f"/mails/{'9' * 40}"]
)
def test_what_is_not_there_is_not_found(running: Running, path: str) -> None:
    running.send()
    assert running.get(path).status_code == 404


def test_a_page_of_another_host_reads_nothing(running: Running) -> None:
    running.send()
    assert running.get("/mails.json", Host="evil.example").status_code == 421


def test_all_are_deleted_by_one_button(running: Running) -> None:
    running.send()
    requests.post(f"{running.url}/clear", timeout=5)
    assert running.get("/mails.json").json() == []
