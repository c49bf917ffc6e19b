"""Queries that the ORM writes once."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, IntegerField, QuerySet

from web.databases.unchanging import AnyOf, Given, Unchanging

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


def test_each_time_it_may_be_given_other_values() -> None:
    named = Unchanging(lambda: Group.objects.filter(name=Given("name", CharField())).values_list("name"))
    Group.objects.create(name="Painters of doors")
    assert (named.rows(name="Nobody"), named.rows(name="Painters of doors")) == ([], [("Painters of doors",)])


def test_many_values_are_one_parameter() -> None:
    keys = [Group.objects.create(name=f"Painters {number}").pk for number in range(3)]
    wanted = AnyOf("pk", Given("keys", ArrayField(IntegerField())))
    found = Unchanging(lambda: Group.objects.filter(wanted).order_by("pk").values_list("pk"))
    assert found.rows(keys=keys[1:]) == [(key,) for key in keys[1:]]
