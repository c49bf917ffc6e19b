import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.forms import ValidationError

from accounts.models import User
from encryption.email_addresses import canonical_address


class Command(BaseCommand):
    help = "Create somebody who may enter the admin, with a random password that is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--group", required=True, help="What they may do: the name of a group, e.g. Sales."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email, password = canonical_address(options["email"]), secrets.token_urlsafe(15)
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        group = Group.objects.filter(name=options["group"]).first()
        if group is None:
            known = ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
            raise CommandError(f"There is no group {options['group']!r}. Choose one of: {known}.")
        if User.everyone.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        with transaction.atomic():
            User.objects.create_user(email, password, is_staff=True).groups.add(group)
        self.stdout.write(f"{email}  password: {password}  (shown only now)")
