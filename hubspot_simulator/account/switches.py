"""Behaviour that differs between accounts, or that is undocumented by HubSpot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Switches:
    """Limits are calls per window, delays are seconds. The defaults: a Starter account on an ordinary day."""

    burst_seconds: float = 10.0  # HubSpot's window; shorter in tests that need many of them
    burst_limit: int = 100  # per window and app: Free and Starter (usage guidelines)
    association_limit: int = 100
    search_limit: int = 5  # per second and account
    daily_limit: int = 250_000
    retry_after: bool = False  # no CRM 429 was ever seen with a Retry-After
    refused_calls_count: bool = False  # whether a 429 itself counts in the window: unknown
    free_account: bool = False  # at most 10 custom properties in all
    property_delay: float = 0.0  # 0.25 to 0.7 seen live between creating a property and its use
    whole_batch_conflict: bool = True  # a 409 in an upsert fails the batch, trace ids or not
    archived_unique: str = (
        "create"  # or "restore", "conflict": upsert on a value only an archived record holds
    )
    secondary_email: str = "conflict"  # or "promote": an upsert that sends a secondary address as `email`
    merge_keeps_id: bool = False  # accounts in the beta retain the primary's id when two records are merged
    search_lag: float = 5.0  # half to one and a half of it passes before a search sees a change
    lock_seconds: float = 0.0  # 423 for a write to a record written this recently
    required_properties: str = ""  # an admin's, enforced from 2026-09 on: "contacts.company deals.amount"
    portal_id: int = 1
    time_zone: str = "America/New_York"  # time zone of the daily limit: it resets at midnight there
