"""Questionnaires, draft and published, and the wordings under A/B test."""

from privacy.datamap.columns import AFTER_RETENTION, TRACE_NULL, about_staff, authored_json, impersonal
from privacy.datamap.vocabulary import Basis, Retention, Table
from web import gettext_noop as _

EXPERIMENTS = {
    "experiments": Table(
        _("Tests of wording"),
        impersonal("id", "key", "place", "questionnaire", "created_at", "started_at", "stopped_at"),
    ),
    "experiment_variants": Table(
        _("What a test of wording says"),
        impersonal("id", "experiment_id", "key", "weight") | authored_json("wording"),
    ),
    "experiment_exposures": Table(
        _("Which variant a visitor saw, under a hash of a random number, so that each visitor counts once"),
        {"visitor_key": TRACE_NULL, **impersonal("id", "variant_id", "seen_at")},
        Retention("seen_at", AFTER_RETENTION),
        Basis.INTEREST,
    ),
}

QUESTIONNAIRES = {
    "questionnaires": Table(
        _("Drafts of questionnaires"),
        {
            **impersonal(
                "id", "key", "name", "description", "industry", "version", "is_active", "is_default"
            ),
            **impersonal("estimated_time", "language", "created_at", "updated_at", "published_at"),
            **impersonal("archived_at"),
            **authored_json("translations", "metadata"),
            **about_staff("created_by_id"),
        },
        basis=Basis.INTEREST,
    ),
    "sections": Table(
        _("Drafts of sections"),
        {
            **impersonal("id", "questionnaire_id", "key", "name", "description", "weight", "order_index"),
            **impersonal("icon", "estimated_time", "created_at", "updated_at"),
            **authored_json("metadata"),
        },
    ),
    "questions": Table(
        _("Drafts of questions"),
        {
            **impersonal(
                "id", "section_id", "key", "text", "type", "help_text", "explanation", "placeholder"
            ),
            **impersonal("questionnaire_id", "order_index", "is_required", "is_personal", "industry_tags"),
            **authored_json("options", "validation_rules", "default_value", "suggested_answer"),
            **authored_json("document_mappings", "metadata"),
            **impersonal("created_at", "updated_at"),
        },
    ),
    "visibility_rules": Table(
        _("Drafts of rules"),
        {
            **impersonal(
                "id", "question_id", "action", "target_question_ids", "targets", "order_index", "priority"
            ),
            **authored_json("condition"),
            **impersonal("is_active", "created_at", "updated_at"),
        },
    ),
    "score_bands": Table(
        _("Drafts of score bands"),
        {
            **impersonal("id", "questionnaire_id", "key", "name", "min_score", "max_score", "message"),
            **impersonal("next_steps", "created_at", "updated_at"),
            **authored_json("metadata"),
        },
    ),
    "recommendations": Table(
        _("Drafts of recommendations"),
        {
            **impersonal("id", "section_id", "level", "title", "description", "action_items"),
            **impersonal("created_at", "updated_at"),
        },
    ),
    "questionnaire_versions": Table(
        _("What was published, for ever"),
        {
            **impersonal("id", "questionnaire_id", "number", "checksum", "note", "published_at"),
            **authored_json("definition"),
            **about_staff("published_by_id"),
        },
        basis=Basis.INTEREST,
    ),
    "scheduled_publications": Table(
        _("Versions that are to be published at a time"),
        {
            **impersonal("id", "questionnaire_id", "version_id", "note", "publish_at", "status"),
            **impersonal("created_at", "settled_at"),
            **authored_json("definition"),
            **about_staff("created_by_id"),
        },
        basis=Basis.INTEREST,
    ),
}
