"""Sessions of the back office, with what their owner needs to recognise them."""

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.models.user import User


class StaffSession(AbstractBaseSession):
    """One browser, logged in or on its way there. accounts/session_store.py writes it."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=80, blank=True)  # Firefox 128 on Linux
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "staff_sessions"
        ordering: ClassVar[list[str]] = ["-seen_at"]
