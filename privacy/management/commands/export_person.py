import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from audit.models import SystemLog
from privacy.management.prompts import PersonCommand
from privacy.requests.person import by_address
from privacy.requests.personal_data import export_document


class Command(PersonCommand):
    help = "Print what we hold of a person as JSON. The e-mail address is read from standard input."

    def handle(self, *args: Any, **options: Any) -> None:
        document = export_document(by_address(self.ask_address()))
        SystemLog.objects.record(
            "person_exported", "What we hold of a person was exported", asked_by="command"
        )
        self.stdout.write(json.dumps(document, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
