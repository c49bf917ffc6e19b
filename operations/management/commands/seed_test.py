from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError

from accounts.models import User
from assessments.errors import Incomplete
from operations.seeds import assessments, users
from operations.seeds.command import SeedCommand
from operations.seeds.users import NewUser
from web.formatting import count_with_noun


class Command(SeedCommand):
    name = "seed_test"
    help = (
        "Make a test user for each role and a test assessment for each state; what is there already stays as "
        "it is. They count in no figure and are sent nowhere. With --role: one user who expires."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--role", help="make one more test user with this role, who expires")
        parser.add_argument("--ttl", type=float, metavar="HOURS", default=24, help="after so many hours (24)")
        parser.add_argument("--reset", action="store_true", help="put users and assessments back first")
        parser.add_argument("--new-passwords", action="store_true", help="for the test users that stay")

    def run(self, options: dict[str, Any]) -> None:
        if options["role"]:
            self.make_ephemeral(options)
        elif options["remove"]:
            self.remove(dry=options["dry_run"])
        else:
            self.seed(options)

    def make_ephemeral(self, options: dict[str, Any]) -> None:
        role, hours = options["role"], options["ttl"]
        if role not in users.PERSISTENT:
            raise CommandError(f"There is no role {role!r}. Choose one of: {', '.join(users.PERSISTENT)}.")
        if not 0 < hours <= 24 * 30:
            raise CommandError("--ttl takes hours, above 0 and up to 720.")
        if not options["dry_run"]:
            self.show(users.create_ephemeral(role, timedelta(hours=hours)))
        self.stdout.write(f"One test user ({role}) who expires after {hours:g} h.")

    def remove(self, *, dry: bool) -> None:
        everyone = User.everyone.filter(is_test=True)
        gone = everyone.count() if dry else users.delete(everyone)
        lost = assessments.seeded().count() if dry else assessments.delete_seeded()
        self.stdout.write(
            f"{count_with_noun(gone, 'test user')}, {count_with_noun(lost, 'assessment')} "
            f"{'would be removed' if dry else 'removed'}."
        )

    def seed(self, options: dict[str, Any]) -> None:
        version, dry = self.version(options), options["dry_run"]
        if options["reset"] and not dry:
            users.reset()
            assessments.delete_seeded()
        roles = users.missing_roles()
        fresh = options["reset"] and dry
        scenarios = list(assessments.SCENARIOS) if fresh else assessments.missing_scenarios()
        whole = len(roles) + len(scenarios)
        if not dry:
            self.make_users(roles, whole)
            if options["new_passwords"]:
                for user in users.persistent().exclude(email__in=map(users.address_of, roles)):
                    self.show(users.renew_password(user))
            try:
                for number, _ in enumerate(assessments.play_all(version, scenarios), len(roles) + 1):
                    self.progress(number, whole)
            except Incomplete as error:
                raise CommandError(f"seed_test cannot finish this questionnaire: {error}") from error
        said = f"{count_with_noun(len(roles), 'test user')}, {count_with_noun(len(scenarios), 'assessment')}"
        self.stdout.write(f"{said} {'would be made' if dry else 'made'}; the others are there already.")

    def make_users(self, roles: list[str], whole: int) -> None:
        for number, role in enumerate(roles, 1):
            try:
                self.show(users.create_persistent(role))
            except IntegrityError as error:
                raise CommandError(f"{users.address_of(role)} is somebody who is no test user.") from error
            self.progress(number, whole)

    def show(self, new: NewUser) -> None:
        self.stdout.write(f"{new.user.email}  password: {new.password}  (shown only now)")
