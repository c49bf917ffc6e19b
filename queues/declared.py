"""Queues declared by apps in `AppConfig.queues`, for the admin and the metrics."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from queues.causes import Cause
from queues.states import UNFINISHED


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue whose model has `status`, `failure_cause`, `created_at` and `QuerySet.need_a_person()`.

    `name` is used in metrics; `noun` names `number` rows with their `count`, `in_need` says in a sentence
    that they need a person. `explain` is the dotted
    path of a function (code, translate) -> Cause. `counts_finished` is off where there are too many finished
    rows to count.
    """

    name: str
    model: str
    title: str | Promise
    noun: Any
    in_need: Any
    explain: str
    counts_finished: bool = True

    @property
    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self._model._default_manager.all()
        return found

    @property
    def counted_rows(self) -> QuerySet[Any]:
        return self.rows if self.counts_finished else self.rows.filter(status__in=UNFINISHED)

    @property
    def states(self) -> tuple[str, ...]:
        """Return the states that are counted."""
        states = tuple(str(value) for value, _ in self._model._meta.get_field("status").choices or ())
        return states if self.counts_finished else tuple(each for each in states if each in UNFINISHED)

    @property
    def need_a_person(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.rows.need_a_person()  # type: ignore[attr-defined]  # as the docstring asks
        return found

    @property
    def url(self) -> str:
        """Return the URL of its admin list."""
        return reverse(f"admin:{self._label}_changelist")

    def cause(self, code: str) -> Cause:
        """The cause in the active language."""
        explain: Callable[..., Cause] = import_string(self.explain)
        return explain(code, gettext)

    def may_be_viewed(self, request: HttpRequest) -> bool:
        meta = self._model._meta
        return request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}")

    def count_in_words(self, number: int) -> str:
        """`1 lead`, `2,000 leads`."""
        return str(self.noun % {"number": number, "count": number_format(number, force_grouping=True)})

    @property
    def _model(self) -> Any:
        return apps.get_model(self.model)

    @property
    def _label(self) -> str:
        return f"{self._model._meta.app_label}_{self._model._meta.model_name}"


def queues() -> Iterator[Queue]:
    """Yield the queues of all apps, in the order of INSTALLED_APPS."""
    for app in apps.get_app_configs():
        yield from getattr(app, "queues", ())


def queue_of(model: type[Model]) -> Queue:
    """The queue that was declared with this model. Raises LookupError."""
    for queue in queues():
        if queue.model == model._meta.label:
            return queue
    raise LookupError(f"No app declares a queue of {model._meta.label}.")
