import pytest

from hubspot_simulator.account import values
from hubspot_simulator.account.schema import Option, Property


def of(type_: str, field_type: str = "text", *options: str) -> Property:
    return Property("p", "P", type_, field_type, "g", options=tuple(Option(name, name) for name in options))


@pytest.mark.parametrize(
    ("definition", "sent", "kept"),
    [
        (of("string"), " as it is ", " as it is "),
        (of("number"), "24.00", "24.00"),
        (of("number"), "-3", "-3"),
        (of("bool"), "true", "true"),
        (of("enumeration", "select", "high", "low"), "high", "high"),
        (of("enumeration", "checkbox", "a", "b", "c"), "a;b", "a;b"),
        (of("date"), "2026-11-20", "2026-11-20"),
        (of("date"), "1795132800000", "2026-11-20"),
        (of("datetime"), "2026-11-20T13:00:00+01:00", "2026-11-20T12:00:00.000Z"),
        (of("datetime"), "1795132800001", "2026-11-20T00:00:00.001Z"),
    ],
)
def test_good_values_are_kept_as_hubspot_shows_them(definition: Property, sent: str, kept: str) -> None:
    assert values.normalise(definition, sent) == kept


@pytest.mark.parametrize(
    ("definition", "sent", "code"),
    [
        (of("number"), "1,000", "INVALID_LONG"),
        (of("number"), "asd", "INVALID_LONG"),
        (of("number"), "nan", "INVALID_LONG"),
        (of("bool"), "True", "INVALID_OPTION"),
        (of("enumeration", "select", "high"), "High", "INVALID_OPTION"),
        (of("enumeration", "checkbox", "a"), "a;z", "INVALID_OPTION"),
        (of("date"), "2026-02-30", "INVALID_DATE"),
        (of("date"), "1795132800001", "INVALID_DATE"),
        (of("date"), "20.11.2026", "INVALID_DATE"),
        (of("datetime"), "2026-11-20", "INVALID_DATE"),
        (of("datetime"), "2026-11-20T12:00:00", "INVALID_DATE"),
        (of("datetime"), "9" * 15, "INVALID_DATE"),
        (of("string"), "x" * 65_537, "INVALID_STRING"),
        (of("string"), "a\0b", "INVALID_STRING"),
    ],
)
def test_bad_values_are_refused_with_their_code(definition: Property, sent: str, code: str) -> None:
    with pytest.raises(values.BadValue) as caught:
        values.normalise(definition, sent)
    assert caught.value.code == code


def test_a_leading_semicolon_appends_to_the_choices() -> None:
    assert values.normalise(of("enumeration", "checkbox", "a", "b"), ";b", current="a") == "a;b"


def test_a_lenient_date_is_rounded_to_its_day() -> None:
    assert values.normalise(of("date"), "1795132800001", lenient=True) == "2026-11-20"


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@b", "ann@b.con", " ann@b.io", "ann@b.io ", "a@b@c.io", "a b@c.io", "a@b..io", "a@.io"],
)
def test_an_invalid_address_is_refused(address: str) -> None:
    with pytest.raises(values.BadValue, match="is invalid"):
        values.email(address)


def test_an_address_is_folded() -> None:
    assert values.email("Ann.Bee+x@B.CO.uk") == "ann.bee+x@b.co.uk"
