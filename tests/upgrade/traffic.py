"""Visitors who go through the form by the API while releases change under them."""

import threading
import time
from dataclasses import dataclass, field

import requests

from tests.chaos.visitors import submit

HOST = "check.example.com"
PATIENCE = 30
READY = "api/health/ready"
PAGES = ("", "privacy/", "admin/login/", "api/health", READY, "robots.txt")
TOKEN = "a-token-for-those-who-watch-of-forty-characters"
PAUSE = 2.0  # seconds between the visitors of a thread
THREADS = 4


@dataclass
class Traffic:
    """Visitors one after the other, in four threads, until `stop`; what failed is told with its time."""

    url: str
    leads: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    deferred: int = 0  # visitors who were asked to come again, while a migration held a lock
    may_defer: bool = False
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(THREADS):
            self._threads.append(threading.Thread(target=self._visit, args=(number,), daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, number: int) -> None:
        count = 0
        while not self._over.wait(PAUSE):
            count += 1
            address = f"visitor{number}-{count}@chaos.example"
            told = failed(self.url, address)
            if told.endswith("503") and self.may_defer:
                self.deferred += 1
            elif told:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {told}")
            else:
                self.leads.append(address)


def browser() -> requests.Session:
    """Somebody behind a proxy that speaks TLS."""
    made = requests.Session()
    client = f"198.51.{time.monotonic_ns() // 256 % 256}.{time.monotonic_ns() % 256}"
    made.headers.update(
        {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": client,
        }
    )
    return made


def failed(url: str, address: str) -> str:
    """What went wrong when somebody started, submitted, and read the result; "" when nothing did."""
    try:
        with browser() as visitor:
            return visit(visitor, url, address)
    except (requests.RequestException, KeyError) as error:
        return f"{type(error).__name__}"


def visit(visitor: requests.Session, url: str, address: str) -> str:
    opened = visitor.post(f"{url}api/assessment/start", json={}, timeout=PATIENCE)
    if not opened.ok:
        return f"start answered {opened.status_code}"
    visitor.headers["X-CSRFToken"] = opened.json()["csrfToken"]
    # Their cookies want TLS, which ends at the proxy.
    visitor.headers["Cookie"] = "; ".join(f"{each.name}={each.value}" for each in visitor.cookies)
    told = submit(visitor, url, opened.json(), address)
    if told["status"] != 200:
        return f"submit answered {told['status']}"
    shown = visitor.get(f"{url}results/{told['key']}/", timeout=PATIENCE)
    return "" if shown.ok else f"the result answered {shown.status_code}"


def smoke(url: str) -> list[str]:
    """What of the calls that every release answers goes wrong, on whatever schema it meets."""
    found = [failed(url, f"smoke-{time.monotonic_ns()}@chaos.example")]
    with browser() as visitor:
        for page in PAGES:
            answer = visitor.get(f"{url}{page}", timeout=PATIENCE)
            unknown = page == READY and answer.status_code == 404  # before there was such a page
            found.append("" if answer.ok or unknown else f"/{page} answered {answer.status_code}")
        visitor.headers["Authorization"] = f"Bearer {TOKEN}"
        answer = visitor.get(f"{url}metrics", timeout=PATIENCE)
        found.append("" if answer.ok else f"/metrics answered {answer.status_code}")
    return [each for each in found if each]
