"""Queries that the ORM writes once."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from web.databases.unchanging import Unchanging

pytestmark = pytest.mark.django_db


def test_a_query_is_written_once_and_answered_each_time() -> None:
    written = []

    def build() -> QuerySet[Any, Any]:
        written.append(Group)
        return Group.objects.filter(name__startswith="Painters").order_by("name").values_list("name")

    groups = Unchanging(build)
    assert groups.rows() == []
    Group.objects.create(name="Painters of doors")
    assert groups.rows() == [("Painters of doors",)]
    assert written == [Group]
