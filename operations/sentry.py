"""Errors for a Sentry, where there is one: what `operations.logs` writes, in Sentry's shape, no more.

No integration with Django or Celery: they read requests and arguments. Errors reach Sentry by way of the
log, and each event is made anew out of named parts, so that a release of the SDK that collects more sends
no more.
"""

import logging
from typing import Any

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import BadDsn

from operations.logs import message_of, request_of

KEPT = ("event_id", "timestamp", "platform", "level", "logger")
KEPT_OF_EXCEPTION = ("type", "module")
KEPT_OF_FRAME = ("module", "function", "lineno", "in_app")


def start(dsn: str) -> None:
    """Send what is logged as an error to this DSN. Raises ImproperlyConfigured for a DSN that is none."""
    try:
        sentry_sdk.init(
            dsn=dsn,
            before_send=anonymous,
            integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
            default_integrations=False,
            auto_enabling_integrations=False,
            send_default_pii=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            propagate_traces=False,
            server_name="",
        )
    except BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN is wrong. Set it to https://key@host/project") from error


def anonymous(event: Event, hint: Hint) -> Event | None:
    """The event with what is known to hold nothing personal; None for one that came by another way."""
    record = hint.get("log_record")
    if record is None:
        return None
    given: dict[str, Any] = dict(event)
    return {  # type: ignore[return-value]  # a part of what an Event may hold
        **part(given, KEPT),
        "logentry": {"message": message_of(record)},
        "exception": {"values": [exception(each) for each in given.get("exception", {}).get("values", [])]},
        "tags": request_of(record),
    }


def exception(raised: dict[str, Any]) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames", [])
    return {
        **part(raised, KEPT_OF_EXCEPTION),
        "stacktrace": {"frames": [part(frame, KEPT_OF_FRAME) for frame in frames]},
    }


def part(whole: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: whole[key] for key in keys if key in whole}
