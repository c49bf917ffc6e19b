"""The whole run: people go their ways, and then everything is searched."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from mailings.tests.mailbox import serving
from tests.canary.mail import PostOffice
from tests.canary.paths import PATHS, UPSETTING, ways
from tests.canary.person import Person
from tests.canary.places import (
    MONITOR,
    hits,
    in_hubspot,
    marked_columns,
    marked_statistics,
    monitored,
    not_erased,
    off_the_map,
)
from tests.canary.stranger import harmed
from tests.canary.waiting import await_quiet
from tests.migrated import directory_with_tables
from tests.product import Product, running

AT_ONCE = 4
DUMP = "database dump"
PAPERS = Path(__file__).with_name("files.yaml")

Found = dict[str, set[str]]


@dataclass
class Report:
    """What was found where. All must be empty but `before`, which shows that there was something to find."""

    ways: dict[str, int] = field(default_factory=dict)
    before: Found = field(default_factory=dict)  # tables and columns
    off_the_map: Found = field(default_factory=dict)
    elsewhere: Found = field(default_factory=dict)  # places other than the database
    not_erased: Found = field(default_factory=dict)  # of those who asked for it, here and in HubSpot
    harmed: Found = field(default_factory=dict)  # whose address a stranger typed
    files: tuple[int, int] = (0, 0)  # that can be read, before the scrub and after
    after: Found = field(default_factory=dict)
    unnoticed: set[str] = field(default_factory=set)  # tables the scrub may leave out without being found out

    @property
    def clean(self) -> bool:
        left = self.off_the_map, self.elsewhere, self.not_erased, self.harmed, self.after, self.unnoticed
        return bool(self.before and self.files[0]) and not any((*left, self.files[1]))


def fly(people: int, say: Callable[[str], None] = print) -> Report:
    """Let so many people through a throw-away product."""
    office = PostOffice(people=[Person(number) for number in range(people)])
    with (
        TemporaryDirectory(prefix="canary-") as directory,
        serving(office) as port,
        running(
            directory_with_tables(Path(directory) / "product"),
            TRUSTED_PROXY_COUNT="1",
            EMAIL_URL=f"smtp://127.0.0.1:{port}",
        ) as product,
    ):
        return observed(product, office, say)


def observed(product: Product, office: PostOffice, say: Callable[[str], None]) -> Report:
    report, people = Report(), office.people
    product.manage("load_questionnaire", str(PAPERS), "--publish")
    with monitored(product) as commands:
        report.ways = send_through(product, people)
        say(f"{len(people)} people went through: {report.ways}")
        await_quiet(product)
        report.harmed = harmed(product.hubspot(), people)
        secrets = [secret for person in people for secret in person.secrets]
        report.before = marked(product)
        files = readable_files(product)
        report.off_the_map |= remembered(product)
        report.off_the_map |= off_the_map(report.before)
        kept = product.everything_kept()
        report.not_erased = not_erased(kept, people)
        assert hits({DUMP: kept.pop(DUMP)}), "the canaries left nothing to find"
        report.elsewhere = hits(kept, secrets) | hits({"words of mails": office.words})
        broken = json.loads(product.run("tests.chaos.within", "tests.canary.broken"))
        report.unnoticed = {name for name, found in broken.items() if name not in found}
        say(f"A table left out was found {len(broken) - len(report.unnoticed)} of {len(broken)} times")
        product.move_clock(days=31)
        say(product.manage("scrub_pii", "--yes"))
        product.manage("cleanup_sessions", "--yes")
    report.after = hits(product.everything_kept() | {MONITOR: b"\n".join(commands)}, secrets) | marked(
        product
    )
    report.files = files, readable_files(product)
    report.after |= hits({"files of tables": product.table_files()}, secrets)
    report.not_erased |= in_hubspot(product.hubspot(), people)
    return report


def readable_files(product: Product) -> int:
    """The uploads whose key is there. Content without one cannot be read, and is removed within the hour."""
    with psycopg.connect(product.services["database_url"]) as connection:
        found = connection.execute("SELECT count(*) FROM uploads").fetchone()
    return int(found[0]) if found else 0


def marked(product: Product) -> Found:
    """The columns that hold a mark now, by table."""
    with psycopg.connect(product.services["database_url"]) as connection, connection.cursor() as cursor:
        return marked_columns(cursor)


def remembered(product: Product) -> Found:
    """The columns of which PostgreSQL's planner remembers somebody, while they are all there."""
    with psycopg.connect(product.services["database_url"]) as connection, connection.cursor() as cursor:
        return marked_statistics(cursor)


def send_through(product: Product, people: list[Person]) -> dict[str, int]:
    """Each person goes a way; what upsets the whole product waits for the others. How many went which."""
    taken = ways(len(people))
    going = list(zip(taken, people, strict=True))
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        sent = [crowd.submit(PATHS[way], product, person) for way, person in going if way not in UPSETTING]
        for done in sent:
            done.result()
    for upsetting in UPSETTING:
        for way, person in going:
            if way == upsetting:
                PATHS[way](product, person)
    return {name: taken.count(name) for name in PATHS if name in taken}
