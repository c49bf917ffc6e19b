"""django-survey-and-report with our questions, for `benchmarks.flow`: runs in an environment of its own.

python flow_survey.py QUESTIONNAIRE.yaml    # create its tables and the survey, a page a section
gunicorn flow_survey:application
"""

import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

address = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["localhost"],
    CHOICES_SEPARATOR="|",
    CSV_DIRECTORY=Path(),
    CSRF_COOKIE_SECURE=True,
    CSRF_TRUSTED_ORIGINS=["https://localhost"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.path.lstrip("/"),
            "USER": address.username,
            "HOST": parse_qs(address.query)["host"][0],
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DEFAULT_SURVEY_PUBLISHING_DURATION=7,
    EXCEL_COMPATIBLE_CSV=True,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "survey",
    ],
    LOGGING={"version": 1, "disable_existing_loggers": True},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    ROOT_URLCONF="flow_survey",
    SECRET_KEY=os.environ["SECRET_KEY"],
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    SESSION_COOKIE_SECURE=True,
    STATIC_URL="/static/",
    SURVEY_DEFAULT_PIE_COLOR="#333333",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    USE_TZ=True,
)
django.setup()
urlpatterns = [path("", include("survey.urls"))]


def prepare(questionnaire: str) -> None:
    """Create the survey; its first one, so that it is at /1/."""
    import yaml
    from survey.models import (  # type: ignore[import-not-found]  # of the other environment
        Category,
        Question,
        Survey,
    )

    call_command("migrate", verbosity=0)
    content = yaml.safe_load(Path(questionnaire).read_text())
    survey = Survey.objects.create(
        name=content["name"],
        description=content["description"],
        need_logged_user=False,
        display_method=Survey.BY_CATEGORY,
    )
    for number, section in enumerate(content["sections"]):
        category = Category.objects.create(name=section["name"], survey=survey, order=number)
        for order, question in enumerate(section["questions"]):
            Question.objects.create(
                text=question["text"],
                order=order,
                required=True,
                category=category,
                survey=survey,
                type=Question.RADIO,
                choices="|".join(option["label"] for option in question["options"]),
            )


if __name__ == "__main__":
    sys.modules["flow_survey"] = sys.modules["__main__"]  # ROOT_URLCONF
    prepare(sys.argv[1])
else:
    application = get_wsgi_application()
