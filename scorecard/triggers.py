"""Triggers that more than one table carries."""

import pgtrigger


class StampUpdatedAt(pgtrigger.Trigger):
    """Keeps `updated_at` true whoever changes the row: `save`, a bulk update or a hand in psql."""

    name = "stamp_updated_at"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = "NEW.updated_at = statement_timestamp(); RETURN NEW;"
