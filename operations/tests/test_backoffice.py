"""Who may enter which page of the back office, and what leads there."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from constance import config
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import ROLES
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from experiments.models import Experiment
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tests.factories import failed_item
from leads.models import Lead, LeadEvent
from tests.tokens import without_tokens
from web.read_only_admin import ListedLookups

pytestmark = pytest.mark.django_db

MOMENT = re.compile(r"(\b\d{4}, \d\d?:\d\d\b(?::\d\d)?|[ap]\.m\.)( UTC)?")
OWN_PAGES = {"/admin/", "/admin/password_change/"}
OWN_NAMES = ("leads_figures", "leads_figures_json", "leads_sandbox")
EXPORTED = ("leads", "figures")
SALES = {
    *OWN_PAGES,
    "leads_lead_changelist",
    "leads_lead_change",
    "leads_lead_history",
    "hubspot_sync_syncqueueitem_changelist",
    "hubspot_sync_syncqueueitem_change",
    "hubspot_sync_syncqueueitem_history",
    "hubspot_sync_hubspoterasure_changelist",
    "hubspot_sync_hubspoterasure_change",
    "hubspot_sync_hubspoterasure_history",
    "mailings_mail_changelist",
    "mailings_mail_change",
    "mailings_mail_history",
    *("leads_figures", "leads_figures_json"),
    "/admin/leads/",
    "/admin/hubspot_sync/",
    "/admin/mailings/",
}
OPERATORS = {
    *SALES,
    "exports_export_changelist",
    "exports_export_order figures",
    "leads_sandbox",
    "/admin/exports/",
    "hubspot_sync_reconciliation_changelist",
    "hubspot_sync_reconciliation_change",
    "hubspot_sync_reconciliation_history",
    "assessments_assessmentsession_changelist",
    "assessments_assessmentsession_change",
    "assessments_assessmentsession_history",
    "/admin/assessments/",
    *(f"experiments_experiment_{page}" for page in ("changelist", "add", "change", "history", "delete")),
    "/admin/experiments/",
    "scorecard_questionnaire_changelist",
    "scorecard_questionnaire_change",
    "scorecard_questionnaire_history",
    "scorecard_questionnaireversion_changelist",
    "scorecard_questionnaireversion_change",
    "scorecard_questionnaireversion_history",
    "audit_systemlog_changelist",
    "audit_systemlog_change",
    "audit_systemlog_history",
    "privacy_scrubcertificate_changelist",
    "privacy_scrubcertificate_change",
    "privacy_scrubcertificate_history",
    "/admin/privacy/",
    "constance_config_changelist",
    "constance_config_add",  # the same page
    "constance_config_history",
    "/admin/scorecard/",
    "/admin/audit/",
    "/admin/constance/",
    *(f"django_celery_beat_periodictask_{page}" for page in ("changelist", "change", "history")),
    *(f"django_celery_beat_intervalschedule_{page}" for page in ("changelist", "add", "change", "history")),
    *(f"django_celery_beat_crontabschedule_{page}" for page in ("changelist", "add", "change", "history")),
    "/admin/django_celery_beat/",
    *(f"webhooks_webhook_{page}" for page in ("changelist", "add", "change", "history", "delete")),
    *(f"webhooks_webhookcall_{page}" for page in ("changelist", "change", "history")),
    "/admin/webhooks/",
}
EXPORTS = {
    "exports_export_changelist",
    "exports_export_order leads",
    "exports_export_order figures",
    "/admin/exports/",
}  # everybody sees their own rows alone
PRIVACY = {
    *OWN_PAGES,
    "/admin/persons/",
    *(f"hubspot_sync_hubspoterasure_{page}" for page in ("changelist", "change", "history")),
    *(f"privacy_scrubcertificate_{page}" for page in ("changelist", "change", "history")),
    *(f"audit_systemlog_{page}" for page in ("changelist", "change", "history")),
    *(f"leads_leadevent_{page}" for page in ("changelist", "change", "history")),
    *("/admin/hubspot_sync/", "/admin/privacy/", "/admin/audit/", "/admin/leads/", "/admin/data-map/"),
}
EDITORS = {
    *OWN_PAGES,
    *(f"scorecard_questionnaire_{page}" for page in ("changelist", "change", "history")),
    *(f"scorecard_questionnaireversion_{page}" for page in ("changelist", "change", "history")),
    *(f"experiments_experiment_{page}" for page in ("changelist", "add", "change", "history", "delete")),
    *("leads_sandbox", "/admin/scorecard/", "/admin/experiments/"),
}
ROLES_AND_PAGES = {
    "Sales": SALES,
    "Sales lead": SALES | EXPORTS,
    "Content editor": EDITORS,
    "Privacy": PRIVACY,
    "Operator": OPERATORS,
}
ACTIONS = {  # what is posted, and who may; the others are refused
    "leads_lead_claim": {"Sales", "Sales lead"},
    "leads_lead_release": {"Sales", "Sales lead"},
    "leads_lead_record": {"Sales", "Sales lead"},
    "leads_lead_correct": {"Sales", "Sales lead"},
    "experiments_experiment_start": {"Content editor", "Operator"},
    "experiments_experiment_stop": {"Content editor", "Operator"},
    "hubspot_sync_lead_send": {"Sales", "Sales lead", "Operator"},
    "hubspot_sync_lead_settle": {"Sales", "Sales lead", "Operator"},
    "hubspot_sync_syncqueueitem_send_again": {"Operator"},
    "hubspot_sync_hubspoterasure_send_again": {"Operator"},
    "mailings_mail_send_again": {"Operator"},
    "webhooks_webhookcall_send_again": {"Operator"},
    "exports_export_send_again": set(),
}


def pages() -> Iterator[tuple[str, str]]:
    """(name, path) of every page of every registered model, of every app, and of our own."""
    admin.autodiscover()  # as config/urls.py does
    request = RequestFactory().get("/admin/")
    for model, model_admin in admin.site._registry.items():
        label, name = model._meta.app_label, model._meta.model_name
        for page in ("changelist", "add", "change", "history", "delete"):
            needs_row = page in ("change", "history", "delete") and label != "constance"  # it has no rows
            row = model_admin.get_queryset(request).values_list("pk").first() if needs_row else ()
            with suppress(NoReverseMatch):
                yield f"{label}_{name}_{page}", reverse(f"admin:{label}_{name}_{page}", args=row)
        yield f"/admin/{label}/", f"/admin/{label}/"
    yield from ((path, path) for path in (*OWN_PAGES, "/admin/data-map/", "/admin/persons/"))
    yield from ((name, reverse(f"admin:{name}")) for name in OWN_NAMES)
    for kind in EXPORTED:
        yield f"exports_export_order {kind}", reverse("admin:exports_export_order", args=[kind])


@pytest.mark.usefixtures("everything")
def test_every_moment_says_its_zone(admin_client: Client) -> None:
    kinds = ("_changelist", "_change", "_history")
    shown = {name: admin_client.get(path).content.decode() for name, path in pages() if name.endswith(kinds)}
    moments = {name: set(MOMENT.findall(page)) for name, page in shown.items()}
    assert [name for name, found in moments.items() if not all(zone.strip() for _, zone in found)] == []
    told = ("mailings_mail", "hubspot_sync_hubspoterasure", "privacy_scrubcertificate", "audit_systemlog")
    assert [name for name in told if not moments[f"{name}_change"]] == []


def opened_by(client: Client) -> set[str]:
    answers = {name: client.get(path).status_code for name, path in pages()}
    assert set(answers.values()) <= {200, 302, 403, 404}
    return {name for name, status in answers.items() if status == 200}


@pytest.mark.parametrize("role", ROLES_AND_PAGES)
@pytest.mark.usefixtures("everything")
def test_each_role_opens_exactly_its_pages(role: str) -> None:
    assert opened_by(logged_in(member(role))) == ROLES_AND_PAGES[role]


def test_every_role_is_crawled() -> None:
    assert set(ROLES_AND_PAGES) == set(ROLES)


@pytest.mark.usefixtures("everything")
def test_an_administrator_opens_what_every_role_opens() -> None:
    assert opened_by(logged_in(member("Administrator"))) >= set().union(*ROLES_AND_PAGES.values())


@pytest.mark.parametrize("role", ROLES_AND_PAGES)
@pytest.mark.usefixtures("everything")
def test_each_role_does_exactly_what_it_may(role: str) -> None:
    browser = logged_in(member(role))
    lead, experiment = Lead.objects.leads().get().pk, Experiment.objects.get().pk

    def address(name: str) -> str:
        of = lead if "_lead_" in name else experiment if "_experiment_" in name else None
        return reverse(f"admin:{name}", args=[of] if of else ())

    refused = {name for name in ACTIONS if browser.post(address(name)).status_code == 403}
    assert refused == {name for name, roles in ACTIONS.items() if role not in roles}


@pytest.mark.usefixtures("everything")
def test_contact_details_are_masked_for_who_does_not_need_them(hot_lead: Assessment) -> None:
    operator = logged_in(member("Operator"))
    change = reverse("admin:leads_lead_change", args=[hot_lead.pk])
    queue = reverse("admin:hubspot_sync_syncqueueitem_changelist")
    item = reverse("admin:hubspot_sync_syncqueueitem_change", args=[SyncQueueItem.objects.get().pk])
    for path in ("/admin/leads/lead/?tab=all", change, "/admin/leads/lead/?tab=all&q=nobody", queue, item):
        page = without_tokens(operator.get(path, follow=True).content.decode())
        assert [word for word in ("Ada", "Lovelace", "engines", "7946") if word in page] == [], path
    assert "a***@e***" in operator.get(change).content.decode()
    assert not LeadEvent.objects.filter(kind="viewed").exists()


@pytest.mark.usefixtures("everything")
def test_no_filter_tells_an_operator_who_somebody_is(hot_lead: Assessment) -> None:
    operator = logged_in(member("Operator"))
    answer = operator.get("/admin/leads/lead/?tab=all&company=Analytical")
    assert (answer.status_code, answer.headers.get("Location", "")[-4:]) in {(302, "?e=1"), (400, "")}


@pytest.mark.usefixtures("everything")
def test_staff_without_a_role_open_nothing_but_their_own(db: None) -> None:
    newcomer = logged_in(User.objects.create_user("new@example.com", is_staff=True))
    assert opened_by(newcomer) == OWN_PAGES


@pytest.mark.usefixtures("everything")
def test_who_is_no_staff_is_asked_to_log_in(client: Client) -> None:
    assert opened_by(client) == set()


def places(client: Client) -> list[str]:
    groups = client.get("/admin/").context["sidebar_navigation"]
    return [item["title"] for group in groups for item in group["items"]]


def test_the_sidebar_holds_what_one_may_open_in_the_order_of_need(sales: Client, operator: Client) -> None:
    assert places(sales) == ["Dashboard", "Leads", "Figures", "Sync queue", "Mails", "Erasures"]
    assert places(operator) == [
        *("Dashboard", "Leads", "Figures", "Sync queue", "Mails", "Erasures", "Exports"),
        *("In progress", "Experiments", "Questionnaires", "Score sandbox", "Published versions"),
        *("Comparisons", "Settings", "Schedule", "System log", "Scrub certificates"),
        *("Webhooks", "Webhook calls"),
    ]


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("/admin/", ["Dashboard"]),
        ("/admin/leads/lead/", ["Leads"]),
        ("/admin/leads/lead/figures/", ["Figures"]),
        ("/admin/password_change/", []),
    ],
)
def test_the_sidebar_marks_the_current_page_alone(sales: Client, page: str, place: list[str]) -> None:
    sidebar = sales.get(page).content.decode().partition('id="nav-sidebar-apps"')[2].partition("</nav>")[0]
    marked = re.findall(r'aria-current="page" class="[^"]* active">.*?<span>(.*?)</span>', sidebar, re.DOTALL)
    assert marked == place
    assert sidebar.count('aria-current="page"') == sidebar.count(' active"') == len(place)


def test_the_page_of_a_lead_belongs_to_the_leads(sales: Client, hot_lead: Assessment) -> None:
    groups = sales.get(f"/admin/leads/lead/{hot_lead.pk}/change/").context["sidebar_navigation"]
    assert [item["title"] for group in groups for item in group["items"] if item["active"]] == ["Leads"]


def test_every_place_of_the_sidebar_opens(admin_client: Client) -> None:
    groups = admin_client.get("/admin/").context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]
    assert [admin_client.get(link).status_code for link in links] == [200] * 24


def test_the_queue_says_how_many_need_a_person(sales: Client, hot_lead: Assessment) -> None:
    def badges() -> list[int]:
        groups = sales.get("/admin/").context["sidebar_navigation"]
        return [item["badge"] for group in groups for item in group["items"] if "badge" in item]

    assert badges() == []
    failed_item(hot_lead)
    assert badges() == [1]


def test_leads_at_risk_stand_on_every_page(sales: Client, hot_lead: Assessment) -> None:
    pages = ["/admin/", "/admin/leads/lead/", f"/admin/leads/lead/{hot_lead.pk}/change/"]
    assert not [page for page in pages if "may be lost" in sales.get(page).content.decode()]
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=25))
    assert [page for page in pages if "may be lost" not in sales.get(page).content.decode()] == []


def test_when_leads_are_at_risk_follows_the_setting(sales: Client, hot_lead: Assessment) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=12))
    assert "may be lost" not in sales.get("/admin/").content.decode()
    config.DELIVERY_ALARM_DAYS = 10
    assert "may be lost" in sales.get("/admin/").content.decode()


def test_an_operator_changes_a_setting(operator: Client) -> None:
    page = operator.get("/admin/constance/config/")
    form = page.context["form"]
    values = {name: field.initial for name, field in form.fields.items()} | {
        name: value for name, value in form.initial.items() if value is not None
    }
    sent = {name: value for name, value in values.items() if value is not False} | {"EMAIL_PATIENCE_HOURS": 9}
    assert operator.post("/admin/constance/config/", sent).status_code == 302
    assert operator.get("/admin/constance/config/").context["form"].initial["EMAIL_PATIENCE_HOURS"] == 9


HIDDEN = {
    "leads_lead": (
        "session_id__startswith",
        "ip_address_hash__startswith",
        "privacy_links__token_hash__startswith",
    ),
    "assessments_assessmentsession": ("email", "user_agent__contains", "token__startswith"),
    "hubspot_sync_syncqueueitem": ("assessment__email", "assessment__session_id__startswith"),
    "mailings_mail": ("assessment__email",),
}


@pytest.mark.parametrize(("name", "lookup"), [(name, each) for name, all in HIDDEN.items() for each in all])
@pytest.mark.usefixtures("everything")
def test_a_list_cannot_be_filtered_by_what_it_does_not_show(operator: Client, name: str, lookup: str) -> None:
    answer = operator.get(reverse(f"admin:{name}_changelist"), {lookup: "a"})
    assert (answer.status_code, answer.headers.get("Location", "")[-4:]) in {(302, "?e=1"), (400, "")}


def test_every_list_allows_its_own_filters_alone() -> None:
    admin.autodiscover()  # as config/urls.py does
    open_ones = [model for model, one in admin.site._registry.items() if not isinstance(one, ListedLookups)]
    assert [model._meta.label for model in open_ones] == ["constance.Config"]  # settings, not rows


@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("accounts_user", "password__startswith"),
        ("auth_group", "user__email__startswith"),
        ("experiments_experiment", "variants__exposures__visitor_key__startswith"),
        ("django_celery_beat_periodictask", "kwargs__startswith"),
    ],
)
def test_not_even_by_an_administrator(admin_client: Client, name: str, lookup: str) -> None:
    answer = admin_client.get(reverse(f"admin:{name}_changelist"), {lookup: "a"})
    assert (answer.status_code, answer.headers.get("Location", "")[-4:]) in {(302, "?e=1"), (400, "")}


def test_users_are_filtered_by_group(admin_client: Client) -> None:
    group = Group.objects.get(name="Sales")
    answer = admin_client.get(reverse("admin:accounts_user_changelist"), {"groups__id__exact": group.pk})
    assert answer.status_code == 200


@pytest.mark.usefixtures("everything")
def test_the_filters_of_a_list_still_work(operator: Client) -> None:
    for query in (
        {"quality": "basic"},
        {"sync": "failed"},
        {"category": "crisis"},
    ):
        assert operator.get(reverse("admin:leads_lead_changelist"), query).status_code == 200


def test_a_search_of_a_queue_looks_beyond_what_it_opens_on(operator: Client, hot_lead: Assessment) -> None:
    item = failed_item(hot_lead)
    SyncQueueItem.objects.filter(pk=item.pk).update(status="done", failure_cause="")
    path = reverse("admin:hubspot_sync_syncqueueitem_changelist")
    assert "Lovelace" not in operator.get(path).content.decode()
    assert "Lovelace" in operator.get(path, {"q": "Lovelace"}).content.decode()
