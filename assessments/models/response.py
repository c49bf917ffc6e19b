"""One answered question of an assessment, for per-question and drop-off statistics.

It refers to the question by key, not to a draft row: drafts may be deleted, the pinned version stays
readable. The columns is_valid, validation_errors and revision are in the schema of seed 002 and keep their
defaults.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from assessments.models.assessment import Assessment
from assessments.statistics.triggers import CountAnswers
from encryption.sealed_json import SealedJSONField
from scorecard.triggers import StampUpdatedAt


class Response(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="answered", db_index=False
    )
    question_key = models.CharField(max_length=100)
    value = SealedJSONField()  # sealed if personal; by type; a single choice: {"selectedOptionId": "A"}
    is_valid = models.BooleanField(default=True)
    validation_errors = models.JSONField(null=True)
    time_spent_seconds = models.IntegerField(null=True)
    revision = models.IntegerField(default=1)
    answered_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "responses"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question_key"], name="responses_one_answer"),
        ]
        indexes = [
            # Answers to personal questions: the scrub and its preview.
            models.Index(fields=["question_key", "answered_at"], name="responses_question"),
        ]
        triggers = [StampUpdatedAt(), CountAnswers()]

    def __str__(self) -> str:
        return f"{self.question_key} of {self.assessment_id}"
