import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import environ
import redis

from config.embedded import ServiceError, Services, services
from config.launcher.environment import LaunchError, Plan, plan
from config.launcher.processes import commands
from config.launcher.readiness import answers, worker_answers

PROJECT = Path(__file__).resolve().parents[2]
LOCAL = PROJECT / ".local"
URLS = LOCAL / "urls.json"
READY_SECONDS = 120
STOP_SECONDS = 8


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_once)
    environ.Env.read_env(PROJECT / ".env")
    given = {"database_url": os.environ.get("DATABASE_URL", ""), "redis_url": os.environ.get("REDIS_URL", "")}
    try:
        say("Starting PostgreSQL and Valkey ..." if not all(given.values()) else "Starting ...")
        with services(LOCAL, durable=True, **given) as found:
            return serve(found)
    except (ServiceError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or LOCAL} cannot be used: {error.strerror or error}.", file=sys.stderr)
        return 1


def stop_once(number: int, _frame: FrameType | None) -> None:
    """The first signal unwinds everything; whatever comes while that goes on changes nothing."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    os.write(1, b"Stopping ...\n")  # print() may be what the signal interrupted
    raise SystemExit(128 + number)


def serve(found: Services) -> int:
    """Prepare the database and run all processes until one of them ends. Raises LaunchError."""
    URLS.unlink(missing_ok=True)
    settled = plan(os.environ, LOCAL)
    environment = found.environment | settled.settings
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
    check_redis(found.redis_url)
    say("Preparing the database ...")
    notice = prepare(environment)
    say("Starting web, worker, beat and the HubSpot simulator ...")
    with running(commands(PROJECT / "Procfile", settled, LOCAL / "hubspot.json"), environment) as process:
        await_ready(process, settled, found.redis_url)
        with announced(settled, notice):
            process.wait()
    raise LaunchError("A process ended, so everything was stopped. The lines above tell why.")


def check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, retry=None) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LaunchError(f"REDIS_URL cannot be used: {error}") from error


def prepare(environment: dict[str, str]) -> str:
    """Migrate, publish, create the first admin; returns what was said, to be said again at the end."""
    command = [sys.executable, "-m", "config.launcher.prepare"]
    result = subprocess.run(  # noqa: S603 (our own module)
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    print(result.stdout, end="", flush=True)
    if result.returncode:
        raise LaunchError("The database could not be prepared. The lines above tell why.")
    return result.stdout


@contextmanager
def running(lines: dict[str, str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "config.launcher.processes", json.dumps(lines)]
    process = subprocess.Popen(  # noqa: S603 (our own module)
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # what it leaves carries our launch id and is ended with the services
            process.wait()


def await_ready(process: subprocess.Popen[bytes], settled: Plan, redis_url: str) -> None:
    """Return when every address and the worker answer, or a process has ended. Raises LaunchError."""
    deadline = time.monotonic() + READY_SECONDS
    missing = list(settled.probes)
    while process.poll() is None:
        missing = [url for url in missing if not answers(url)]
        if not missing and worker_answers(redis_url):
            return
        if time.monotonic() > deadline:
            raise LaunchError(
                f"No answer after {READY_SECONDS} s: {', '.join(missing) or 'the Celery worker'}"
            )
        time.sleep(0.1)


@contextmanager
def announced(settled: Plan, notice: str) -> Iterator[None]:
    """Say where to look, to people and in .local/urls.json, as long as it is there."""
    part = URLS.with_suffix(".part")
    part.write_text(json.dumps(settled.urls, indent=2) + "\n")
    part.replace(URLS)
    labels = {"form": "Form", "admin": "Admin", "hubspot": "HubSpot"}
    lines = [f"{labels[name]:<8} {url}" for name, url in settled.urls.items()]
    say("\n".join(["", "Ready.", *lines, *notice.splitlines(), "Ctrl-C stops everything.", ""]))
    try:
        yield
    finally:
        URLS.unlink(missing_ok=True)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
