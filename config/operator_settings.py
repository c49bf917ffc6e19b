"""Run-time settings: defaults, help texts and groups. Documented in docs/operations.md."""

from typing import Any
from zoneinfo import available_timezones

from unfold.contrib.constance.settings import UNFOLD_CONSTANCE_ADDITIONAL_FIELDS

from branding import adviser
from branding.palette import DEFAULT_DARK, DEFAULT_LIGHT
from web import gettext_noop as _

DEFAULTS: dict[str, tuple[Any, str, Any]] = {
    "EMAIL_RETENTION_DAYS": (30, _("Days after which personal data is scrubbed."), "days"),
    "LOGIN_RETENTION_DAYS": (30, _("Days after which failed logins are deleted."), "days"),
    "DELIVERY_ALARM_DAYS": (
        20,
        _("Days after which a lead that HubSpot has not confirmed raises an alarm."),
        "days",
    ),
    "UNFINISHED_RETENTION_DAYS": (
        7,
        _(
            "Days an unfinished assessment with an address is kept after its session; "
            "never more than the first."
        ),
        "days",
    ),
    "SESSION_TIMEOUT_HOURS": (
        24,
        _("Hours without activity after which an assessment session ends."),
        "hours",
    ),
    "HUBSPOT_SYNC_ENABLED": (True, _("Off: leads wait in the queue until it is on again."), bool),
    "HUBSPOT_NEEDS_CONSENT": (
        False,
        _("On: only people who agreed to be contacted are sent to HubSpot."),
        bool,
    ),
    "EARLY_HANDOVER_ENABLED": (
        False,
        _("On: an address goes to HubSpot at the next button, before the assessment is finished."),
        bool,
    ),
    "QUESTIONNAIRE": ("", _("Key of the questionnaire at /. Empty: DEFAULT_QUESTIONNAIRE."), "key"),
    "ASK_ADDRESS_BEFORE_RESULT": (
        True,
        _(
            "On: the e-mail address is asked for before the result, and can be skipped. "
            "Off: on the result only."
        ),
        bool,
    ),
    "HUBSPOT_MAX_RETRIES": (
        5,
        _("Failures of one lead, outages not counted, until a person must look."),
        "tries",
    ),
    "SALES_HOURS": (
        "Mo-Fr 09:00-17:00",
        _("When sales works; outside these hours the clock of a lead stands still."),
        "hours of sales",
    ),
    "SALES_TIME_ZONE": ("Europe/Berlin", _("The time zone of these hours."), "zone"),
    "STAFF_LANGUAGE": (
        "en",
        _("Language of what tells several people of a new lead: Slack, Teams, mail to a group."),
        "language",
    ),
    "EMAIL_DELIVERY_ENABLED": (True, _("Off: mails wait until it is switched on again."), bool),
    "EMAIL_PATIENCE_HOURS": (
        72,
        _("Hours during which a mail that the mail server defers is tried again."),
        "hours",
    ),
    "DEBUG_LOGGING_ENABLED": (False, _("On: the logs contain debug lines too."), bool),
    "LIMIT_STARTS_PER_HOUR": (300, _("Starts an hour for one client address."), "limit"),
    "LIMIT_SAVES_PER_HOUR": (200, _("Saves an hour for one session; above, the lead is marked."), "limit"),
    "LIMIT_SUBMITS_PER_HOUR": (20, _("Submits an hour through the API for one session."), "limit"),
    "LIMIT_RESULT_VIEWS_PER_HOUR": (600, _("Result views an hour for one client address."), "limit"),
    "LIMIT_PRIVACY_REQUESTS_PER_HOUR": (
        5,
        _("Privacy links asked for an hour by one client address."),
        "limit",
    ),
    "TEST_ADDRESSES": (
        "",
        _(
            "E-mail addresses of tests, with spaces between them: *@example.com. They count in no figure "
            "and are not sent to HubSpot."
        ),
        "patterns",
    ),
    "TEST_RETENTION_DAYS": (7, _("Days after which tests are deleted."), "days"),
    "LEAST_SECONDS": (
        20,
        _("A form that is submitted within fewer seconds is marked as doubtful."),
        "seconds",
    ),
    "PROOF_OF_WORK_ENABLED": (
        False,
        _("On: an assessment whose browser did no proof of work is marked."),
        bool,
    ),
    "MAIL_DOMAIN_CHECK_ENABLED": (True, _("Off: we do not ask DNS whether a domain accepts mail."), bool),
    "EMBED_ORIGINS": ("", _("Sites that may show the form in a frame: https://www.example.com …"), "origins"),
    "CONTROLLER": (
        "",
        _(
            "Who is responsible for the data: name and postal address, shown to prospects. "
            "Empty: POSTAL_ADDRESS."
        ),
        "lines",
    ),
    "PRIVACY_CONTACT": ("", _("E-mail address for questions about personal data."), "address"),
    "LIMIT_RESUME_MAILS_PER_HOUR": (
        5,
        _("Requests for a link to continue, an hour by session or client address."),
        "limit",
    ),
    "ERASURE_PROOF_DAYS": (1095, _("Days for which consents and erasures can be proved."), "days"),
    "MAINTENANCE": (
        False,
        _("On: pages say that the form is closed for a short time. Staff can still sign in."),
        bool,
    ),
    "BRAND_NAME": ("Reality Check", _("Name on every page and mail."), "name"),
    "BRAND_LOGO": ("", _("PNG, WebP or SVG, 20 kB at most; beside the name where it is square."), "logo"),
    "BRAND_PRIMARY_LIGHT": (DEFAULT_LIGHT.primary, _("Links and buttons on light pages."), "light primary"),
    "BRAND_PRIMARY_DARK": (DEFAULT_DARK.primary, _("Links and buttons on dark pages."), "dark primary"),
    "BRAND_ACCENT_LIGHT": (DEFAULT_LIGHT.accent, _("Charts and progress on light pages."), "light accent"),
    "BRAND_ACCENT_DARK": (DEFAULT_DARK.accent, _("Charts and progress on dark pages."), "dark accent"),
    "BRAND_CONTACT": ("", _("E-mail address for questions, in the footer of every page."), "address"),
    "BRAND_CALENDAR_LINK": ("", _("Where people with a result choose a time for a conversation."), "link"),
    "BRAND_POSTAL_ADDRESS": ("", _("Below every page and mail; empty: POSTAL_ADDRESS."), str),
    "BRAND_FOOTER_LINKS": (
        "",
        _("One a line, the words first: Imprint https://example.com/imprint"),
        "links",
    ),
    **adviser.DEFAULTS,
}
GROUPS = {
    _("Who is responsible for the data"): ("CONTROLLER", "PRIVACY_CONTACT"),
    _("Retention"): (
        "EMAIL_RETENTION_DAYS",
        "UNFINISHED_RETENTION_DAYS",
        "LOGIN_RETENTION_DAYS",
        "DELIVERY_ALARM_DAYS",
        "SESSION_TIMEOUT_HOURS",
        "ERASURE_PROOF_DAYS",
    ),
    _("HubSpot"): (
        "HUBSPOT_SYNC_ENABLED",
        "HUBSPOT_NEEDS_CONSENT",
        "EARLY_HANDOVER_ENABLED",
        "HUBSPOT_MAX_RETRIES",
    ),
    _("Form"): ("QUESTIONNAIRE", "ASK_ADDRESS_BEFORE_RESULT"),
    _("Sales"): ("SALES_HOURS", "SALES_TIME_ZONE", "STAFF_LANGUAGE"),
    _("E-mail"): ("EMAIL_DELIVERY_ENABLED", "EMAIL_PATIENCE_HOURS"),
    _("Rate limits"): (
        "LIMIT_STARTS_PER_HOUR",
        "LIMIT_SAVES_PER_HOUR",
        "LIMIT_SUBMITS_PER_HOUR",
        "LIMIT_RESULT_VIEWS_PER_HOUR",
        "LIMIT_PRIVACY_REQUESTS_PER_HOUR",
        "LIMIT_RESUME_MAILS_PER_HOUR",
    ),
    _("Maintenance"): ("MAINTENANCE",),
    _("Tests"): ("TEST_ADDRESSES", "TEST_RETENTION_DAYS"),
    _("Doubtful leads"): ("LEAST_SECONDS", "PROOF_OF_WORK_ENABLED", "MAIL_DOMAIN_CHECK_ENABLED"),
    _("Embedding"): ("EMBED_ORIGINS",),
    _("Logs"): ("DEBUG_LOGGING_ENABLED",),
    _("Brand"): (
        *("BRAND_NAME", "BRAND_LOGO", "BRAND_PRIMARY_LIGHT", "BRAND_PRIMARY_DARK", "BRAND_ACCENT_LIGHT"),
        *("BRAND_ACCENT_DARK", "BRAND_CONTACT", "BRAND_CALENDAR_LINK", "BRAND_POSTAL_ADDRESS"),
        "BRAND_FOOTER_LINKS",
    ),
    _("Adviser"): adviser.SETTINGS,
}
COLOR_WIDGET = "unfold.widgets.UnfoldAdminColorInputWidget"
COLORS = {
    f"{scheme} {role}": [
        "branding.fields.ColorField",
        {"widget": COLOR_WIDGET, "scheme": scheme, "role": role},
    ]
    for scheme in ("light", "dark")
    for role in ("primary", "accent")
}
TEXT_WIDGET = {"widget": "unfold.widgets.UnfoldAdminTextInputWidget"}
BRAND_FIELDS: dict[Any, Any] = COLORS | {
    "name": ["django.forms.CharField", TEXT_WIDGET | {"max_length": 40}],
    "logo": ["branding.fields.LogoField", {"required": False}],
    "portrait": ["branding.fields.PortraitField", {"required": False}],
    "words": ["django.forms.CharField", TEXT_WIDGET | {"required": False, "max_length": 80}],
    "address": [
        "django.forms.EmailField",
        {"widget": "unfold.widgets.UnfoldAdminEmailInputWidget", "required": False},
    ],
    "lines": [
        "django.forms.CharField",
        {
            "widget": "unfold.widgets.UnfoldAdminTextareaWidget",
            "widget_kwargs": {"attrs": {"rows": 3}},
            "required": False,
            "max_length": 500,
        },
    ],
    "key": [
        "django.forms.RegexField",
        TEXT_WIDGET | {"regex": "^[a-z][a-z0-9_]*$", "required": False, "max_length": 50},
    ],
    "link": ["django.forms.URLField", TEXT_WIDGET | {"required": False, "assume_scheme": "https"}],
    "links": [
        "branding.fields.LinksField",
        {"widget": "unfold.widgets.UnfoldAdminTextareaWidget", "required": False},
    ],
    "hours of sales": ["leads.fields.HoursField", TEXT_WIDGET | {"max_length": 60}],
    "language": [
        "branding.fields.LanguageField",
        {"widget": "unfold.widgets.UnfoldAdminSelectWidget"},
    ],
    "zone": [
        "django.forms.ChoiceField",
        {
            "widget": "unfold.widgets.UnfoldAdminSelectWidget",
            "choices": [(zone, zone) for zone in sorted(available_timezones())],
        },
    ],
    "patterns": ["django.forms.CharField", TEXT_WIDGET | {"max_length": 500, "required": False}],
    "origins": [
        "django.forms.RegexField",
        {
            "widget": "unfold.widgets.UnfoldAdminTextInputWidget",
            "regex": r"^(https?://[a-z0-9.-]+(:\d{1,5})?(\s+|$))*$",
            "required": False,
            "error_messages": {"invalid": _("Origins only, with spaces between: https://www.example.com")},
        },
    ],
}


def whole_number(least: int, most: int) -> list[Any]:
    return [
        "django.forms.IntegerField",
        {
            "widget": "unfold.widgets.UnfoldAdminIntegerFieldWidget",
            "min_value": least,
            "max_value": most,
        },
    ]


NUMBER_FIELDS: dict[Any, Any] = {
    "days": whole_number(1, 3650),  # 0 would delete data on entry
    "hours": whole_number(1, 8760),
    "limit": whole_number(1, 1_000_000),  # to allow none, use MAINTENANCE
    "tries": whole_number(1, 100),
    "seconds": whole_number(0, 3600),
    "minutes": whole_number(5, 240),
}
FIELDS = UNFOLD_CONSTANCE_ADDITIONAL_FIELDS | BRAND_FIELDS | NUMBER_FIELDS
