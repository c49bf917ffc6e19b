import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from operations.figures import all_figures
from privacy.clearing.undelivered_alarm import leads_at_risk


class Command(BaseCommand):
    help = "Print every figure of the dashboard as JSON, and how many leads will be scrubbed undelivered."

    def handle(self, *args: Any, **options: Any) -> None:
        found = all_figures(timezone.now()) | {"at_risk": [asdict(leads_at_risk())]}
        self.stdout.write(json.dumps(found, indent=2))
