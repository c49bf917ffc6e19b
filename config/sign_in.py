"""Library settings for the sign-in of staff. Those that operators decide are in config/settings.py."""

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
        # Not in a cookie of its own: messages name people, and it has no __Host- prefix.
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "PASSWORD_RESET_TIMEOUT": 3 * 24 * 3600,  # seconds; also for invitations
        "ACCOUNT_ADAPTER": "accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_FORMS": {"reset_password": "accounts.links.PasswordResetForm"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],  # sign-up is closed: see the adapter
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_SESSION_REMEMBER": True,  # until the session expires
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_RATE_LIMITS": {
            "login": None,  # limited by accounts/throttle.py
            "login_failed": "5/5m/key",  # second factor codes
        },
        "MFA_ADAPTER": "accounts.adapters.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # entered by an admin, or verified by our invitation
        "MFA_TOTP_TOLERANCE": 1,  # allowed clock drift in steps of 30 seconds
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": debug,  # plain HTTP on localhost
    }
