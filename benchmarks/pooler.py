"""What PgBouncer costs: statements of pgbench directly and through it, and its own processor time."""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

from config.embedded import services
from tests.migrated import program
from tests.pgbouncer import pooled

CLIENTS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="of each of four turns")
    seconds = parser.parse_args().seconds
    directory = Path(tempfile.mkdtemp(prefix="pooler-"))
    with services(directory, durable=False) as found:
        pgbench("--initialize", "--quiet", found.database_url)
        with pooled(found.database_url, directory, default_pool_size=str(CLIENTS)) as through:
            for _ in range(2):
                told("direct", found.database_url, seconds)
                told("through PgBouncer", through, seconds)


def told(name: str, url: str, seconds: int) -> None:
    before = pooler_seconds()
    options = (f"--client={CLIENTS}", f"--time={seconds}", "--select-only", "--no-vacuum")
    [line] = [line for line in pgbench(*options, url).splitlines() if "actually processed" in line]
    statements = int(line.split(":")[1].split("/")[0])
    cost = (pooler_seconds() - before) / statements
    print(
        f"{name:18} {statements / seconds:8,.0f} statements a second, {1e6 * cost:5.1f} us of PgBouncer each"
    )


def pgbench(*arguments: str) -> str:
    return subprocess.run(  # noqa: S603  # its own program
        [program("pgbench"), *arguments], check=True, capture_output=True, text=True
    ).stdout


def pooler_seconds() -> float:
    """Processor seconds of all PgBouncers of this process."""
    return sum(
        (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        for fields in map(stat_fields, children())
        if fields
    )


def children() -> list[str]:
    [own] = Path(f"/proc/{os.getpid()}/task").glob(str(os.getpid()))
    return (own / "children").read_text().split()


def stat_fields(pid: str) -> list[str]:
    """Those behind the name, of a process that is a PgBouncer."""
    name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    return rest.split() if name.endswith("(pgbouncer") else []


if __name__ == "__main__":
    main()
