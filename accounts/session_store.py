"""Session engine of the back office, with an idle timeout and an absolute lifetime."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

from accounts.devices import device_name
from accounts.models import StaffSession, User

BEGAN, SEEN, DEVICE = "began_at", "seen_at", "device"  # keys of the session; times in Unix seconds
TOUCH_SECONDS = 60  # activity is stored at most once a minute


class SessionStore(DatabaseStore):
    """Expires `STAFF_IDLE_MINUTES` after the last activity and `SESSION_COOKIE_AGE` after the log-in."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        now = datetime.now(UTC)
        began = datetime.fromtimestamp(data.get(BEGAN, now.timestamp()), UTC)
        idle = timedelta(minutes=settings.STAFF_IDLE_MINUTES)
        session = cast(StaffSession, super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        session.device = data.get(DEVICE, "")
        session.began_at = began
        session.expire_date = min(now + idle, began + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return session


def begin_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of `user_logged_in`: start the session's lifetime and store its device name."""
    now = time.time()
    request.session.update(
        {BEGAN: now, SEEN: now, DEVICE: device_name(request.headers.get("User-Agent", ""))}
    )


def record_use(request: HttpRequest) -> None:
    """Record activity, which restarts the idle timeout."""
    now = time.time()
    if now - request.session.get(SEEN, 0) > TOUCH_SECONDS:
        request.session[SEEN] = now
