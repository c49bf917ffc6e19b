"""`... tests.chaos.prepare [--account]`: a database as after an installation, an account that knows us.

The run-time limits are out of the way. With --account the database is left as it is.
"""

import sys
from io import StringIO

from constance import config
from django.conf import settings
from django.core.management import call_command

from config.launcher import prepare

UNLIMITED = 1_000_000


def main(arguments: list[str]) -> None:
    if "--account" not in arguments:
        prepare.main()
        for name in settings.CONSTANCE_CONFIG:
            if name.startswith("LIMIT_"):
                setattr(config, name, UNLIMITED)
    call_command("hubspot_setup", stdout=StringIO())


if __name__ == "__main__":
    main(sys.argv[1:])
