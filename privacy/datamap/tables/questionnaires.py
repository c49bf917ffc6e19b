"""Questionnaires, drafted and published, and the wordings that are tested."""

from privacy.datamap.columns import AFTER_RETENTION, TRACE_NULL, content, plain, staff
from privacy.datamap.vocabulary import Basis, Retention, Table

EXPERIMENTS = {
    "experiments": Table(
        "Tests of wording",
        plain("id", "key", "place", "created_at", "started_at", "stopped_at"),
    ),
    "experiment_variants": Table(
        "What a test of wording says", plain("id", "experiment_id", "key", "weight") | content("wording")
    ),
    "experiment_exposures": Table(
        "That somebody saw a variant; by whom is a hash of a random number, kept to count nobody twice",
        {"visitor_key": TRACE_NULL, **plain("id", "variant_id", "seen_at")},
        Retention("seen_at", AFTER_RETENTION),
        Basis.INTEREST,
    ),
}

QUESTIONNAIRES = {
    "questionnaires": Table(
        "Drafts of questionnaires",
        {
            **plain("id", "key", "name", "description", "industry", "version", "is_active", "is_default"),
            **plain("estimated_time", "language", "created_at", "updated_at", "published_at"),
            **content("translations", "metadata"),
            **staff("created_by_id"),
        },
        basis=Basis.INTEREST,
    ),
    "sections": Table(
        "Drafts of sections",
        {
            **plain("id", "questionnaire_id", "key", "name", "description", "weight", "order_index"),
            **plain("icon", "estimated_time", "created_at", "updated_at"),
            **content("metadata"),
        },
    ),
    "questions": Table(
        "Drafts of questions",
        {
            **plain("id", "section_id", "key", "text", "type", "help_text", "explanation", "placeholder"),
            **plain("questionnaire_id", "order_index", "is_required", "is_personal", "industry_tags"),
            **content("options", "validation_rules", "default_value", "suggested_answer"),
            **content("document_mappings", "metadata"),
            **plain("created_at", "updated_at"),
        },
    ),
    "visibility_rules": Table(
        "Drafts of rules",
        {
            **plain("id", "question_id", "action", "target_question_ids", "priority"),
            **content("condition"),
            **plain("is_active", "created_at", "updated_at"),
        },
    ),
    "score_bands": Table(
        "Drafts of score bands",
        {
            **plain("id", "questionnaire_id", "key", "name", "min_score", "max_score", "message"),
            **plain("next_steps", "created_at", "updated_at"),
        },
    ),
    "recommendations": Table(
        "Drafts of recommendations",
        {
            **plain("id", "section_id", "level", "title", "description", "action_items"),
            **plain("created_at", "updated_at"),
        },
    ),
    "questionnaire_versions": Table(
        "What was published, for ever",
        {
            **plain("id", "questionnaire_id", "number", "checksum", "published_at"),
            **content("definition"),
            **staff("published_by_id"),
        },
        basis=Basis.INTEREST,
    ),
}
