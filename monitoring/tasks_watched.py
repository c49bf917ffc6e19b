"""Measures Celery tasks, and carries the trace of a request in the header of its wake-up."""

import time
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from monitoring.timings import timings
from monitoring.tracing import span, traceparent

running: dict[str, tuple[float, Any]] = {}


def carry(headers: dict[str, Any], **kwargs: Any) -> None:
    if parent := traceparent():
        headers["traceparent"] = parent


def begin(task_id: str, task: Any, **kwargs: Any) -> None:
    opened = span(f"task {task.name}", parent=getattr(task.request, "traceparent", "") or "")
    opened.__enter__()
    running[task_id] = time.perf_counter(), opened


def end(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    if task_id in running:
        begun, opened = running.pop(task_id)
        opened.__exit__(None, None, None)
        timings.observe("task", f"{task.name},{(state or 'unknown').lower()}", time.perf_counter() - begun)
        timings.flush()


def watch_tasks() -> None:
    before_task_publish.connect(carry, dispatch_uid="monitoring.carry")
    task_prerun.connect(begin, dispatch_uid="monitoring.begin")
    task_postrun.connect(end, dispatch_uid="monitoring.end")
