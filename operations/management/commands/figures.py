import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from operations.dashboard import figures


class Command(BaseCommand):
    help = "Print every figure of the dashboard as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(figures(timezone.now()), indent=2))
