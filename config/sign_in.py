"""How staff sign in: settings of libraries. What an operator decides about it is in config/settings.py."""

from typing import Any


def library_settings(*, debug: bool) -> dict[str, Any]:
    return {
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 15},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
        ],
        "AXES_FAILURE_LIMIT": 5,
        "AXES_COOLOFF_TIME": 0.25,  # hours
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_CLIENT_IP_CALLABLE": "web.client_address.client_address",
        "AXES_USERNAME_FORM_FIELD": "login",
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_DISABLE_ACCESS_LOG": True,  # the admin log tells who did what; no second list of addresses
        "AXES_ENABLE_ACCESS_FAILURE_LOG": False,
        "AXES_VERBOSE": False,
        "AXES_ENABLE_ADMIN": False,  # unlock with: script/manage axes_reset_username ADDRESS
        "ACCOUNT_ADAPTER": "accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],  # nobody signs up: see the adapter
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_SESSION_REMEMBER": True,  # until the session ends by itself
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "MFA_ADAPTER": "accounts.adapters.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # an admin gave the address, or its holder opened our invitation
        "MFA_TOTP_TOLERANCE": 1,  # steps of 30 seconds that a clock may be off
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": debug,  # plain HTTP on localhost
    }
