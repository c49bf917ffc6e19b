"""The pages of the mailbox: a list, each mail as HTML and as text, and all of them as JSON."""

import json
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mailbox.smtp import HOST
from mailbox.store import KeptMail, MailStore
from typing import Any
from urllib.parse import urlsplit

OURS = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'"
THEIRS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # a mail fetches and runs nothing
HOSTS = {HOST, "localhost"}
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
td, th { text-align: start; padding: .25rem .75rem .25rem 0; vertical-align: top; }
iframe { width: 100%; height: 40rem; border: 1px solid; background: #fff; }
pre { white-space: pre-wrap; border: 1px solid; padding: 1rem; }
"""


class Pages(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, store: MailStore, port: int) -> None:
        super().__init__((HOST, port), PageHandler)
        self.store = store


class PageHandler(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        if not self._is_meant():
            return
        store, parts = self.server.store, [part for part in urlsplit(self.path).path.split("/") if part]
        match parts:
            case []:
                self._answer(mail_list(store.all()))
            case ["mails.json"]:
                self._answer(json.dumps([mail_json(mail) for mail in store.all()]), "application/json")
            case ["mails", number] if mail := find_mail(store, number):
                self._answer(mail_page(mail))
            case ["mails", number, "html"] if mail := find_mail(store, number):
                self._answer(mail.body("html"), policy=THEIRS)
            case _:
                self._answer(html_page("Not here", "<p>No such mail.</p>"), status=HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._is_meant():
            return
        if urlsplit(self.path).path != "/clear":
            self._answer(html_page("Not here", "<p>No such page.</p>"), status=HTTPStatus.NOT_FOUND)
            return
        self.server.store.clear()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_meant(self) -> bool:
        """False, and refused, for another host's name: a web page elsewhere must not read the mails."""
        if (urlsplit(f"//{self.headers.get('Host', '')}").hostname or "") in HOSTS:
            return True
        self._answer(html_page("Not here", "<p>Wrong host.</p>"), status=HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _answer(
        self,
        text: str,
        kind: str = "text/html",
        *,
        policy: str = OURS,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the form's own log lines stay readable."""


def find_mail(store: MailStore, number: str) -> KeptMail | None:
    return store.find(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None


def html_page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )


def mail_list(mails: list[KeptMail]) -> str:
    rows = "".join(
        f"<tr><td>{mail.taken_at:%H:%M:%S} UTC</td><td>{escape(', '.join(mail.recipients))}</td>"
        f'<td><a href="/mails/{mail.number}">{escape(mail.subject or "(no subject)")}</a></td></tr>'
        for mail in mails
    )
    table = f"<table><tr><th>Taken</th><th>To</th><th>Subject</th></tr>{rows}</table>" if rows else ""
    clear = '<form method="post" action="/clear"><button>Delete all</button></form>' if rows else ""
    return html_page("Mailbox", f"<p>Nothing leaves this machine.</p>{table or '<p>No mail yet.</p>'}{clear}")


def mail_page(mail: KeptMail) -> str:
    headers = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in mail.message.items()
    )
    html = (
        f'<h2>HTML</h2><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" '
        f'title="The mail as HTML" src="/mails/{mail.number}/html"></iframe>'
        if mail.body("html")
        else ""
    )
    text = f"<h2>Text</h2><pre>{escape(mail.body('plain'))}</pre>"
    back = '<p><a href="/">All mails</a></p>'
    return html_page(mail.subject or "(no subject)", f"{back}<table>{headers}</table>{html}{text}")


def mail_json(mail: KeptMail) -> dict[str, Any]:
    return {
        "number": mail.number,
        "from": mail.sender,
        "to": list(mail.recipients),
        "subject": mail.subject,
        "text": mail.body("plain"),
        "html": mail.body("html"),
    }
