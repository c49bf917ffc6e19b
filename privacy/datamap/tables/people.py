"""User accounts of staff, and records of their log-ins."""

from privacy.datamap.columns import AFTER_RETENTION, TRACE, about_staff, impersonal
from privacy.datamap.vocabulary import Basis, ClearingRule, Column, DataClass, Retention, Table
from web import gettext_noop as _

PEOPLE = {
    "users": Table(
        _("People who log in, while they work here"),
        {
            **about_staff("id", "email", "full_name", "password", "last_login", "created_at", "language"),
            **impersonal("is_staff", "is_active", "is_superuser", "is_test", "expires_at"),
        },
        basis=Basis.INTEREST,
    ),
    "users_groups": Table(
        _("Who is in which group"),
        {**impersonal("id", "group_id"), **about_staff("user_id")},
        basis=Basis.INTEREST,
    ),
    "users_user_permissions": Table(
        _("Who may what beside the groups"),
        {**impersonal("id", "permission_id"), **about_staff("user_id")},
        basis=Basis.INTEREST,
    ),
    "staff_sessions": Table(
        _("Browsers in which staff are logged in, as their owner sees them"),
        {
            **about_staff("session_key", "session_data", "user_id", "device", "began_at", "seen_at"),
            **impersonal("expire_date"),
        },
        Retention("expire_date", delete_row=True),
        Basis.INTEREST,
    ),
    "mfa_authenticator": Table(
        _("Second factors of staff: keys of apps and recovery codes sealed, of passkeys the public half"),
        {
            "data": Column(DataClass.STAFF, keys={"*": DataClass.STAFF}),
            **about_staff("user_id", "created_at", "last_used_at"),
            **impersonal("id", "type"),
        },
        basis=Basis.INTEREST,
    ),
    "account_emailaddress": Table(
        _("Addresses that django-allauth verified: unused, a user has one address"),
        {**about_staff("email", "user_id"), **impersonal("id", "verified", "primary")},
        basis=Basis.INTEREST,
    ),
    "account_emailconfirmation": Table(
        _("Mails that ask for it: unused as well"),
        {**about_staff("key"), **impersonal("id", "created", "sent", "email_address_id")},
        basis=Basis.INTEREST,
    ),
    "django_session": Table(
        _("Logins to the admin in releases before staff_sessions"),
        {**about_staff("session_key", "session_data"), **impersonal("expire_date")},
        Retention("expire_date", delete_row=True),
        Basis.INTEREST,
    ),
    "django_admin_log": Table(
        _("What staff changed in the admin; the name a row had then may be a person's"),
        {
            "object_repr": Column(DataClass.PERSONAL, ClearingRule.BLANK),
            "change_message": Column(DataClass.PERSONAL, ClearingRule.BLANK),
            **impersonal("id", "action_time", "object_id", "action_flag", "content_type_id"),
            **about_staff("user_id"),
        },
        Retention("action_time", AFTER_RETENTION),
        Basis.INTEREST,
    ),
    "constance_constance": Table(
        _("Run-time settings, and who answers for the data"),
        {**impersonal("id", "key"), **about_staff("value")},
        basis=Basis.DUTY,
    ),
    "login_failures": Table(
        _("Failed log-ins, to slow down guessing: counts under keyed hashes, never a name or an address"),
        {
            "key": TRACE,
            **impersonal("failures", "failed_at", "paused_until"),
        },
        Retention("failed_at", "LOGIN_RETENTION_DAYS", delete_row=True),
        Basis.INTEREST,
    ),
}
