"""Rules of alerts as Prometheus reads them. A scrape of the running product: tests/test_journey.py."""

import re

from django.conf import settings as living

from tests.promtool import promtool

FOLDER = living.BASE_DIR / "docs/monitoring"


def test_prometheus_reads_every_rule() -> None:
    rules = (FOLDER / "alerts.yaml").read_text().count("- alert:")
    assert f"SUCCESS: {rules} rules found" in promtool("check", "rules", "alerts.yaml")


def test_alerts_are_quiet_at_their_threshold_and_fire_beyond_it() -> None:
    assert "SUCCESS" in promtool("test", "rules", "alerts-test.yaml")


def test_each_alert_is_tried() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yaml").read_text()))
    assert set(re.findall(r'alertname="(\w+)"', (FOLDER / "alerts-test.yaml").read_text())) == alerts
