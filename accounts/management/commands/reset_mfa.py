from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import StaffSession, User
from audit.models import SystemLog


class Command(BaseCommand):
    help = (
        "Take away the second factors of somebody who lost them, and end their sessions; recorded in the "
        "system log. Their next log-in leads to enrolment. Be sure who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.everyone.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        with transaction.atomic():
            factors, _ = Authenticator.objects.filter(user=user).delete()
            sessions, _ = StaffSession.objects.filter(user=user).delete()
            SystemLog.objects.record(
                "second_factor_reset",
                "The second factors of a member of staff were taken away",
                user=str(user.pk),
                factors=factors,
                sessions=sessions,
            )
        self.stdout.write(f"{factors} factors taken away, {sessions} sessions ended.")
