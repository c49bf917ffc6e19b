"""What an account may do one way or the other, or what nobody outside HubSpot knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Switches:
    """Limits are calls per window, delays are seconds. The defaults: a Starter account on an ordinary day."""

    burst_limit: int = 100  # per 10 s and app: Free and Starter (usage guidelines)
    association_limit: int = 100
    search_limit: int = 5  # per second and account
    daily_limit: int = 250_000
    retry_after: bool = False  # CRM 429s were never seen with a Retry-After
    refused_calls_count: bool = False  # whether a 429 itself fills the window: unknown
    custom_property_limit: int = 1000  # 10 in all on a free account
    property_delay: float = 0.0  # 0.25 to 0.7 seen live between creating a property and its use
    whole_batch_conflict: bool = True  # a 409 in an upsert fails the batch, trace ids or not
    archived_unique: str = (
        "create"  # or "restore", "conflict": upsert on a value only an archived record holds
    )
    secondary_email: str = "conflict"  # or "promote": an upsert that sends a secondary address as `email`
    time_zone: str = "America/New_York"  # the daily limit starts anew at midnight here
