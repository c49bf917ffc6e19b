"""Database triggers shared by several tables."""

import pgtrigger


class StampUpdatedAt(pgtrigger.Trigger):
    """Set `updated_at` on every update: by `save`, in bulk, or in psql.

    A statement that sets it itself saves the call.
    """

    name = "stamp_updated_at"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.Condition("NEW.updated_at IS DISTINCT FROM statement_timestamp()")
    func = "NEW.updated_at = statement_timestamp(); RETURN NEW;"
