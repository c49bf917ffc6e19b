"""Sessions of the back office, with the details by which their owner recognises them."""

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.models.user import User


class StaffSession(AbstractBaseSession):
    """The session of one browser, authenticated or not. Written by accounts/session_store.py."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=80, blank=True)  # Firefox 128 on Linux
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "staff_sessions"
        ordering: ClassVar[list[str]] = ["-seen_at"]
