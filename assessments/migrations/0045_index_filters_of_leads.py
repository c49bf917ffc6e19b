from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models import F, Index, Q

LEADS = Q(completed_at__isnull=False, lead_quality__isnull=False)
IN_ORDER = (F("qualified_for_briefing").desc(), F("completed_at").desc(), F("id").desc())


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("assessments", "0044_index_the_calls"),
        ("scorecard", "0006_plan_publications_and_search_questions"),
    ]

    operations = [
        AddIndexConcurrently("assessment", index)
        for index in (
            Index(F("lead_quality"), *IN_ORDER, name="leads_by_quality", condition=LEADS),
            Index(fields=["score_category"], name="leads_by_category", condition=LEADS),
            Index(fields=["total_score"], name="leads_by_score", condition=LEADS),
            Index(fields=["referrer_source"], name="leads_by_source", condition=LEADS),
            Index(fields=["language"], name="leads_by_language", condition=LEADS),
            Index(fields=["version"], name="leads_by_version", condition=LEADS),
            Index(fields=["hubspot_sync_status"], name="leads_by_sync", condition=LEADS),
            Index(F("browser_info__device"), name="leads_by_device", condition=LEADS),
            Index(F("utm__utm_campaign"), *IN_ORDER, name="leads_by_campaign", condition=LEADS),
            Index(*IN_ORDER, name="leads_with_doubts", condition=LEADS & ~Q(doubts=[])),
        )
    ]
