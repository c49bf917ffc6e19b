"""The first page of sales."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


def test_sales_begin_with_whom_to_call(sales: Client, hot_lead: Assessment, cold_lead: Assessment) -> None:
    Assessment.objects.filter(pk=cold_lead.pk).update(completed_at=timezone.now() - timedelta(days=9))
    page = sales.get("/admin/").content.decode()
    assert "2 leads to call" in page
    assert page.index("Ada Lovelace") < page.index("grace@compilers.example")
    assert "Overdue" in page


def test_operators_begin_with_what_needs_them_and_name_nobody(operator: Client, hot_lead: Assessment) -> None:
    page = operator.get("/admin/").content.decode()
    assert "to call" not in page
    assert "Ada" not in without_tokens(page)
