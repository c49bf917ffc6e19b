"""What an account may do one way or the other, or what nobody outside HubSpot knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Switches:
    """Limits are calls per window, delays are seconds. The defaults: a Starter account on an ordinary day."""

    burst_seconds: float = 10.0  # HubSpot's window; shorter to see many of them in a test
    burst_limit: int = 100  # per window and app: Free and Starter (usage guidelines)
    association_limit: int = 100
    search_limit: int = 5  # per second and account
    daily_limit: int = 250_000
    retry_after: bool = False  # CRM 429s were never seen with a Retry-After
    refused_calls_count: bool = False  # whether a 429 itself fills the window: unknown
    free_account: bool = False  # at most 10 custom properties in all
    property_delay: float = 0.0  # 0.25 to 0.7 seen live between creating a property and its use
    whole_batch_conflict: bool = True  # a 409 in an upsert fails the batch, trace ids or not
    archived_unique: str = (
        "create"  # or "restore", "conflict": upsert on a value only an archived record holds
    )
    secondary_email: str = "conflict"  # or "promote": an upsert that sends a secondary address as `email`
    merge_keeps_id: bool = False  # accounts in the beta keep the primary's id when two records are merged
    search_lag: float = 5.0  # half to one and a half of it passes before a search sees a change
    lock_seconds: float = 0.0  # 423 for a write to a record that was written so recently
    required_properties: str = ""  # an admin's rules, minded from 2026-09 on: "contacts.company deals.amount"
    portal_id: int = 1
    time_zone: str = "America/New_York"  # the daily limit starts anew at midnight here
