import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from scorecard.constraints import json_is, key_is_valid, one_of, valid_key
from scorecard.models.questionnaires import Questionnaire, Section
from scorecard.triggers import StampUpdatedAt


class ScoreBand(models.Model):
    """A score category: name and description of totals from `min_score` to `max_score`, inclusive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="bands", db_index=False
    )
    key = models.CharField(max_length=50, validators=[valid_key])
    name = models.CharField(max_length=255)
    min_score = models.PositiveSmallIntegerField("from", validators=[MaxValueValidator(100)])
    max_score = models.PositiveSmallIntegerField("to", validators=[MaxValueValidator(100)])
    message = models.TextField(blank=True)
    next_steps = ArrayField(models.TextField(), default=list, blank=True)
    # {color, call_to_action}: see scorecard.content.shape
    metadata = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "score_bands"
        ordering = ["-min_score", "key"]
        constraints = [
            # Also the index of the foreign key.
            models.UniqueConstraint(name="score_bands_key_once", fields=["questionnaire", "key"]),
            key_is_valid("score_bands"),
            models.CheckConstraint(
                name="score_bands_range",
                condition=Q(min_score__gte=0, min_score__lte=F("max_score"), max_score__lte=100),
                violation_error_message="A band lies within 0 and 100 and starts no higher than it ends.",
            ),
            json_is("score_bands", "metadata", "object"),
        ]
        triggers = [StampUpdatedAt()]

    def __str__(self) -> str:
        return f"{self.name} ({self.min_score}-{self.max_score})"


class RecommendationLevel(models.TextChoices):
    HIGH = "high", "High priority"
    MEDIUM = "medium", "Medium priority"
    LOW = "low", "Low priority"


class Recommendation(models.Model):
    """The advice for an area that scored low (high priority), medium or high."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="recommendations", db_index=False
    )
    level = models.CharField("priority", max_length=10, choices=RecommendationLevel)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    action_items = ArrayField(models.TextField(), default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "recommendations"
        ordering = ["section", "level"]
        constraints = [
            # Also the index of the foreign key.
            models.UniqueConstraint(name="recommendations_level_once", fields=["section", "level"]),
            one_of("recommendations", "level", RecommendationLevel.values),
        ]
        triggers = [StampUpdatedAt()]

    def __str__(self) -> str:
        return self.title
