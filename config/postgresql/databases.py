"""The databases: PostgreSQL, which holds all durable state, and a replica of it for reads that may lag."""

from typing import Any

from config import connections
from config import environment as env

# Beyond these timeouts, the caller has given up.
TIMEOUTS = {
    "web": "-c statement_timeout=5s -c lock_timeout=1s -c idle_in_transaction_session_timeout=10s",
    "worker": "-c statement_timeout=30s -c lock_timeout=2s -c idle_in_transaction_session_timeout=30s",
    "command": "-c lock_timeout=5s",
}
# Seconds. Workers reuse their connection across tasks: 200 tasks open 4 connections instead of 200.
LIFETIMES = {"web": 60, "worker": 600, "command": 0}
CONNECT_SECONDS = 2  # to the replica: the primary can answer in its place


def sends_timeouts() -> bool:
    """Whether connections ask for timeouts, which PgBouncer refuses, and prepare statements: see docs."""
    return env.switch("DATABASE_SEND_TIMEOUTS", default=True)


def read_databases(address: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` at this URL and, with DATABASE_REPLICA_URL, `replica`."""
    found = {"default": entry("DATABASE_URL", address)}
    if replica := env.text("DATABASE_REPLICA_URL"):
        found["replica"] = entry("DATABASE_REPLICA_URL", replica) | {"TEST": {"MIRROR": "default"}}
        found["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", CONNECT_SECONDS)
    return found


def entry(name: str, address: str) -> dict[str, Any]:
    profile = env.choice("DATABASE_PROFILE", "command", tuple(TIMEOUTS))
    options = f"{TIMEOUTS[profile]} {connections.PLANS}" if sends_timeouts() else ""
    return connections.database(name, address, options) | {
        "CONN_MAX_AGE": LIFETIMES[profile],
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # safe behind PgBouncer in transaction mode
    }
