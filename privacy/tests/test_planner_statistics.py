"""PostgreSQL's catalogue remembers no value that can name somebody."""

import pytest
from django.db import connection

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from privacy.clearing.verification import Leftover, verify_scrub
from privacy.datamap.planner_statistics import columns_with_values, naming_columns, without_statistics

pytestmark = pytest.mark.django_db


def run(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def people(version: object, number: int = 60) -> None:
    """Enough rows with equal values that ANALYZE would remember them as common."""
    for _ in range(number // 30):
        for each in range(30):
            AssessmentFactory.create(version=version, email=f"qvk{each}@stats.example", first_name="Quentin")
    run("SET CONSTRAINTS ALL IMMEDIATE")


def collect(*columns: str) -> None:
    """As a release before did, or somebody by hand."""
    for column in columns:
        run(f"ALTER TABLE assessments ALTER COLUMN {column} SET STATISTICS 100")


def test_every_column_that_can_name_somebody_collects_nothing() -> None:
    collecting = run(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
        " WHERE relnamespace = current_schema()::regnamespace AND coalesce(attstattarget, -1) <> 0"
    )
    assert naming_columns() & set(collecting) == set()
    assert {("assessments", "email"), ("users", "email"), ("login_failures", "key")} <= naming_columns()


def test_analyze_remembers_nobody(version: object) -> None:
    people(version)
    run("ANALYZE assessments")
    assert columns_with_values() == set()
    assert run("SELECT 1 FROM pg_stats WHERE tablename = 'assessments' AND attname = 'created_at'")


def test_what_was_collected_before_is_cleared(version: object) -> None:
    people(version)
    collect("email")
    run("ANALYZE assessments")
    assert ("assessments", "email") in columns_with_values()
    without_statistics(sender=None)
    assert columns_with_values() == set()
    run("ANALYZE assessments")
    assert columns_with_values() == set()


def test_the_verification_finds_what_the_catalogue_remembers(version: object) -> None:
    assert verify_scrub().clean
    people(version)
    collect("email")
    run("ANALYZE assessments")
    assert Leftover("assessments", "statistics of email", 1) in verify_scrub().left


def test_statistics_over_several_columns_are_found(version: object) -> None:
    people(version)
    collect("email", "first_name")
    run("CREATE STATISTICS by_hand (mcv) ON email, first_name FROM assessments")
    run("ANALYZE assessments")
    assert Leftover("assessments", "statistics of first_name", 1) in verify_scrub().left


def test_a_person_is_still_found_through_an_index(version: object) -> None:
    people(version, 600)
    run("ANALYZE assessments")
    plan = Assessment.objects.filter(email="qvk1@stats.example").explain()
    assert "Index" in plan


def test_no_index_remembers_what_it_computes_of_them(version: object) -> None:
    people(version)
    Assessment.objects.update(utm={"utm_campaign": "for-quentin"}, browser_info={"device": "mobile"})
    run("ANALYZE assessments")
    remembered = run("SELECT tablename FROM pg_stats WHERE tablename IN (SELECT indexname FROM pg_indexes)")
    assert ("leads_by_device",) in remembered
    assert ("leads_by_campaign",) not in remembered
