"""`python -m config.launcher.prepare`: prepare the database for the start. Idempotent.

Notices for the user go to standard output: the first password, or how to reset it.
"""

import logging
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

PROJECT = Path(__file__).resolve().parents[2]
DEMO = 2000  # assessments
QUESTIONNAIRE = "scorecard/content/ai_reality_check.yaml"


def main() -> None:
    try:
        django.setup()
        logging.disable(logging.INFO)  # hide log lines of migrations
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured) as error:
        sys.exit(f"DATABASE_URL cannot be used: {_first_line(error)}")
    try:
        call_command("migrate", verbosity=0)
        call_command("check", stdout=StringIO())
        publish_once()
        check_default()
        if "--demo" in sys.argv[1:]:
            write_demo_once()
        tell_how_to_enter()
    except CommandError as error:
        sys.exit(str(error))
    except DatabaseError as error:
        sys.exit(f"The database cannot be prepared: {_first_line(error)}")


def publish_once() -> None:
    """Publish the bundled questionnaire unless one with its key is published; say so if that differs."""
    from scorecard.content.files import read_questionnaire  # after django.setup()
    from scorecard.definition import freeze, parse
    from scorecard.models import QuestionnaireVersion

    ours = read_questionnaire(PROJECT / QUESTIONNAIRE).definition()
    published = QuestionnaireVersion.objects.filter(questionnaire__key=ours.key).order_by("-number").first()
    if published is None:
        call_command("load_questionnaire", QUESTIONNAIRE, publish=True, stdout=StringIO())
    elif parse(published.definition) != parse(freeze(ours)):
        print(f"{QUESTIONNAIRE} differs from version {published.number}, which stays published.")


def write_demo_once() -> None:
    """Write demonstration data unless there is some, and say how to remove it."""
    from operations.demo.writing import demo_assessments

    if not demo_assessments().exists():
        call_command("generate_demo_data", str(DEMO), yes=True, stdout=StringIO())
    print("With invented leads. To remove them: script/manage generate_demo_data --remove")


def check_default() -> None:
    """Exit if DEFAULT_QUESTIONNAIRE is not published."""
    from scorecard.models import QuestionnaireVersion

    published = set(QuestionnaireVersion.objects.values_list("questionnaire__key", flat=True))
    if settings.DEFAULT_QUESTIONNAIRE not in published:
        sys.exit(f"DEFAULT_QUESTIONNAIRE is not published. Use one of: {', '.join(sorted(published))}.")


def tell_how_to_enter() -> None:
    """Create the first admin and print the password, or print how to reset it if there is one."""
    from accounts.models import User

    said = StringIO()
    call_command("create_first_admin", stdout=said)
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    print(
        said.getvalue() or (admin and f"Lost the password? script/manage changepassword {admin.email}\n"),
        end="",
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


if __name__ == "__main__":
    main()
