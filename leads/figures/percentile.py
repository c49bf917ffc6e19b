"""A percentile as an aggregate of the database."""

from typing import Any

from django.db.models import Aggregate, FloatField


class Percentile(Aggregate):
    """percentile_cont of an expression."""

    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    allow_distinct = False

    def __init__(self, expression: Any, share: float, output_field: Any = None, **extra: Any) -> None:
        super().__init__(expression, share=share, output_field=output_field or FloatField(), **extra)
