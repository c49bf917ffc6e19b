"""The least that a form can cost: a WSGI program with one SQL statement a request, for `benchmarks.flow`.

It keeps answers as JSON under a random key, as the product does, and checks, limits, logs and tells nothing.
"""

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

TABLE = """
CREATE TABLE IF NOT EXISTS bare_runs (
    key text PRIMARY KEY, responses jsonb NOT NULL DEFAULT '{}', email text, ended_at timestamptz
)
"""
START = "INSERT INTO bare_runs (key) VALUES (%s) RETURNING key"
SAVE = "UPDATE bare_runs SET responses = responses || %s::jsonb WHERE key = %s RETURNING responses"
SUBMIT = "UPDATE bare_runs SET email = %s, ended_at = now() WHERE key = %s RETURNING responses"

local = threading.local()


def run(statement: str, *parameters: Any) -> Any:
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    row = local.connection.execute(statement.encode(), parameters).fetchone()
    return row[0]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    sent = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
    key = environ.get("HTTP_COOKIE", "").rpartition("run=")[2]
    match environ["PATH_INFO"].rpartition("/")[2]:
        case "start":
            key = secrets.token_urlsafe(32)
            answer = run(START, key)
        case "submit":
            answer = run(SUBMIT, sent["contact"]["email"], key)
        case "save-progress":
            answer = run(SAVE, json.dumps(sent["responses"]), key)
        case _:
            answer = "ready"
    body = json.dumps({"answer": answer}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", [*headers, ("Set-Cookie", f"run={key}; HttpOnly")])
    return [body]
