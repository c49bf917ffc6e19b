"""People who log in, and what is kept of their log-ins."""

from privacy.datamap.columns import AFTER_RETENTION, plain, staff
from privacy.datamap.vocabulary import Basis, Column, Kind, Retention, Rule, Table

LOGINS = {
    **staff("username", "ip_address", "user_agent"),
    **plain("id", "http_accept", "path_info", "attempt_time"),
}
LOGINS_GO = Retention("attempt_time", "LOGIN_RETENTION_DAYS", delete_row=True)

PEOPLE = {
    "users": Table(
        "People who log in, while they work here",
        {
            **staff("id", "email", "full_name", "password", "last_login", "created_at"),
            **plain("is_staff", "is_active", "is_superuser"),
        },
        basis=Basis.INTEREST,
    ),
    "users_groups": Table(
        "Who is in which group", {**plain("id", "group_id"), **staff("user_id")}, basis=Basis.INTEREST
    ),
    "users_user_permissions": Table(
        "Who may what beside the groups",
        {**plain("id", "permission_id"), **staff("user_id")},
        basis=Basis.INTEREST,
    ),
    "django_session": Table(
        "Logins to the admin",
        {**staff("session_key", "session_data"), **plain("expire_date")},
        Retention("expire_date", delete_row=True),
        Basis.INTEREST,
    ),
    "django_admin_log": Table(
        "What staff changed in the admin; the name a row had then may be a person's",
        {
            "object_repr": Column(Kind.PERSONAL, Rule.BLANK),
            "change_message": Column(Kind.PERSONAL, Rule.BLANK),
            **plain("id", "action_time", "object_id", "action_flag", "content_type_id"),
            **staff("user_id"),
        },
        Retention("action_time", AFTER_RETENTION),
        Basis.INTEREST,
    ),
    "constance_constance": Table(
        "Run-time settings, and who answers for the data",
        {**plain("id", "key"), **staff("value")},
        basis=Basis.DUTY,
    ),
    "axes_accessattempt": Table(
        "Failed logins, to lock out whoever guesses",
        {
            **staff("username", "ip_address", "user_agent", "get_data", "post_data"),
            **plain("id", "http_accept", "path_info", "attempt_time", "failures_since_start"),
        },
        LOGINS_GO,
        Basis.INTEREST,
    ),
    "axes_accessattemptexpiration": Table("When a lock-out ends", plain("access_attempt_id", "expires_at")),
    "axes_accesslog": Table(
        "Logins: switched off, see AXES_DISABLE_ACCESS_LOG",
        LOGINS | staff("session_hash") | plain("logout_time"),
        LOGINS_GO,
        Basis.INTEREST,
    ),
    "axes_accessfailurelog": Table(
        "Failed logins one by one: switched off as well",
        LOGINS | plain("locked_out"),
        LOGINS_GO,
        Basis.INTEREST,
    ),
}
