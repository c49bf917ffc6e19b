import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from scorecard.constraints import json_is, key_is_valid, one_of, valid_key
from scorecard.models.questionnaires import Questionnaire, Section
from scorecard.triggers import StampUpdatedAt


class QuestionType(models.TextChoices):
    TEXT = "TEXT", "Text"
    TEXTAREA = "TEXTAREA", "Long text"
    NUMBER = "NUMBER", "Number"
    EMAIL = "EMAIL", "E-mail address"
    URL = "URL", "Web address"
    DATE = "DATE", "Date"
    SINGLE_CHOICE = "SINGLE_CHOICE", "Single choice"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE", "Multiple choice"
    SCALE = "SCALE", "Scale"
    FILE_UPLOAD = "FILE_UPLOAD", "File upload"
    MATRIX = "MATRIX", "Matrix"


class Question(models.Model):
    """A question. `metadata` holds what has no column (rows, scale): see scorecard.content.drafts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions", db_index=False)
    questionnaire = models.ForeignKey(  # denormalised by a trigger for the unique key
        Questionnaire, on_delete=models.CASCADE, related_name="questions", editable=False, db_index=False
    )
    key = models.CharField(max_length=50, validators=[valid_key])
    text = models.TextField()
    type = models.CharField(max_length=20, choices=QuestionType, default=QuestionType.SINGLE_CHOICE)
    help_text = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    placeholder = models.CharField(max_length=255, blank=True)
    order_index = models.PositiveIntegerField("order")
    is_required = models.BooleanField("required", default=False)
    is_personal = models.BooleanField(
        "personal",
        null=True,
        blank=True,
        help_text="Do answers go with the person? Unknown: typed ones do, choices stay.",
    )
    options = models.JSONField(default=list, blank=True)
    validation_rules = models.JSONField(default=dict, blank=True)
    default_value = models.JSONField(null=True, blank=True)
    suggested_answer = models.JSONField(null=True, blank=True)
    industry_tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    document_mappings = models.JSONField(default=list, blank=True)  # seed 002; nothing reads it
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "questions"
        ordering = ["order_index", "key"]
        constraints = [
            # Also the index of the foreign key.
            models.UniqueConstraint(name="questions_key_once", fields=["questionnaire", "key"]),
            key_is_valid("questions"),
            one_of("questions", "type", QuestionType.values),
            json_is("questions", "options", "array"),
            json_is("questions", "validation_rules", "object"),
            json_is("questions", "document_mappings", "array"),
            json_is("questions", "metadata", "object"),
        ]
        indexes = [
            # Publishing and the admin read a section's questions in the order of the form.
            models.Index(fields=["section", "order_index"], name="idx_questions_order"),
            # Search of authors and of the API, over drafts: see scorecard.editing.search.
            GinIndex(SearchVector("text", "help_text", config="english"), name="idx_questions_text_search"),
        ]
        triggers = [
            StampUpdatedAt(),
            pgtrigger.Trigger(
                name="follow_section",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    SELECT questionnaire_id INTO NEW.questionnaire_id FROM sections WHERE id = NEW.section_id;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Report a duplicate key before the database does: model forms leave out `questionnaire`."""
        section = Section.objects.filter(pk=self.section_id)
        same = Question.objects.filter(questionnaire__sections__in=section, key=self.key).exclude(pk=self.pk)
        if same.exists():
            raise ValidationError({"key": "Another question of this questionnaire has this key."})


class VisibilityAction(models.TextChoices):
    SHOW = "SHOW", "Show"
    HIDE = "HIDE", "Hide"
    REQUIRE = "REQUIRE", "Require"
    UNREQUIRE = "UNREQUIRE", "Do not require"


class VisibilityRule(models.Model):
    """Apply `action` to the targets when the answers meet `condition`.

    `condition` is {field, operator, value, logicalOp?, nested?}; it asks first about `question`. `targets`
    are keys of questions or sections; `target_question_ids`, which seed 002 has, names the questions among
    them. Loading a file replaces the active rules.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="visibility_rules", db_index=False
    )
    condition = models.JSONField()
    action = models.CharField(max_length=10, choices=VisibilityAction)
    target_question_ids = ArrayField(models.UUIDField())
    targets = ArrayField(models.CharField(max_length=50), default=list, db_default=Value([]))
    order_index = models.PositiveIntegerField("order", default=0, db_default=0)
    priority = models.IntegerField(default=0)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "visibility_rules"
        ordering = ["order_index", "created_at", "id"]
        constraints = [
            one_of("visibility_rules", "action", VisibilityAction.values),
            json_is("visibility_rules", "condition", "object"),
        ]
        indexes = [
            # For publishing, which reads the rules of each question, and for deletes that cascade.
            models.Index(fields=["question"], name="idx_visibility_rules_question"),
        ]
        triggers = [StampUpdatedAt()]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.action}"
