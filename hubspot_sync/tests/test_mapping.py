from dataclasses import replace
from datetime import UTC, datetime

from hubspot_sync.delivery.mapping import (
    Destination,
    LeadValues,
    contact_properties,
    known_deal_properties,
    new_deal_properties,
)

ACCOUNT = Destination(
    pipeline="ai_consulting_pipeline",
    deal_stage="executive_briefing_requested",
    deal_amount=5000,
    deal_close_days=30,
    lead_source="AI Reality Check",
    area_properties={"value_assurance": "ai_value_score", "governance": "ai_governance_score"},
)
ADA = LeadValues(
    key="8c6a1b9e-0000-4000-8000-000000000001",
    email="ada@engines.example",
    first_name="Ada",
    last_name="Lovelace",
    company="Engines",
    phone="+44 20 1",
    total_score=42,
    areas={"value_assurance": 25, "governance": 60, "unmapped": 1},
    category="risk_zone",
    quality="executive_briefing_qualified",
    completed_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    completion_seconds=480,
)


def test_every_contact_property_has_its_value() -> None:
    assert contact_properties(ADA, ACCOUNT) == {
        "email": "ada@engines.example",
        "firstname": "Ada",
        "lastname": "Lovelace",
        "company": "Engines",
        "phone": "+44 20 1",
        "ai_assessment_score": "42",
        "ai_assessment_category": "risk_zone",
        "ai_assessment_date": "2026-11-20",
        "ai_completion_time": "480",
        "ai_lead_quality": "executive_briefing_qualified",
        "lead_source": "AI Reality Check",
        "ai_value_score": "25",
        "ai_governance_score": "60",
    }


def test_what_a_person_left_empty_is_left_out_because_an_empty_text_would_clear_it() -> None:
    nameless = replace(ADA, first_name=None, last_name=None, company=None, phone=None)
    assert (
        contact_properties(nameless, ACCOUNT).keys().isdisjoint({"firstname", "lastname", "company", "phone"})
    )


def test_of_an_open_assessment_only_the_person_is_told() -> None:
    captured = LeadValues("key", "ada@engines.example", "Ada", None, None, None)
    assert contact_properties(captured, ACCOUNT) == {
        "email": "ada@engines.example",
        "firstname": "Ada",
        "lead_source": "AI Reality Check",
    }


def test_a_score_of_zero_is_a_value() -> None:
    assert contact_properties(replace(ADA, total_score=0), ACCOUNT)["ai_assessment_score"] == "0"


def test_a_new_deal_closes_thirty_days_after_the_assessment() -> None:
    assert new_deal_properties(ADA, ACCOUNT) == {
        "ai_assessment_key": ADA.key,
        "dealname": "Executive briefing: Engines, score 42",
        "pipeline": "ai_consulting_pipeline",
        "dealstage": "executive_briefing_requested",
        "amount": "5000",
        "closedate": "2026-12-20T23:30:00.000Z",
    }


def test_a_known_deal_keeps_the_stage_that_sales_gave_it() -> None:
    assert known_deal_properties(ADA, ACCOUNT).keys() == {"ai_assessment_key", "dealname"}


def test_a_deal_never_carries_the_name_of_the_person() -> None:
    values = " ".join(new_deal_properties(ADA, ACCOUNT).values())
    assert "Ada" not in values
    assert "Lovelace" not in values
