"""Error reporting to Sentry, limited to what `operations.logs` writes.

The integrations for Django and Celery are off: they collect requests and arguments. Errors reach Sentry
through logging, and each event is rebuilt from allow-listed fields, so that an SDK release that collects more
does not send more.
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


def start_sentry(dsn: str) -> None:
    """Send logged errors to this DSN. Raises ImproperlyConfigured if it is invalid."""
    try:
        sentry_sdk.init(
            dsn=dsn,
            before_send=anonymous_event,
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
            spotlight=False,  # whatever SENTRY_SPOTLIGHT says
        )
    except BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN is wrong. Set it to https://key@host/project") from error


def anonymous_event(event: Event, hint: Hint) -> Event | None:
    """Rebuild the event from fields without personal data; None for events not captured from logging."""
    record = hint.get("log_record")
    if record is None:
        return None
    given: dict[str, Any] = dict(event)
    return {  # type: ignore[return-value]  # a subset of Event
        **pick_keys(given, KEPT),
        "logentry": {"message": message_of(record)},
        "exception": {
            "values": [exception_frames(each) for each in given.get("exception", {}).get("values", [])]
        },
        "tags": request_of(record),
    }


def exception_frames(raised: dict[str, Any]) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames", [])
    return {
        **pick_keys(raised, KEPT_OF_EXCEPTION),
        "stacktrace": {"frames": [pick_keys(frame, KEPT_OF_FRAME) for frame in frames]},
    }


def pick_keys(whole: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: whole[key] for key in keys if key in whole}
