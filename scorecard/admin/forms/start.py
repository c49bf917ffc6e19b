"""The forms by which a questionnaire begins and is published: create, copy, import, publish, schedule."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scorecard.admin.forms.fields import LongField, ShortField, YesField
from scorecard.constraints import valid_key


class KeyForm(forms.Form):
    name = ShortField(label=_("Name"), required=True)
    key = forms.CharField(
        label=_("Key"),
        max_length=50,
        validators=[valid_key],
        help_text=_(
            "Small letters, digits and underscores. It is part of the address: it cannot be changed."
        ),
    )


class CreateForm(KeyForm):
    language = ShortField(
        label=_("Language"),
        max_length=10,
        initial="en",
        help_text=_("The language of its texts: a code such as en."),
    )
    has_score = YesField(label=_("With a score"), initial=True)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files, as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SeveralFiles(attrs={"accept": ".yaml,.yml"}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in files]


class ImportForm(forms.Form):
    uploads = FilesField(
        label=_("YAML files"),
        help_text=_(
            "The questionnaire (form.yaml) and, if it is translated, its translations (form.de.yaml)."
        ),
    )
    replaces = YesField(
        label=_("Replace the draft of this key if there is one"),
        help_text=_("Published versions and results stay as they are."),
    )


class PublishForm(forms.Form):
    note = LongField(label=_("What changed?"), help_text=_("For your colleagues. Respondents never see it."))


class ScheduleForm(PublishForm):
    publish_at = forms.DateTimeField(
        label=_("Publish at (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_publish_at(self) -> Any:
        at = self.cleaned_data["publish_at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("This time has passed. To publish now, use the other form."))
        return at
