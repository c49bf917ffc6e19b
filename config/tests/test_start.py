"""What a process loads before it does anything: half of the suite's time is starting processes."""

import os
import subprocess
import sys

from config.tests.processes import PROJECT

LOADED = "import django, sys; django.setup(); print(*sys.modules)"
FOR_PAGES = {"config.urls", "leads.admin", "operations.admin", "unfold.admin", "opentelemetry.sdk.metrics"}


def test_a_process_that_serves_no_pages_loads_none_of_what_they_need() -> None:
    found = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not FOR_PAGES & set(found.stdout.split())
