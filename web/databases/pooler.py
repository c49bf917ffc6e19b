"""Whether a pooler between us and PostgreSQL gives each transaction another session."""

from typing import Any

import psycopg


def is_pooled_by_transaction(parameters: dict[str, Any]) -> bool:
    """Whether two connections share a session, or one moves between several.

    `parameters` are those of `psycopg.connect`. Opens two connections; raises psycopg.Error.
    """
    with psycopg.connect(**parameters, autocommit=True) as one, psycopg.connect(**parameters) as other:
        own = session(one)
        shared = session(other) == own  # in a transaction: a pooler gave it what `one` had before
        other.commit()
        return shared or any(session(one) != own for _ in range(2))  # a pooler may give sessions in turn


def session(connection: psycopg.Connection[Any]) -> int:
    """The process of PostgreSQL that answers."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return int(row[0]) if row else 0
