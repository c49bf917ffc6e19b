"""Forms by which staff work on leads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import ContactOutcome
from leads.models.note import MOST_CHARACTERS


class ContactOutcomeForm(forms.Form):
    """What came of a contact: its outcome, when the next one is due, and a note. Each may be left out."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("No contact, only what stands below")), *ContactOutcome.choices],
        required=False,
    )
    follow_up_on = forms.DateField(
        label=_("Follow up on"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 3, "id": "note"}),
    )
