"""Break one part of a running product, and put it right again: each a context manager on the world."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.db import connection

from backups.making import make_backup
from backups.restoring import opened_backup
from monitoring.timings import timings
from tests.chaos.servers import TOKEN
from tests.chaos.world import World
from tests.migrated import program

TABLE = "mail_queue"
SLEEPERS, SLOW_SECONDS = 16, 1.2


@contextmanager
def without_redis(world: World) -> Iterator[None]:
    """Killed, and started again empty."""
    world.redis.kill()
    yield
    world.redis.start()


@contextmanager
def without_postgres(world: World) -> Iterator[None]:
    """All its processes are killed at once; it recovers from its log."""
    world.postgres.kill()
    yield
    world.postgres.start()


@contextmanager
def without_workers(world: World) -> Iterator[None]:
    for worker in world.workers:
        worker.kill()
    yield
    for worker in world.workers:
        worker.start()


@contextmanager
def without_beat(world: World) -> Iterator[None]:
    (beat,) = (each for each in world.others if each.name == "beat")
    beat.kill()
    yield
    beat.start()


@contextmanager
def full_disk(world: World) -> Iterator[None]:
    """A file takes what is left; on a file system that is not ours PostgreSQL is refused temporary files."""
    if not os.path.ismount(world.directory.parent):
        with connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET temp_file_limit = 0")
            cursor.execute("SELECT pg_reload_conf()")
            yield
            cursor.execute("ALTER SYSTEM RESET temp_file_limit")
            cursor.execute("SELECT pg_reload_conf()")
        return
    ballast = world.directory / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))
    yield
    ballast.unlink()


@contextmanager
def dropped_table(world: World) -> Iterator[None]:
    """With all that hangs on it; brought back as docs/backups.md says, from a backup of just before."""
    make_backup()
    world.postgres.rows(f"DROP TABLE {TABLE} CASCADE")
    yield
    with opened_backup() as (_, dump):
        listed = subprocess.run(
            [program("pg_restore"), "--list", str(dump)], capture_output=True, text=True, check=True
        ).stdout
        wanted = dump.with_name("wanted")
        wanted.write_text("\n".join(line for line in listed.splitlines() if TABLE in line))
        subprocess.run(
            [
                program("pg_restore"),
                *("--no-owner", "--single-transaction", f"--use-list={wanted}"),
                *(f"--dbname={world.postgres.url}", str(dump)),
            ],
            check=True,
        )


@contextmanager
def exhausted_connections(world: World) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        most = int(cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        used = int(cursor.fetchone()[0])
    with ExitStack() as stack:
        for _ in range(most - used - 6):
            other = connection.copy()
            other.ensure_connection()
            stack.callback(other.close)
        yield


@contextmanager
def corrupt_backup(world: World) -> Iterator[None]:
    """One byte differs; a new backup puts it right."""
    part = Path(settings.BACKUPS.to) / make_backup().parts[0].name
    whole = part.read_bytes()
    part.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    yield
    make_backup()


@contextmanager
def slow_statements(world: World) -> Iterator[None]:
    """So many statements at a time that take 1.2 seconds each."""
    over = threading.Event()

    def sleep() -> None:
        with connection.cursor() as cursor:
            while not over.is_set():
                cursor.execute("SELECT pg_sleep(%s)", [SLOW_SECONDS])
                timings.flush(at_once=True)
        connection.close()

    threads = [threading.Thread(target=sleep, daemon=True) for _ in range(SLEEPERS)]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join()


@contextmanager
def wrong_token(world: World) -> Iterator[None]:
    """Workers and doctor have a token that HubSpot refuses; leads come in meanwhile."""
    with restarted_workers(world, "pat-revoked"), mock.patch.object(settings, "HUBSPOT_TOKEN", "pat-revoked"):
        yield


@contextmanager
def restarted_workers(world: World, token: str) -> Iterator[None]:
    for each in (token, TOKEN):
        for worker in world.workers:
            worker.stop()
            worker.environment = {**worker.environment, "HUBSPOT_TOKEN": each}
            worker.start()
        if each == token:
            yield
