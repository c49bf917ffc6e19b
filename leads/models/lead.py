"""A lead: a finished assessment with an e-mail address, as sales sees it (a proxy of Assessment)."""

from django.utils.translation import gettext as _

from assessments.models.assessment import Assessment
from leads.models.search_page import DropSearchPageOfChanged, DropSearchPageOfGone, DropSearchPageOfNew


class Lead(Assessment):
    class Meta:
        proxy = True
        triggers = [DropSearchPageOfNew(), DropSearchPageOfChanged(), DropSearchPageOfGone()]
        default_permissions = ("view",)  # deletion is left to purge and erasure
        permissions = [
            ("see_contact", "Can see the contact details of leads; they are masked for others"),
            ("work_lead", "Can claim leads, and record outcomes, notes and follow-ups"),
            ("assign_lead", "Can assign leads to colleagues, and see the whole team's"),
            ("deliver_lead", "Can send leads to HubSpot again, or settle them without delivery"),
            ("correct_lead", "Can correct the contact details of leads"),
        ]

    def __str__(self) -> str:
        if self.email_scrubbed_at:
            return _("Scrubbed lead")
        return self.contact.name or self.email or _("Lead without an address")
