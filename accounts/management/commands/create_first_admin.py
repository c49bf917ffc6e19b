import os
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.models import User


class Command(BaseCommand):
    help = (
        "Create the first admin with a random password, shown once. Does nothing when an admin exists. "
        "ADMIN_EMAIL names the address."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        email = os.environ.get("ADMIN_EMAIL", "").strip() or "admin@localhost.localdomain"
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError("ADMIN_EMAIL is not an e-mail address. Set it to ada@example.com.") from None
        password = secrets.token_urlsafe(15)
        User.objects.create_superuser(email, password)
        self.stdout.write(f"First admin: {email}  password: {password}  (shown only now)")
