"""Each way in which PostgreSQL writes values into its log, with our settings and without them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest

from config.embedded import Services, postgres, services
from config.tests.processes import await_that

pytestmark = pytest.mark.processes

PERSONAL = "jane.doe@example.com"
TABLE = "CREATE TEMP TABLE t (email text UNIQUE CHECK (email <> 'taken'), number int)"

Provocation = Callable[[str], None]


def failing(*statements: str, bound: bool = False) -> Provocation:
    """Runs the statements and swallows what the last one raises."""

    def provoke(url: str) -> None:
        with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode(), [PERSONAL] if bound else None)

    return provoke


def refused_copy(url: str) -> None:
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE.encode())
        with connection.cursor().copy("COPY t FROM STDIN") as copy:
            copy.write_row(("somebody", PERSONAL))


def killed_process(url: str) -> None:
    """SIGKILL in the middle of a statement, as the kernel sends it when memory runs out."""
    with psycopg.connect(url) as victim, psycopg.connect(url, autocommit=True) as killer:
        pid = victim.info.backend_pid
        victim.pgconn.send_query(f"SELECT pg_sleep(60), '{PERSONAL}'".encode())
        running = "SELECT query LIKE %s FROM pg_stat_activity WHERE pid = %s AND state = 'active'"
        await_that(lambda: killer.execute(running, [f"%{PERSONAL}%", pid]).fetchone() == (True,))
        with suppress(psycopg.Error):
            killer.execute(f"COPY (SELECT 1) TO PROGRAM 'kill -9 {pid}'".encode())
        # The server writes its line about the dead one first, then ends all others, and starts again.
        await_that(lambda: was_ended(killer), seconds=30)
        with suppress(psycopg.Error):
            victim.close()
    await_that(lambda: answers(url), seconds=30)


def was_ended(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def answers(url: str) -> bool:
    with suppress(psycopg.Error), psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)
    return False


LEAKS: dict[str, Provocation] = {
    "a value of the wrong type": failing(f"SELECT CAST('{PERSONAL}' AS integer)"),
    "a statement": failing(f"SELECT * FROM missing WHERE email = '{PERSONAL}'"),
    "the key that exists": failing(TABLE, f"INSERT INTO t SELECT '{PERSONAL}' FROM generate_series(1, 2)"),
    "the failing row": failing(TABLE, f"INSERT INTO t SELECT 'taken', length('{PERSONAL}')"),
    "a bound value": failing("SELECT CAST(%s AS integer)", bound=True),
    "the line of a COPY": refused_copy,
    "what a killed process ran": killed_process,
}


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Path]]:
    """A server as ours is, and its log."""
    home = tmp_path_factory.mktemp("quiet")
    with services(home, durable=False, redis_url="redis://elsewhere") as found:
        yield found, home / "log" / "postgres.log"


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Path]]:
    """A server that logs as PostgreSQL does by default."""
    home = tmp_path_factory.mktemp("talkative")
    defaults = {name: value for name, value in postgres.SETTINGS.items() if not name.startswith("log_")}
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres, "SETTINGS", defaults)
            found = stack.enter_context(services(home, durable=False, redis_url="redis://elsewhere"))
        yield found, home / "log" / "postgres.log"


def logged(server: tuple[Services, Path], provoke: Provocation) -> str:
    """What the log has more afterwards."""
    found, log = server
    before = len(log.read_text())
    provoke(found.database_url)
    return log.read_text()[before:]


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_no_value_reaches_the_log(quiet: tuple[Services, Path], leak: Provocation) -> None:
    text = logged(quiet, leak)
    assert PERSONAL not in text
    assert "taken" not in text


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_by_default_it_would(talkative: tuple[Services, Path], leak: Provocation) -> None:
    text = logged(talkative, leak)
    assert PERSONAL in text or "Failing row contains (taken" in text


def test_a_slow_statement_is_not_logged(quiet: tuple[Services, Path]) -> None:
    assert PERSONAL not in logged(quiet, failing(f"SELECT pg_sleep(0.2), '{PERSONAL}'"))
