"""How staff sign in: settings of libraries. What an operator decides about it is in config/settings.py."""

from typing import Any


def library_settings(*, debug: bool) -> dict[str, Any]:
    return {
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 15},
            },
            {"NAME": "accounts.passwords.GuessableValidator"},
        ],
        "PASSWORD_RESET_TIMEOUT": 3 * 24 * 3600,  # seconds; of an invitation too
        "ACCOUNT_ADAPTER": "accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],  # nobody signs up: see the adapter
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_SESSION_REMEMBER": True,  # until the session ends by itself
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_RATE_LIMITS": {
            "login": None,  # accounts/throttle.py counts these
            "login_failed": "5/5m/key",  # codes of a second factor
        },
        "MFA_ADAPTER": "accounts.adapters.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # an admin gave the address, or its holder opened our invitation
        "MFA_TOTP_TOLERANCE": 1,  # steps of 30 seconds that a clock may be off
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": debug,  # plain HTTP on localhost
    }
