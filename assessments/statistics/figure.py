"""What is counted: how many runs of a day had which value, and nothing about any of them.

Runs are scrubbed and purged; these rows stay, so no chart changes when a person goes. Triggers write them in
the transaction of the event itself (assessments/statistics/triggers.py): a killed process counts all of it or
nothing. They only ever add rows, with minus for what is no longer so: counters that are updated in place
would make all submits of a day wait for one row. Whoever reads sums up; an hourly job adds rows together.
"""

from collections.abc import Collection
from datetime import date
from typing import Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, Sum

from assessments.statistics.time_buckets import stretches
from scorecard.models import QuestionnaireVersion

BATCH = 50_000  # rows added together by one statement: a few tenths of a second
ENOUGH = 10  # runs that a group must have before it is told apart
OTHER = "(other)"  # no campaign link can say that: visitors.PLAIN_WORDS has no brackets
STARTED, UNKNOWN = "started", "unknown"  # parts of an origin, beside the three lead qualities


class Figure(models.TextChoices):
    """What `name`, `part` and `number` of a row are."""

    STARTED = "started", "Started"  # nothing
    SCORE = "score", "Score"  # category, -, total score
    AREA = "area", "Score of an area"  # area, -, score
    SECONDS = "seconds", "Time to finish"  # category, -, seconds
    QUALITY = "quality", "Lead quality"  # lead quality or '', 'briefing' or '', total score
    SYNC = "sync", "Delivery to HubSpot"  # sync status of a lead
    ANSWER = "answer", "Answer"  # question, option
    LEFT = "left", "Left unfinished"  # -, -, last step saved
    REFERRER = "referrer", "Coming from"  # value, 'started', 'unknown' or lead quality
    SOURCE = "utm_source", "Campaign source"  # the same
    MEDIUM = "utm_medium", "Campaign medium"  # the same
    CAMPAIGN = "utm_campaign", "Campaign"  # the same
    VARIANT = "variant", "Variant"  # the same
    EXPERIMENT = "experiment", "Experiment"  # 'experiment:variant', and the same


ORIGINS = (Figure.REFERRER, Figure.SOURCE, Figure.MEDIUM, Figure.CAMPAIGN, Figure.VARIANT)

SUM_UP = """
WITH gone AS (
    DELETE FROM daily_figures
    WHERE (summed AND day = %(day)s) OR id IN (
        SELECT id FROM daily_figures WHERE NOT summed AND day = %(day)s ORDER BY id LIMIT %(batch)s
    )
    RETURNING day, version_id, figure, name, part, number, runs
)
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs, summed)
SELECT day, version_id, figure, name, part, number, sum(runs), true
FROM gone GROUP BY day, version_id, figure, name, part, number HAVING sum(runs) <> 0
"""

FOLD = """
UPDATE daily_figures SET name = %(other)s, summed = false
WHERE figure = ANY(%(origins)s) AND name <> %(other)s AND (
    day < %(before)s AND (figure, name) IN (
        SELECT figure, name FROM daily_figures WHERE figure = ANY(%(origins)s)
        GROUP BY figure, name HAVING coalesce(sum(runs) FILTER (WHERE part = %(part)s), 0) < %(enough)s
    ) OR (figure, name, day) IN (
        SELECT figure, name, day FROM daily_figures WHERE figure = ANY(%(origins)s) AND day = ANY(%(joined)s)
        GROUP BY figure, name, day HAVING coalesce(sum(runs) FILTER (WHERE part = %(part)s), 0) < %(enough)s
    )
)
"""


class DailyFigureQuerySet(models.QuerySet["DailyFigure"]):
    def since(self, day: date) -> Self:
        return self.filter(day__gte=day)

    def scores(self, version_id: UUID) -> dict[str, dict[int, int]]:
        """How many finished runs of the questionnaire of this version had each score.

        In whole (''), and by the key of each area. One query.
        """
        own = QuestionnaireVersion.objects.filter(pk=version_id).values("questionnaire")
        same = QuestionnaireVersion.objects.filter(questionnaire__in=own).values("pk")
        area = models.Case(models.When(figure=Figure.AREA, then="name"), default=models.Value(""))
        found = self.filter(figure__in=(Figure.SCORE, Figure.AREA), version__in=same)
        scores: dict[str, dict[int, int]] = {"": {}}
        for cell in found.values("number", area=area).annotate(all_runs=models.Sum("runs")):
            scores.setdefault(cell["area"], {})[cell["number"]] = cell["all_runs"]
        return scores

    def sum_up(self) -> int:
        """Add the rows of each cell together; how many statements it took.

        Each is a transaction of its own that locks only rows nobody changes. Two at once leave a cell in two
        rows at worst, which readers sum and the next run adds together.
        """
        statements = 0
        while day := self.filter(summed=False).values_list("day", flat=True).order_by("day").first():
            with connection.cursor() as cursor:
                cursor.execute(SUM_UP, {"day": day, "batch": BATCH})
            statements += 1
        return statements

    def join_days(self, before: date) -> list[date]:
        """Move what was counted before that day to the last day of its stretch; the days of closed ones.

        Each stretch is a statement of its own. Doing it again, or two at once, changes nothing.
        """
        kinds = {
            "started": Q(figure=Figure.STARTED),
            "finished": Q(figure=Figure.SCORE),
            "addressed": Q(figure=Figure.QUALITY) & ~Q(name=""),
            "given_up": Q(figure=Figure.LEFT),
        }
        counts = {f"runs_{name}": Sum("runs", filter=kind, default=0) for name, kind in kinds.items()}
        days = self.filter(day__lt=before).order_by("day").values_list("day").annotate(**counts)
        found = stretches(((day, tuple(runs)) for day, *runs in days), before=before, least=ENOUGH)
        for stretch in found:
            early = self.filter(day__gte=stretch.first, day__lt=stretch.last)
            early.update(day=stretch.last, summed=False)
        return [stretch.last for stretch in found if stretch.closed]

    def fold_rare_origins(self, before: date, joined: Collection[date] = ()) -> int:
        """Forget where few runs came from, for runs started before that day; how many rows changed.

        A link made for one person names that person for ever. A group too small to be shown loses its name
        here, and no figure changes; it does where only few of the runs of a closed stretch had that name:
        the stretch taken from a longer period would tell of them.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                FOLD,
                {
                    "before": before,
                    "origins": list(ORIGINS),
                    "other": OTHER,
                    "part": STARTED,
                    "enough": ENOUGH,
                    "joined": list(joined),
                },
            )
            changed: int = cursor.rowcount
        return changed


class DailyFigure(models.Model):
    day = models.DateField()  # on which the runs were started, in UTC
    # Versions are never deleted: a check for each row of each submit would find nothing.
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
    runs = models.BigIntegerField()  # less than zero for what is no longer so
    summed = models.BooleanField(db_default=False)

    objects = DailyFigureQuerySet.as_manager()

    class Meta:
        db_table = "daily_figures"
        indexes = [
            # One figure over a period.
            models.Index(fields=["figure", "day"], name="daily_figures_figure"),
            # What the hourly job has to add together, and to what.
            models.Index(fields=["summed", "day"], name="daily_figures_summed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} of {self.day}"
