"""Webhooks and their calls in the admin. Addresses and keys can be entered, and are never shown again."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.fresh_sign_in import FreshSignInMixin
from queues.admin import QueueAdmin
from web.read_only_admin import ListedLookups
from webhooks.causes import explain
from webhooks.client import Forbidden, TryAgain, public_addresses
from webhooks.mail import addresses
from webhooks.models import Shape, Webhook, WebhookCall


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]  # for the type checker only
    """Empty fields keep the address and the key that are stored; a new webhook gets a random key."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("https://…; for e-mail, the addresses of the group with commas between them."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "Key of the signature. Slack and Teams do not look at it. Empty: a random one."
        ),
    )

    class Meta:
        model = Webhook
        fields = ("name", "shape", "url", "secret", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("url", "secret"):
            self.initial[name] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        url = str(cleaned.get("url") or self.instance.url or "")
        check = check_recipients if cleaned.get("shape") == Shape.MAIL else check_url
        try:
            check(url)
        except ValidationError as error:
            self.add_error("url", error)
        return cleaned | {"url": url}

    def clean_secret(self) -> str:
        return str(self.cleaned_data["secret"] or self.instance.secret or secrets.token_urlsafe(32))


def check_recipients(text: str) -> None:
    """Raise ValidationError unless these are one or more e-mail addresses."""
    if not addresses(text):
        raise ValidationError(_("Enter the e-mail addresses, with commas between them."))
    for address in addresses(text):
        validate_email(address)


def check_url(url: str) -> None:
    """Raise ValidationError unless the address may be called."""
    if not url:
        raise ValidationError(_("Enter the address that is to be called."))
    try:
        public_addresses(url)
    except Forbidden as error:
        raise ValidationError(explain(str(error), _).to_do) from error
    except TryAgain as error:
        raise ValidationError(_("There is no such host.")) from error


@admin.register(Webhook)
class WebhookAdmin(FreshSignInMixin, ListedLookups, ModelAdmin):
    form = WebhookForm
    list_display = ("name", "shape", "is_active", "created_at")
    list_filter = ()


@admin.register(WebhookCall)
class WebhookCallAdmin(QueueAdmin):
    list_display = ("webhook", "state", "cause_in_words", "failures", "next_try_at", "created_at", "done_at")
    fields = ("webhook", "status", "happened", "to_do", "failures", "next_try_at", "created_at", "done_at")
    list_select_related = ("webhook",)

    @staticmethod
    def resend(rows: Any) -> int:
        return int(rows.send_again())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
