"""Words of pages that unfold and constance have no German for, and some that Django lacks."""

from django.utils.translation import gettext_noop

UNFOLD_WORDS = (
    gettext_noop(
        "After you've created a user, you\N{RIGHT SINGLE QUOTATION MARK}ll be able to edit more user options."
    ),
    gettext_noop("Apply Filters"),
    gettext_noop("Cancel"),
    gettext_noop("Disabled"),
    gettext_noop("Choose file to upload"),
    gettext_noop("False"),
    gettext_noop("General"),
    gettext_noop("Go back"),
    gettext_noop("Loading more results..."),
    gettext_noop("More actions"),
    gettext_noop("No data"),
    gettext_noop("No recent searches"),
    gettext_noop("No results matching your query"),
    gettext_noop("Password-based authentication"),
    gettext_noop("Previous"),
    gettext_noop(
        "Raw passwords are not stored, so there is no way to see this "
        "user\N{RIGHT SINGLE QUOTATION MARK}s password, but you can change the password using "
        '<a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
    gettext_noop("Recent searches"),
    gettext_noop("Return to site"),
    gettext_noop("Run"),
    gettext_noop("Search apps and models..."),
    gettext_noop("Select action to run"),
    gettext_noop("Select action"),
    gettext_noop("Select all rows"),
    gettext_noop("Select record"),
    gettext_noop("Select value"),
    gettext_noop("Submit"),
    gettext_noop("This object doesn't have a change history."),
    gettext_noop("Toggle password visibility"),
    gettext_noop("True"),
    gettext_noop("Unknown"),
    gettext_noop(
        "Whether the user will be able to authenticate using a password or not. "
        "If disabled, they may still be able to authenticate using other backends, "
        "such as Single Sign-On or LDAP."
    ),
)
