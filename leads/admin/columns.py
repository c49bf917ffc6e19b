"""The columns of the lead list: who it is, how to reach them, why, how urgent, with whom."""

from typing import Any

from constance import config
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.assessment import SyncStatus
from assessments.models.signs import Sign
from assessments.qualification import LeadQuality
from leads.briefing.consent_words import FOLLOW_UP, ConsentInWords, consent_in_words
from leads.briefing.reasons import reasons
from leads.clock import LABELS as URGENCIES
from leads.clock import URGENCY_TONES, Urgency
from leads.models import ContactOutcome, Lead
from leads.phone_numbers import flag, phone_number
from scorecard import versions
from web.formatting import duration_in_words, short_day
from web.read_only_admin import column

SYNC_COLORS = {
    SyncStatus.PENDING: "info",
    SyncStatus.SYNCED: "success",
    SyncStatus.FAILED: "danger",
    SyncStatus.HELD: "warning",
}


class LeadColumns:
    """Mixin of the lead admin. A row has `age`, `urgency` and, on the list, `choices` annotated."""

    @column(gettext_lazy("Lead"), two_lines=True)
    def who(self, lead: Any) -> tuple[str, str]:
        if lead.email_scrubbed_at:
            return _("Scrubbed"), _("the statistics stay")
        contact = details_of_lead(lead)
        upper, *lower = [each for each in (contact.name, contact.company, contact.email) if each] or [""]
        return upper, lower[0] if lower else ""

    @column(gettext_lazy("Reach"))
    def reach(self, lead: Any) -> str | SafeString:
        """The phone number as a link with its country, the language and the source."""
        contact, language = details_of_lead(lead), dict(settings.LANGUAGES).get(lead.language, lead.language)
        facts = [language, lead.referrer_source or lead.utm.get("utm_source", "")]
        more = format_html("<small>{}</small>", " · ".join(str(fact) for fact in facts if fact))
        if not contact.phone:
            return more
        if getattr(lead, "is_masked", False):
            return format_html("{}<br>{}", contact.phone, more)
        number = phone_number(contact.phone, lead.language)
        country = format_html(' <span title="{0}">{1} {0}</span>', number.country, flag(number.country))
        link = format_html('<a class="bo-tel" href="{}">{}</a>', number.link, contact.phone)
        return format_html("{}{}<br>{}", link, country if number.country else "", more)

    @column(gettext_lazy("Why"), ordering="total_score")
    def why(self, lead: Any) -> str | SafeString:
        """Category and score, the quality and what it rests on."""
        if not lead.completed_at:
            steps = {"step": lead.session.current_step, "total": lead.session.total_steps}
            return _("%(step)d of %(total)d steps") % steps
        quality = LeadQuality(lead.lead_quality).label if lead.lead_quality else ""
        definition = versions.get(lead.version_id).definition
        band = definition.band(lead.score_category).name if lead.score_category else definition.name
        rule = definition.qualification
        known = not lead.email_scrubbed_at
        told = reasons(lead.lead_quality, lead.contact, lead.total_score, rule) if known else []
        return format_html(
            '<span class="bo-tag">{} {}</span><br><small>{}{}</small>',
            "" if lead.total_score is None else lead.total_score,
            band,
            _(quality) if quality else "",
            f": {', '.join(told)}" if told else "",
        )

    @column(gettext_lazy("Questionnaire"))
    def questionnaire(self, lead: Any) -> str:
        """Its name; the column is shown where there are several."""
        return versions.get(lead.version_id).definition.name

    @column(gettext_lazy("Consent"))
    def consent(self, lead: Any) -> str | SafeString:
        if lead.email_scrubbed_at or not hasattr(lead, "choices"):
            return "-"
        words = consent_of(lead)
        return format_html('<span class="{}">{}</span>', "bo-error" if words.forbids else "", words.text)

    @column(gettext_lazy("Since"), ordering="completed_at")
    def since(self, lead: Any) -> str | SafeString:
        """The age, and how urgent a call is while nobody has called and nothing forbids it."""
        words = duration_in_words(lead.age)
        work = getattr(lead, "work", None)
        if lead.email_scrubbed_at or not lead.completed_at or (work and work.outcome):
            return words
        if hasattr(lead, "choices") and consent_of(lead).forbids:
            return words
        state = Urgency(lead.urgency)
        return format_html(
            '{} <span class="bo-tag bo-{}">{}</span>', words, URGENCY_TONES[state], URGENCIES[state]
        )

    @column(gettext_lazy("Owner"))
    def owner_name(self, lead: Any) -> str | SafeString:
        """The owner, with the last outcome and the next follow-up."""
        work = getattr(lead, "work", None)
        if not work:
            return "-"
        facts = [ContactOutcome(work.outcome).label if work.outcome else ""]
        facts += [_("follow up %(day)s") % {"day": short_day(work.follow_up_on)}] if work.follow_up_on else []
        name = work.owner.get_full_name() if work.owner else "-"
        return format_html("{}<br><small>{}</small>", name, ", ".join(str(fact) for fact in facts if fact))

    @column(gettext_lazy("Owner"))
    def owner(self, lead: Any) -> str | SafeString:
        """The owner, or a button to claim the lead; its form is above the list."""
        work = getattr(lead, "work", None)
        if (work and work.owner) or lead.email_scrubbed_at or not lead.completed_at:
            return self.owner_name(lead)
        return format_html(
            '<button type="submit" form="claim" class="bo-small" formaction="{}" data-key="c">{}</button>',
            reverse("admin:leads_lead_claim", args=[lead.pk]),
            _("Claim"),
        )

    @column(gettext_lazy("HubSpot"), ordering="hubspot_sync_status", labels=SYNC_COLORS)
    def sync(self, lead: Any) -> tuple[str, str]:
        """The state of the delivery; of an unfinished lead nothing is sent unless the person agreed."""
        is_sent = lead.completed_at or getattr(lead, "choices", {}).get(FOLLOW_UP)
        if not is_sent and lead.hubspot_sync_status in (SyncStatus.PENDING, SyncStatus.SKIPPED):
            return SyncStatus.SKIPPED, _("Not sent")
        return lead.hubspot_sync_status, str(SyncStatus(lead.hubspot_sync_status).label)

    @column(gettext_lazy("Doubts"))
    def doubtful(self, lead: Lead) -> str | SafeString:
        """Each bot sign as a short tag; the title says it in full."""
        signs = [Sign(doubt) for doubt in lead.doubts]
        tags = ((_(sign.label), _(sign.brief)) for sign in signs)
        return (
            format_html_join(" ", '<span class="bo-tag bo-warn" title="{}">{}</span>', tags) if signs else "-"
        )


def consent_of(lead: Any) -> ConsentInWords:
    """Of a lead with its `choices`."""
    return consent_in_words(lead.choices, needed=config.HUBSPOT_NEEDS_CONSENT)


def details_of_lead(lead: Any) -> Any:
    """Return the contact details, which are in the session until the assessment is finished."""
    return lead.contact if lead.completed_at else lead.session.contact
