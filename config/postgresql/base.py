"""Django's PostgreSQL backend, which looks at an idle connection instead of asking whether it lives.

Django asks `SELECT 1` before the first statement of every request. A server that stopped or was killed has
closed its end, and what it said last lies in the socket: on an idle connection there is nothing to read else.
"""

import select
from typing import Any

from django.db.backends.postgresql import base

from monitoring.timings import timings


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect, and count a connection that fails."""
        try:
            return super().get_new_connection(conn_params)
        except Exception:
            timings.observe("connect", "failed", 0.0)
            raise

    def is_usable(self) -> bool:
        """Whether the server has neither closed the connection nor said anything unasked. No round trip."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)
