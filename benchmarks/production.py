"""The form as production serves it, for what measures pages: gunicorn, hashed and compressed static files.

On loopback without TLS, so pages are asked for as a proxy asks: with X-Forwarded-Proto. Cookies are
`Secure`; whoever measures sends them by hand.
"""

import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import requests
import yaml

from config.embedded import services
from config.embedded.valkey import free_port
from config.tests.processes import await_that

ROOT = Path(__file__).resolve().parents[1]
CONTENT = "scorecard/content/ai_reality_check.yaml"


@dataclass
class Visitor:
    """A browser without a screen. `cookies` are what the form set."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"X-Forwarded-Proto": "https", "Accept-Encoding": "gzip, br"} | (
            {"Cookie": held} if held else {}
        )

    def get(self, path: str) -> requests.Response:
        return self.remember(
            requests.get(f"{self.address}{path}", headers=self.headers, timeout=30, allow_redirects=False)
        )

    def post(self, path: str, page: str, **sent: str) -> str:
        """Send the form of a page; where it leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        own = re.search(r'name="assessment" value="([\w-]+)"', page)
        sent = {"csrfmiddlewaretoken": token[1] if token else "", "assessment": own[1] if own else "", **sent}
        headers = self.headers | {"Referer": self.address.replace("http:", "https:") + "/"}
        response = requests.post(
            f"{self.address}{path}", data=sent, headers=headers, timeout=30, allow_redirects=False
        )
        return self.remember(response).headers["Location"]

    def remember(self, response: requests.Response) -> requests.Response:
        self.cookies |= {cookie.name: str(cookie.value) for cookie in response.cookies}
        return response


def pages(visitor: Visitor) -> dict[str, str]:
    """Go through the form: the names of its pages and where they are."""
    first = visitor.post("/start/", visitor.get("/").text)
    where = first
    while where.startswith(("/step/", "/address/")):
        page = visitor.get(where).text
        chosen = dict.fromkeys(re.findall(r'type="radio"[^>]*? name="(\w+)"', page), "C")
        where = visitor.post(where, page, **chosen)
    return {"landing": "/", "privacy text": "/privacy/notice/", "privacy": "/privacy/", "results": where}


def environment_of(port: int) -> dict[str, str]:
    """The settings of production, behind a proxy that is not there."""
    return {
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": "none",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "TRUSTED_PROXY_COUNT": "1",
        "SECURE_SSL_REDIRECT": "false",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
    }


def prepare(environment: dict[str, str], content: str = CONTENT) -> None:
    """Create the tables, the static files and the questionnaire."""
    manage(environment, "migrate")
    manage(environment, "collectstatic", "--noinput")
    manage(environment, "load_questionnaire", content, "--publish")


@cache
def four_pages() -> str:
    """A file with the scored sections of our content: four pages of four questions."""
    content = yaml.safe_load((ROOT / CONTENT).read_text())
    content["sections"] = [section for section in content["sections"] if section.get("weight")]
    file = Path(tempfile.mkdtemp(prefix="flow-")) / "four_pages.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True))
    return str(file)


def manage(environment: dict[str, str], *command: str) -> None:
    """Run one of our commands; raises CalledProcessError when it fails."""
    subprocess.run(  # noqa: S603  # our own commands
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def serving() -> Iterator[str]:
    """The address of a fresh product with the questionnaire published."""
    with services(Path(tempfile.mkdtemp(prefix="pages-")), durable=False) as found:
        port = free_port()
        environment = found.environment | environment_of(port)
        prepare(environment)
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://localhost:{port}"
            await_that(lambda: answers(address), seconds=120)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/api/health", timeout=20).ok
    except requests.RequestException:
        return False
