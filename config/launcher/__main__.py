"""`python -m config.launcher`, or script/server: see config/launcher/__init__.py."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import redis
from celery import Celery

from config.embedded import ServiceError, Services, services
from config.env_file import read_env_file
from config.launcher import processes
from config.launcher.commands import commands
from config.launcher.environment import (
    NOTE,
    LaunchError,
    LaunchPlan,
    announce_environment,
    plan,
    service_urls,
)
from config.launcher.readiness import answers

PROJECT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120
STOP_SECONDS = 8
WATCH_SECONDS = 0.3
LINES = 20


def main(arguments: list[str]) -> int:
    """Run the product; returns the exit code: 1 after a one-line error, 128 + n after signal n."""
    parser = argparse.ArgumentParser(
        prog="script/server",
        description="The whole product on this machine, for this machine only.",
        epilog="PORT=8001 script/server moves the form. Ctrl-C stops everything.",
    )
    parser.add_argument("--directory", type=Path, default=PROJECT / ".local", help="where the data is kept")
    parser.add_argument("--demo", action="store_true", help="with invented leads, to look at the product")
    options = parser.parse_args(arguments)
    directory = options.directory.absolute()
    urls = directory / "urls.json"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_once)
    read_env_file(PROJECT / ".env")
    try:
        database, redis_ = service_urls(os.environ)
        say("Starting PostgreSQL and Valkey ..." if not (database and redis_) else "Starting ...")
        with services(
            directory,
            durable=True,
            database_url=database,
            redis_url=redis_,
            announcements=[urls, directory / NOTE],
        ) as found:
            return serve_until_one_ends(found, directory, urls, demo=options.demo)
    except (ServiceError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or directory} cannot be used: {error.strerror or error}.", file=sys.stderr)
        return 1


def stop_once(number: int, _frame: FrameType | None) -> None:
    """Signal handler: the first signal starts the shutdown, later ones are ignored."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    with suppress(OSError):
        os.write(1, b"Stopping ...\n")  # print() is not reentrant
    raise SystemExit(128 + number)


def serve_until_one_ends(found: Services, directory: Path, urls: Path, *, demo: bool = False) -> int:
    """Prepare the database and run all processes until one of them ends. Raises LaunchError."""
    settled = plan(os.environ, directory)
    environment = found.environment | settled.settings
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
    announce_environment(directory, environment)
    check_redis(found.redis_url)
    say("Preparing the database ...")
    notice = prepare(environment, *(["--demo"] if demo else []))
    say("Starting web, worker, beat and the HubSpot simulator ...")
    lines = commands(
        PROJECT / "Procfile",
        simulator_port=settled.simulator_port,
        state=directory / "hubspot.json",
        mailbox=settled.mailbox,
    )
    environment["SKIP_CHECKS"] = "true"  # for Celery: the database was prepared with them
    log = directory / "log" / "product.log"
    try:
        with running_processes(lines, environment, log) as process:
            if await_ready(process, settled, found.redis_url):
                announce_urls(urls, settled, notice, log)
                notice = ""
                await_end(process, directory)
    finally:
        print(notice, end="", flush=True)  # also after a failure: a password is shown once
    print(last_lines(log), end="", file=sys.stderr)
    raise LaunchError("A process ended, so everything was stopped. The lines above say why.")


def check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, retry=None) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LaunchError(f"REDIS_URL cannot be used: {error}") from error


def prepare(environment: dict[str, str], *arguments: str) -> str:
    """Migrate, publish, create the first admin; returns a notice for the user."""
    command = [sys.executable, "-m", "config.launcher.prepare", *arguments]
    result = subprocess.run(  # noqa: S603  # our own module
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    if result.returncode:
        print(result.stdout, end="", flush=True)
        raise SystemExit(result.returncode)  # it has printed the reason
    return result.stdout


@contextmanager
def running_processes(
    lines: dict[str, str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run all processes, which write to `log`, until the block ends."""
    command = [sys.executable, processes.__file__, json.dumps(lines)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own module
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # orphans have our launch id and are ended with the services
            process.wait()


def await_end(process: subprocess.Popen[bytes], directory: Path) -> None:
    """Return when a process has ended. Raises LaunchError if the directory has been removed."""
    while process.poll() is None:
        if not (directory / "services.json").exists():
            raise LaunchError(f"{directory} is gone, so everything was stopped. Start it again.")
        time.sleep(WATCH_SECONDS)


def last_lines(log: Path) -> str:
    """The last lines of the log."""
    return "".join(log.read_text(errors="replace").splitlines(keepends=True)[-LINES:])


def await_ready(process: subprocess.Popen[bytes], settled: LaunchPlan, redis_url: str) -> bool:
    """Wait until every URL and the worker respond; False if a process has ended. Raises LaunchError."""
    deadline = time.monotonic() + READY_SECONDS
    missing = list(settled.probes)
    while process.poll() is None:
        missing = [url for url in missing if not answers(url)]
        if not missing and worker_answers(redis_url):
            return True
        if time.monotonic() > deadline:
            raise LaunchError(
                f"No answer after {READY_SECONDS} s: {', '.join(missing) or 'the Celery worker'}"
            )
        time.sleep(0.1)
    return False


def worker_answers(redis_url: str) -> bool:
    with Celery(broker=redis_url, set_as_current=False) as app:
        return bool(app.control.ping(timeout=1, limit=1))


def announce_urls(urls: Path, settled: LaunchPlan, notice: str, log: Path) -> None:
    """Print the URLs, and write them to the file `urls`."""
    part = urls.with_suffix(".part")
    part.write_text(json.dumps(settled.urls, indent=2) + "\n")
    part.replace(urls)
    labels = {"form": "Form", "admin": "Admin", "hubspot": "HubSpot", "mail": "Mail"}
    lines = [f"{labels[name]:<8} {url}" for name, url in settled.urls.items()]
    lines += [*notice.splitlines(), f"Ctrl-C stops everything. What the processes say: {log}", ""]
    say("\n".join(["", "Ready.", *lines]))


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
