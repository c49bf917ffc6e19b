"""`script/manage check` refuses a column that nobody classified."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from assessments.models import Assessment
from privacy.datamap.checks import check_data_map, check_model, check_table
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Basis, Column, DataClass, Table

ASSESSMENTS = TABLES["assessments"]


def without(*names: str) -> dict[str, Table]:
    left = {name: column for name, column in ASSESSMENTS.columns.items() if name not in names}
    return {"assessments": replace(ASSESSMENTS, columns=left)}


def problems(tables: dict[str, Table]) -> list[str]:
    return [f"{found.id} {found.msg}" for found in check_model("assessments", Assessment, tables)]


def test_the_map_as_it_is_has_no_problem() -> None:
    assert check_data_map(None) == []


def test_a_column_that_is_not_classified_is_an_error() -> None:
    assert problems(without("phone")) == ["privacy.E001 The data map: assessments.phone is not classified."]


def test_a_table_that_is_not_in_the_map_has_no_column_classified() -> None:
    assert len(problems({})) == len(ASSESSMENTS.columns)


def test_a_column_that_does_not_exist_is_an_error() -> None:
    table = replace(ASSESSMENTS, columns={**ASSESSMENTS.columns, "shoe_size": Column(DataClass.PERSONAL)})
    [problem] = problems({"assessments": table})
    assert "assessments.shoe_size is classified and does not exist" in problem


def test_json_whose_keys_are_not_classified_is_an_error() -> None:
    table = replace(ASSESSMENTS, columns={**ASSESSMENTS.columns, "utm": Column(DataClass.PLAIN)})
    [problem] = problems({"assessments": table})
    assert "assessments.utm holds JSON: classify its keys" in problem


def test_what_names_a_person_in_plain_text_is_an_error() -> None:
    """A column to come is sealed, or says why not."""
    table = replace(
        ASSESSMENTS, columns={**ASSESSMENTS.columns, "referrer_source": Column(DataClass.PERSONAL)}
    )
    [problem] = problems({"assessments": table})
    assert "assessments.referrer_source names or reaches a person: encrypt it" in problem


def test_something_of_a_person_without_a_legal_basis_is_an_error() -> None:
    [problem] = check_table("assessments", replace(ASSESSMENTS, basis=Basis.NONE))
    assert problem.id == "privacy.E004"


def test_the_check_is_part_of_manage_py_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "assessments", without("phone")["assessments"])
    with pytest.raises(SystemCheckError, match=r"assessments\.phone is not classified"):
        call_command("check")
