"""Settings of django-allauth: how staff sign in. What an operator decides about it is in config/settings.py."""

from typing import Any


def settings(*, debug: bool) -> dict[str, Any]:
    return {
        "ACCOUNT_ADAPTER": "accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],  # nobody signs up: see the adapter
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_SESSION_REMEMBER": True,  # until the session ends by itself
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 15 * 60,  # seconds
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "MFA_ADAPTER": "accounts.adapters.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # an admin gave the address, or its holder opened our invitation
        "MFA_TOTP_TOLERANCE": 1,  # steps of 30 seconds that a clock may be off
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": debug,  # plain HTTP on localhost
    }
