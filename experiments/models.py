"""A/B tests of wording: experiments, their variants, and exposures.

An exposure records that one visitor saw a variant. Its key is a keyed hash of a random number in the
visitor's cookie, which deduplicates exposures. The scrub clears the key; the row remains as a count.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Placement(models.TextChoices):
    LANDING_HEADLINE = "landing_headline", _("Headline of the landing page")
    CALL_TO_ACTION = "call_to_action", _("Start button of the landing page")
    MAIL_SUBJECT = "mail_subject", _("Subject of the mail with the result")

    @property
    def longest(self) -> int:
        """The maximum length of a wording, in characters."""
        return {Placement.LANDING_HEADLINE: 90, Placement.CALL_TO_ACTION: 30, Placement.MAIL_SUBJECT: 78}[
            self
        ]


RUNNING = Q(started_at__isnull=False, stopped_at__isnull=True)


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def running(self) -> Self:
        return self.filter(RUNNING)


class Experiment(models.Model):
    key = models.SlugField(max_length=40, unique=True, help_text=_("Short name, as reports show it."))
    place = models.CharField(max_length=30, choices=Placement)
    questionnaire = models.CharField(
        max_length=50,
        blank=True,
        default="",
        db_default="",
        help_text=_("Its key; empty: all questionnaires."),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        db_table = "experiments"
        constraints = [
            models.CheckConstraint(name="experiments_place", condition=Q(place__in=Placement.values)),
            models.CheckConstraint(
                name="experiments_stop_after_start",
                condition=Q(stopped_at__isnull=True) | Q(started_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["place", "questionnaire"],
                name="experiments_one_at_a_place",
                condition=RUNNING,
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def problems(self) -> list[str]:
        """The reasons why it cannot be started, as sentences; [] if it can."""
        found = []
        if self.started_at:
            found.append(gettext("It was started before: make a new one, so that nobody sees two variants."))
        if self.variants.count() < 2:
            found.append(gettext("It needs at least two variants."))
        other = (
            Experiment.objects.running()
            .filter(place=self.place, questionnaire=self.questionnaire)
            .exclude(pk=self.pk)
            .first()
        )
        if other:
            found.append(gettext("%(key)s is running at the same place: stop it first.") % {"key": other.key})
        return found

    def start(self) -> None:
        self.started_at = timezone.now()
        self.save(update_fields=["started_at"])

    def stop(self) -> None:
        """Stop the experiment: the product's own wording is shown again."""
        self.stopped_at = timezone.now()
        self.save(update_fields=["stopped_at"])


class Variant(models.Model):
    experiment = models.ForeignKey(
        Experiment, on_delete=models.CASCADE, related_name="variants", db_index=False
    )
    key = models.SlugField(max_length=40)
    weight = models.PositiveSmallIntegerField(default=1)  # relative to the sum of all weights
    wording = models.JSONField(
        default=dict, blank=True
    )  # {language code: wording}; missing: the product's own

    class Meta:
        db_table = "experiment_variants"
        constraints = [
            models.UniqueConstraint(fields=["experiment", "key"], name="experiment_variants_key"),
            models.CheckConstraint(
                name="experiment_variants_weight", condition=Q(weight__gte=1, weight__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Exposure(models.Model):
    visitor_key = models.CharField(max_length=64, null=True)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="exposures")
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "experiment_exposures"
        default_permissions = ()
        constraints = [
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(fields=["visitor_key"], name="experiment_exposures_once"),
        ]
        indexes = [
            # For the scrub: rows with a key that is not yet cleared.
            models.Index(
                fields=["seen_at"],
                name="experiment_exposures_scrub",
                condition=Q(visitor_key__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} seen"
