"""Database triggers shared by several tables."""

import pgtrigger


class StampUpdatedAt(pgtrigger.Trigger):
    """Set `updated_at` on every update: by `save`, in bulk, or in psql."""

    name = "stamp_updated_at"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = "NEW.updated_at = statement_timestamp(); RETURN NEW;"
