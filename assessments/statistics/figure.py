"""Daily counts of assessments, from which every figure of the product is read.

Assessments are scrubbed and purged, but these rows stay, so no chart changes when a person is erased.
Triggers write them in the transaction of the event itself (assessments/statistics/triggers.py), so counting
is atomic. They only insert, with a negative count to withdraw an earlier one: counters updated in place
would serialise all submissions of a day on one row. Readers sum the rows; an hourly job merges them and
coarsens old ones (assessments/statistics/coarsening.py).

A row is a cell of a frequency table in entity-attribute-value form: `figure` defines the other columns.

    figure                       name               part                                  number
    started                      -                  -                                     -
    score                        category           -                                     total score, 0-100
    area                         area               -                                     its score, 0-100
    seconds                      category           -                                     seconds to finish
    quality                      lead quality or '' 'briefing' when qualified for one     total score
    contact                      -                  -                                     Contact.depth
    sync                         status of delivery 'unfinished' before it is finished     -
    answer                       question           option ('' for any other answer)      -
    chosen                       question           option, or row:option of a matrix     the number given
    left (given up)              -                  -                                     last step saved
    referrer, utm_*, variant     its value          'started', or the outcome: 'unknown'  -
                                                    (no address) or a lead quality
    experiment                   experiment:variant the same                              -
    marked (in no other figure)  its first sign     -                                     -
    view                         -                  -                                     -
    view                         its value          'language', 'device'                  -
    referrer, utm_*              its value          'viewed'                              -

The last three are no assessments but views of the landing page (assessments/statistics/view_counting.py).
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.functions import Cast, Coalesce

from assessments.statistics.periods import Period
from scorecard.models import QuestionnaireVersion
from web import gettext_noop as _
from web.databases.unchanging import AnyOf, Given, Unchanging

SQL = Path(__file__).with_name("sql")
SUM_UP = (SQL / "sum_up.sql").read_text()

BATCH = 50_000  # rows summed by one statement: a few tenths of a second
K_ANONYMITY = 10  # k: assessments that a cell or a time bucket needs to be shown on its own
OTHER = "(other)"  # impossible as a campaign value: visitors.PLAIN_WORDS has no brackets
# Values of `part` for an origin, beside the three lead qualities.
STARTED, UNKNOWN, VIEWED = "started", "unknown", "viewed"


class Figure(models.TextChoices):
    STARTED = "started", "Started"
    SCORE = "score", "Score"
    AREA = "area", "Score of an area"
    SECONDS = "seconds", "Time to finish"
    QUALITY = "quality", "Lead quality"
    CONTACT = "contact", "Contact details"
    SYNC = "sync", "Delivery to HubSpot"
    ANSWER = "answer", "Answer"
    CHOSEN = "chosen", "Choice among several, or number"
    LEFT = "left", "Left unfinished"
    REFERRER = "referrer", _("Coming from")
    SOURCE = "utm_source", _("Campaign source")
    MEDIUM = "utm_medium", _("Campaign medium")
    CAMPAIGN = "utm_campaign", _("Campaign")
    VARIANT = "variant", _("Variant")
    EXPERIMENT = "experiment", "Experiment"
    VIEW = "view", "View of the landing page"
    MARKED = "marked", "Marked as doubtful or as a test"


ORIGINS = (Figure.REFERRER, Figure.SOURCE, Figure.MEDIUM, Figure.CAMPAIGN, Figure.VARIANT)


class DailyFigureQuerySet(models.QuerySet["DailyFigure"]):
    def scores(self, version_id: UUID) -> dict[str, dict[int, int]]:
        """How many finished assessments of this version's questionnaire have each score.

        For the total (''), and for each area by key. One query.
        """
        own = QuestionnaireVersion.objects.filter(pk=version_id).values("questionnaire")
        same = QuestionnaireVersion.objects.filter(questionnaire__in=own).values("pk")
        area = models.Case(models.When(figure=Figure.AREA, then="name"), default=models.Value(""))
        rows = self.filter(figure__in=(Figure.SCORE, Figure.AREA), version__in=same)
        scores: dict[str, dict[int, int]] = {"": {}}
        for cell in rows.values("number", area=area).annotate(count=models.Sum("assessments")):
            scores.setdefault(cell["area"], {})[cell["number"]] = cell["count"]
        return scores

    def sum_up(self) -> int:
        """Sum the rows of each cell into one; returns the number of statements.

        Each is a separate transaction that only locks rows that no other transaction changes. Two concurrent
        jobs leave a cell in two rows at worst, which readers sum and the next job merges.
        """
        statements = 0
        while day := self.filter(summed=False).values_list("day", flat=True).order_by("day").first():
            with connection.cursor() as cursor:
                cursor.execute(SUM_UP, {"day": day, "batch": BATCH})
            statements += 1
        return statements

    def merge_days(self, first: date, last: date) -> int:
        """Merge these days into one bucket under the last day; returns the rows changed. One statement."""
        days = self.filter(day__range=(first, last))
        unmerged = days.exclude(day=last, first_day__isnull=False, first_day=first)
        return unmerged.update(day=last, first_day=first, summed=False)


class DailyFigure(models.Model):
    day = models.DateField()  # start day of the assessments, in UTC
    # The first day of a time bucket of merged days; `day` is its last.
    first_day = models.DateField(null=True)
    # Versions are never deleted: a check for each row of each submission would find nothing.
    version = models.ForeignKey(
        QuestionnaireVersion,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    figure = models.CharField(max_length=20, choices=Figure)
    name = models.CharField(max_length=255, db_default="")
    part = models.CharField(max_length=100, db_default="")
    number = models.IntegerField(db_default=0)
    # How many; negative for a count that is withdrawn. The column keeps the name that older releases read.
    assessments = models.BigIntegerField(db_column="runs")
    summed = models.BooleanField(db_default=False)

    objects = DailyFigureQuerySet.as_manager()

    class Meta:
        db_table = "daily_figures"
        indexes = [
            # One figure over a period: sums are read from the index alone, without rows.
            models.Index(
                fields=["figure", "day"],
                include=["first_day", "name", "number", "assessments", "part", "version"],
                name="daily_figures_period",
            ),
            # Which days are merged.
            models.Index(
                fields=["day", "figure", "first_day"],
                name="daily_figures_merged",
                condition=models.Q(first_day__isnull=False),
            ),
            # Rows to sum: the hourly job.
            models.Index(fields=["summed", "day"], name="daily_figures_summed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} of {self.day}"


FIRST_DAY = Coalesce("first_day", "day")


COUNT = Cast(models.Sum("assessments"), models.BigIntegerField())  # how many
TOTAL = Cast(models.Sum(models.F("assessments") * models.F("number")), models.BigIntegerField())


def count_of(condition: models.Q) -> Cast:
    """How many of the rows that meet a condition."""
    return Cast(models.Sum("assessments", filter=condition, default=0), models.BigIntegerField())


class PeriodQuery:
    """Sums of the rows of a period. `build` groups these rows; other values that it needs are `Given` ones.

    A period that begins within merged days includes all of them.
    """

    def __init__(self, build: Callable[[DailyFigureQuerySet], models.QuerySet[Any, Any]]) -> None:
        since = models.Q(day__gte=Given("first", models.DateField()))
        of_versions = models.Q(AnyOf("version_id", Given("versions", ArrayField(models.UUIDField()))))
        self._of_all = Unchanging(lambda: build(DailyFigure.objects.filter(since)))
        self._of_versions = Unchanging(lambda: build(DailyFigure.objects.filter(since, of_versions)))

    def rows(self, period: Period, **given: Any) -> list[tuple[Any, ...]]:
        """One query."""
        if period.versions is None:
            return self._of_all.rows(first=period.first, **given)
        return self._of_versions.rows(first=period.first, versions=list(period.versions), **given)
