"""What the document of the schema says of plans and sizes is measured."""

import pytest

from assessments.models import Assessment
from schema.baseline import statements
from schema.measuring import measured

pytestmark = pytest.mark.django_db


def test_each_hot_statement_has_its_plan_and_each_filled_table_its_size(hot_lead: Assessment) -> None:
    found = measured(100_000, "here")
    assert [each["name"] for each in found["queries"]] == list(statements())
    assert all("Execution Time" in each["plan"] for each in found["queries"])
    assert found["rows"] == 1
    assert found["tables"]["responses"][0] == 16
    assert "mail_queue" not in found["tables"]
