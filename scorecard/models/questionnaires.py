import uuid
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from scorecard.constraints import json_is, key_is_valid, valid_key
from scorecard.triggers import StampUpdatedAt


class Questionnaire(models.Model):
    """The draft of a questionnaire. Changes become visible to respondents when it is published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=50, validators=[valid_key])
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    industry = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField("latest version", default=1, editable=False)
    is_active = models.BooleanField("active", default=True)  # false: retired, nobody starts it
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Required by seed 002, but unused: settings.DEFAULT_QUESTIONNAIRE names the default.
    is_default = models.BooleanField("default", default=False)
    estimated_time = models.PositiveIntegerField("minutes to answer", null=True, blank=True)
    language = models.CharField(
        max_length=10, blank=True, db_default="", help_text="Of its own texts: a code such as en."
    )
    # {language: texts}, a tree like the file of that language: see scorecard.translation
    translations = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # never queried by user, and the table is small
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "questionnaires"
        ordering = ["name", "key"]
        constraints = [
            # Not unique=True, which would add a second index for LIKE.
            models.UniqueConstraint(name="questionnaires_key_once", fields=["key"]),
            key_is_valid("questionnaires"),
            json_is("questionnaires", "metadata", "object"),
            models.UniqueConstraint(
                name="questionnaires_one_default",
                fields=["is_default"],
                condition=models.Q(is_default=True),
                violation_error_message="Another questionnaire is the default already.",
            ),
        ]
        triggers = [
            StampUpdatedAt(),
            # Immutable: links, settings and published versions refer to a questionnaire by its key.
            pgtrigger.ReadOnly(name="key_stays", fields=["key"]),
        ]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """One step of the form and one area of the score."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="sections", db_index=False
    )
    key = models.CharField(max_length=50, validators=[valid_key])
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    weight = models.DecimalField(
        "share of the total",
        max_digits=5,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text="0.25 is a quarter. The weights of all sections sum to 1.",
    )
    order_index = models.PositiveIntegerField("order")
    icon = models.CharField(max_length=50, blank=True)
    estimated_time = models.PositiveIntegerField("minutes to answer", null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "sections"
        ordering = ["order_index", "key"]
        constraints = [
            # Also the index of the foreign key.
            models.UniqueConstraint(name="sections_key_once", fields=["questionnaire", "key"]),
            key_is_valid("sections"),
            models.CheckConstraint(
                name="sections_weight_share", condition=models.Q(weight__gte=0, weight__lte=1)
            ),
            json_is("sections", "metadata", "object"),
        ]
        indexes = [
            # Publishing and the admin read a questionnaire's sections in the order of the form.
            models.Index(fields=["questionnaire", "order_index"], name="idx_sections_order"),
        ]
        triggers = [
            StampUpdatedAt(),
            # Its questions duplicate the questionnaire for their unique key; see Question.
            pgtrigger.ReadOnly(name="questionnaire_stays", fields=["questionnaire"]),
        ]

    def __str__(self) -> str:
        return self.name
