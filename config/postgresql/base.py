"""Django's PostgreSQL backend, which looks at an idle connection instead of asking whether it lives.

Django asks `SELECT 1` before the first statement of every request. A server that stopped or was killed has
closed its end, and what it said last lies in the socket: on an idle connection there is nothing to read else.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server has neither closed the connection nor said anything unasked. No round trip."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)
