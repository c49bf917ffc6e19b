"""seed_demo and seed_test: nothing twice, nothing in production, nothing in a figure."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.roles import ADMINISTRATOR, ROLES
from assessments.models import Assessment
from audit.models import SystemLog
from hubspot_sync.models import SyncQueueItem
from leads.tabs import call_now
from mailings.models import Mail
from operations.figures import all_figures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version")]


def run(name: str, *arguments: str) -> str:
    said = StringIO()
    call_command(name, *arguments, stdout=said, stderr=StringIO())
    return said.getvalue()


def test_each_role_has_a_test_user_and_each_state_an_assessment() -> None:
    said = run("seed_test")
    found = User.everyone.filter(is_test=True)
    assert {user.groups.get().name for user in found} == {ADMINISTRATOR, *ROLES}
    assert said.count("password: ") == found.count()
    categories = set(Assessment.objects.completed().values_list("score_category", flat=True))
    assert categories == {"champion", "builder", "risk_zone", "alert", "crisis"}
    assert Assessment.objects.filter(completed_at=None).count() == 1
    assert {tuple(found.doubts) for found in Assessment.objects.all()} == {("test",)}


def test_a_second_run_makes_nothing() -> None:
    run("seed_test")
    before = set(Assessment.objects.values_list("pk", flat=True))
    assert run("seed_test").startswith("0 test users, 0 assessments made")
    assert set(Assessment.objects.values_list("pk", flat=True)) == before


def test_tests_are_in_no_figure_no_list_and_sent_nowhere() -> None:
    before = all_figures(timezone.now())
    run("seed_test")
    after = all_figures(timezone.now())
    assert after.pop("marked") != before.pop("marked")
    assert after == before
    assert not call_now().exists()
    assert not SyncQueueItem.objects.exists()
    assert not Mail.objects.exists()


def test_reset_puts_users_and_assessments_back() -> None:
    run("seed_test")
    user = User.everyone.get(email="test-sales@test.example")
    user.groups.clear()
    user.full_name = "Somebody"
    user.save()
    before = set(Assessment.objects.values_list("pk", flat=True))
    run("seed_test", "--reset")
    user.refresh_from_db()
    assert (user.full_name, user.groups.get().name) == ("Test Sales", "Sales")
    assert before.isdisjoint(Assessment.objects.values_list("pk", flat=True))


def test_new_passwords_are_shown_once() -> None:
    run("seed_test")
    old = User.everyone.get(email="test-sales@test.example").password
    assert run("seed_test", "--new-passwords").count("password: ") == len(ROLES) + 1
    assert User.everyone.get(email="test-sales@test.example").password != old


def test_one_who_expires() -> None:
    assert "password: " in run("seed_test", "--role", "Sales", "--ttl", "2")
    expires_at = User.everyone.get(is_test=True).expires_at
    assert expires_at
    assert 7100 < (expires_at - timezone.now()).total_seconds() < 7300


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--role", "Nobody"), "no role 'Nobody'"), (("--role", "Sales", "--ttl", "0"), "takes hours")],
)
def test_a_slip_is_told_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("seed_test", *arguments)


def test_an_address_of_somebody_real_is_left_alone() -> None:
    User.objects.create_user("test-sales@test.example")
    with pytest.raises(CommandError, match="no test user"):
        run("seed_test")


def test_demo_data_is_written_up_to_the_number() -> None:
    assert run("seed_demo", "--number", "20").startswith("20 assessments made")
    assert run("seed_demo", "--number", "20").startswith("0 assessments made")
    assert run("seed_demo", "--number", "25").startswith("5 assessments made")
    assert Assessment.objects.count() == 25
    run("seed_demo", "--remove")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("seed_demo",),
        ("seed_demo", "--remove"),
        ("seed_test",),
        ("seed_test", "--reset"),
        ("seed_test", "--remove"),
        ("seed_test", "--role", "Sales"),
    ],
)
def test_a_dry_run_changes_nothing(arguments: tuple[str, ...]) -> None:
    run("seed_test")
    before = list(Assessment.objects.order_by("pk").values()), list(User.everyone.order_by("pk").values())
    assert "Dry run: nothing was changed." in run(*arguments, "--dry-run")
    assert before == (
        list(Assessment.objects.order_by("pk").values()),
        list(User.everyone.order_by("pk").values()),
    )


def test_what_was_seeded_is_removed() -> None:
    run("seed_test")
    assert f"{len(ROLES) + 1} test users, 7 assessments removed." in run("seed_test", "--remove")
    assert not User.everyone.exists()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("name", ["seed_demo", "seed_test"])
def test_production_wants_force_and_a_reason(name: str, settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    for arguments in ((), ("--force",), ("--reason", "why"), ("--force", "--reason", "  ")):
        with pytest.raises(CommandError, match="--reason"):
            run(name, *arguments)
    assert not Assessment.objects.exists()
    run(name, "--force", "--reason", "a rehearsal")
    assert SystemLog.objects.get(event_type="seed_forced").data == {"name": name, "reason": "a rehearsal"}
    assert Assessment.objects.exists()


def test_production_may_be_asked_what_would_be_done(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    assert "7 assessments would be made" in run("seed_test", "--dry-run")
