"""Both sides as they stand, read for the history check."""

from collections.abc import Mapping

from tests.chaos.history import Accepted, Account, History, Lead
from tests.chaos.world import World

# A lead is there as soon as its address is: a submit that failed may have left one with an open assessment.
LEADS = """
SELECT lead.id::text, coalesce(lead.email, session.email), lead.qualified_for_briefing,
       lead.hubspot_sync_status, lead.hubspot_contact_id, lead.hubspot_deal_id,
       coalesce(row.status, 'no row'), coalesce(row.failure_cause, '')
FROM assessments lead
LEFT JOIN assessment_sessions session USING (session_id)
LEFT JOIN LATERAL (
    SELECT status, failure_cause FROM hubspot_sync_queue
    WHERE assessment_id = lead.id ORDER BY created_at DESC LIMIT 1
) row ON true
WHERE coalesce(lead.email, session.email) IS NOT NULL
"""


def history(world: World, accepted: Accepted, *, failing: Mapping[str, str] | None = None) -> History:
    """`failing`: the cause with which a lead must have failed, by key."""
    leads = [Lead(*row) for row in world.postgres.rows(LEADS)]
    return History(accepted, leads, account(world), failing or {})


def account(world: World) -> Account:
    state = world.hubspot.ask("state")
    keys = [(record["id"], record["properties"].get("ai_assessment_key", "")) for record in state["deals"]]
    return Account(
        contacts=[(record["id"], record["properties"]["email"]) for record in state["contacts"]],
        deals=keys,
        links=[(link["deal"], link["contact"]) for link in state["associations"]],
    )
