"""OpenTelemetry, off unless TRACES_URL is set: a trace from request through queue to the call of HubSpot.

Spans have names and codes only: no address, no path, no value.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings

from web.rest import RestAfterFailure

SERVICE = "assessment"
SEND_SECONDS = 2  # at most, as a process that ends waits for its last spans


@contextmanager
def span(name: str, parent: str = "", **codes: str | int) -> Iterator[None]:
    """A span around the block; nothing where traces are off. `parent` is a `traceparent` of W3C."""
    if not settings.TRACES_URL:
        yield
        return
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    with tracer(os.getpid()).start_as_current_span(name, context=context, attributes=codes or None):
        yield


@lru_cache(maxsize=1)
def tracer(_process: int) -> Any:
    """The tracer of this process: its sending thread survives no fork. Imported late: it takes 0.2 s."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

    rest = RestAfterFailure()

    class Exporter(OTLPSpanExporter):
        """Leaves a collector alone that has just failed: spans are dropped, and no process ends late."""

        def export(self, spans: Any) -> SpanExportResult:
            if rest.active:
                return SpanExportResult.FAILURE
            result = super().export(spans)
            if result is SpanExportResult.FAILURE:
                rest.begin()
            return result

    provider = TracerProvider(resource=Resource({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(Exporter(settings.TRACES_URL, timeout=SEND_SECONDS)))
    return provider.get_tracer(SERVICE)


def trace_id() -> str:
    """The id of the current trace, 32 hex digits; '' without one."""
    if not settings.TRACES_URL:
        return ""
    from opentelemetry.trace import get_current_span

    found = get_current_span().get_span_context()
    return f"{found.trace_id:032x}" if found.is_valid else ""


def traceparent() -> str:
    """The current span as a header that a message can carry; '' without one."""
    if not settings.TRACES_URL:
        return ""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent", "")
