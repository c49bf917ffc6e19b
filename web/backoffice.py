"""What an app declares of itself to the back office, in its AppConfig. `operations` asks all apps.

Dotted paths instead of functions: an AppConfig is loaded before any model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Place:
    """`AppConfig.places`: one entry of the sidebar, in its group by `order`.

    `permission` is what its page asks for, '' lets all staff in; `queue` names the queue of which the entry
    tells how many rows need a person.
    """

    group: str
    order: int
    title: str
    icon: str
    url_name: str
    permission: str = ""
    queue: str = ""


def list_place(group: str, order: int, title: str, icon: str, model: str, queue: str = "") -> Place:
    """The place of the list of `model` ("app.name"), for those who may view it."""
    app, name = model.split(".")
    return Place(group, order, title, icon, f"admin:{app}_{name}_changelist", f"{app}.view_{name}", queue)


@dataclass(frozen=True, slots=True)
class Panel:
    """`AppConfig.home_panels`: a part of the first page, for those with `permission`.

    `context` is the path of a function (now) -> dict; `template` finds its values as `panel`.
    """

    template: str
    context: str
    permission: str


@dataclass(frozen=True, slots=True)
class Banner:
    """`AppConfig.banners`: a warning on every page of the admin, for those with `permission`.

    `rows` is the path of a function () -> QuerySet with `created_at`; while it has any, `words` is asked for
    what to say: the path of a function (count, oldest created_at) -> value, in `template` as `found`.
    """

    name: str
    rows: str
    words: str
    template: str
    permission: str


def declared(kind: str) -> Iterator[Any]:
    """Everything of this kind (`places`, `home_panels`, `banners`, `metrics`), app by app."""
    for app in apps.get_app_configs():
        yield from getattr(app, kind, ())
