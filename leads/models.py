"""A finished run with an address, as sales people see it: the same row under the name they use."""

from assessments.models.assessment import Assessment


class Lead(Assessment):
    class Meta:
        proxy = True
        default_permissions = ("view",)  # deleting belongs to purge and erasure

    def __str__(self) -> str:
        if self.email_scrubbed_at:
            return "Scrubbed lead"
        return self.contact.name or self.email or "Lead without an address"
