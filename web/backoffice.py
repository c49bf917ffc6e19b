"""Declarations by which an AppConfig registers pages, panels and banners in the back office.

`operations` collects them from all apps. Functions are dotted paths, because an AppConfig is loaded before
any model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Place:
    """`AppConfig.places`: an entry of the sidebar, sorted by `order` within its group.

    `permission` is required by its page, '' admits all staff; `queue` names the queue whose rows that need
    attention are counted in the entry.
    """

    group: str
    order: int
    title: str | Promise
    icon: str
    url_name: str
    permission: str = ""
    queue: str = ""


def list_place(group: str, order: int, title: str | Promise, icon: str, model: str, queue: str = "") -> Place:
    """The entry of the changelist of `model` ("app.name"), for users with its view permission."""
    app, name = model.split(".")
    return Place(group, order, title, icon, f"admin:{app}_{name}_changelist", f"{app}.view_{name}", queue)


@dataclass(frozen=True, slots=True)
class Panel:
    """`AppConfig.home_panels`: a part of the dashboard, for users with `permission`.

    `context` is the dotted path of a function (now, request) -> dict, in `template` as `panel`. A `wide` one
    fills the page, the others stand side by side.
    """

    template: str
    context: str
    permission: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class LeadPanel:
    """`AppConfig.lead_panels`: a part of the page of a lead, for users with `permission`.

    `context` is the dotted path of a function (request, lead) -> dict, available in `template` as `panel`.
    """

    template: str
    context: str
    permission: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """`AppConfig.lead_list_links`, `figures_links`: a link above the list of leads or the page of figures.

    It takes the query string of that page along; `arguments` are those of the URL.
    """

    title: str | Promise
    url_name: str
    arguments: tuple[str, ...]
    permission: str


@dataclass(frozen=True, slots=True)
class ExperimentPanel:
    """`AppConfig.experiment_panels`: a part of the page of an experiment, for whoever sees it.

    `context` is the dotted path of a function (experiment) -> dict, available in `template` as `panel`.
    """

    template: str
    context: str


@dataclass(frozen=True, slots=True)
class DraftPanel:
    """`AppConfig.draft_panels`: a part of the page of a questionnaire, for users with `permission`.

    `context` is the dotted path of a function (request, questionnaire) -> dict, in `template` as `panel`.
    """

    template: str
    context: str
    permission: str


@dataclass(frozen=True, slots=True)
class Banner:
    """`AppConfig.banners`: a warning on every admin page, for users with `permission`.

    `rows` is the dotted path of a function () -> QuerySet with `created_at`, called once a process. What
    changes is a `Given` there, its value comes from `given`, of a function () -> dict. While it has rows,
    `words`, the path of a function (count, oldest created_at) -> value, gives what `template` shows as
    `found`.
    """

    name: str
    rows: str
    words: str
    template: str
    permission: str
    given: str = ""


def declarations(kind: str) -> Iterator[Any]:
    """Yield all declarations of this kind, app by app.

    Kinds: `places`, `home_panels`, `lead_panels`, `draft_panels`, `lead_list_links`,
    `figures_links`, `experiment_panels`, `banners`, `metrics`, `figures`, `health_checks`.
    """
    for app in apps.get_app_configs():
        yield from getattr(app, kind, ())
