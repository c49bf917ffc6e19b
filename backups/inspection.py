"""Look through a restored database: schema, counts, foreign keys, newest rows, sealed values, the erased."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from assessments.models import Assessment
from backups.keys import probe_opens
from backups.manifest import Contents, Manifest, contents
from backups.verification import Check
from encryption.keys import KeyMissing
from privacy.requests.after_restore import addresses_to_erase_again, erase_again, import_erasures


def inspect(manifest: Manifest, erasures: Iterable[str]) -> Iterator[Check]:
    """Every check, even after one that fails. `erasures`: the living product's list, as it prints it."""
    found = contents()
    yield migrations()
    yield tables(found)
    yield counts(manifest.contents, found)
    yield foreign_keys(manifest.contents, found)
    yield newest_row(manifest.contents, found)
    yield sealed_value(manifest)
    yield erased_people(erasures)


def migrations() -> Check:
    """The backup may be older than this release, which `migrate` mends; never newer."""
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown:
        return Check("migrations", False, f"{len(unknown)} are of a newer release: restore with that one")
    left = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Check("migrations", True, f"{left} to apply after a restore" if left else "all applied")


def tables(found: Contents) -> Check:
    wanted = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    missing = sorted(wanted - found.rows.keys())
    return Check(
        "tables", not missing, f"missing: {', '.join(missing)}" if missing else f"all {len(found.rows)}"
    )


def counts(wanted: Contents, found: Contents) -> Check:
    differ = sorted(name for name, rows in wanted.rows.items() if found.rows.get(name) != rows)
    if differ:
        return Check("counts", False, f"rows differ in {', '.join(differ)}")
    return Check("counts", True, f"{sum(found.rows.values()):,} rows in {len(found.rows)} tables, as dumped")


def foreign_keys(wanted: Contents, found: Contents) -> Check:
    """pg_restore adds each one after the rows, so that PostgreSQL has checked every reference."""
    good = found.foreign_keys == wanted.foreign_keys
    return Check("foreign keys", good, f"{found.foreign_keys} valid of {wanted.foreign_keys}")


def newest_row(wanted: Contents, found: Contents) -> Check:
    differ = sorted(name for name, moment in wanted.newest.items() if found.newest.get(name) != moment)
    latest = max(found.newest.values(), default="none")
    return Check("newest row", not differ, f"missing in {', '.join(differ)}" if differ else f"of {latest}")


def sealed_value(manifest: Manifest) -> Check:
    """The manifest's probe, and a real row if there is one."""
    try:
        opens = probe_opens(manifest.sealed_probe)
        row = Assessment.objects.filter(email__isnull=False).first()
    except KeyMissing:
        opens, row = False, None
    words = "FIELD_ENCRYPTION_KEYS opens it" if opens else "FIELD_ENCRYPTION_KEYS lacks its key"
    return Check("sealed value", opens, f"{words}{', and an address' if row else ''}")


def erased_people(erasures: Iterable[str]) -> Check:
    """Erase again whom the backup brings back, look that nobody is left, and roll back: it is a rehearsal."""
    try:
        with transaction.atomic():
            import_erasures(erasures)
            came_back = erase_again()
            left = len(addresses_to_erase_again())
            transaction.set_rollback(True)
    except DatabaseError as error:
        return Check("erased people", False, f"suppress_restored fails: {type(error).__name__}")
    return Check("erased people", not left, f"{came_back} came back and were erased again, {left} left")
