"""What the product has done meanwhile, as its database tells."""

import psycopg

from config.tests.processes import await_that
from tests.canary.person import Person
from tests.product import Product

OF_THE_LEAD = "hubspot_sync_queue q JOIN assessments a ON a.id = q.assessment_id"
OF_THE_ADDRESS = (
    "coalesce(a.email, (SELECT s.email FROM assessment_sessions s WHERE s.session_id = a.session_id)) = %s"
)
PATIENCE = 120


def exists(product: Product, rows: str, *values: str) -> bool:
    """Whether there are such rows: what stands behind FROM."""
    with psycopg.connect(product.services["database_url"]) as connection:
        return connection.execute(f"SELECT 1 FROM {rows} LIMIT 1", values).fetchone() is not None


def await_none(product: Product, rows: str) -> None:
    await_that(lambda: not exists(product, rows), PATIENCE)


def await_delivery(product: Product, person: Person, status: str = "done", top: str = "example") -> None:
    """Until the lead of this address is delivered, or `failed`."""
    rows = f"{OF_THE_LEAD} WHERE q.status = '{status}' AND {OF_THE_ADDRESS}"
    await_that(lambda: exists(product, rows, person.email(top)), PATIENCE)


def await_bounce(product: Product, person: Person, top: str) -> None:
    mails = "mail_queue q JOIN assessments a ON a.id = q.assessment_id"
    rows = f"{mails} WHERE q.status = 'failed' AND {OF_THE_ADDRESS}"
    await_that(lambda: exists(product, rows, person.email(top)), PATIENCE)


def await_erasures(product: Product) -> None:
    """Until HubSpot has forgotten everybody whom it should."""
    await_none(product, "hubspot_erasures WHERE status <> 'done'")


def await_quiet(product: Product) -> None:
    """Until HubSpot and the mail server have what they can have; what a killed worker holds comes later."""
    for waiting in (
        "hubspot_sync_queue WHERE status = 'waiting' AND outages = 0",
        "mail_queue WHERE status = 'waiting'",
        "hubspot_erasures WHERE status <> 'done'",
    ):
        await_none(product, waiting)
