"""Every setting of the product. Values come from the environment and are documented in `.env.example`.

With DEBUG off, a missing or weak setting ends the process with one line that names it and the fix.
"""

import sysconfig
from pathlib import Path

from config import ambient, back_office, connections, embedded, operator_settings, sign_in
from config import environment as env
from config.postgresql import databases
from config.production import backups, guard, logging, mail_addresses

BASE_DIR = env.BASE_DIR

DEBUG = env.switch("DEBUG", default=False)
ENVIRONMENT = guard.environment(debug=DEBUG)

ambient.check_certificates()

SECRET_KEY = env.text("SECRET_KEY", "only-for-development-" * 3 if DEBUG else "")
if not DEBUG and (len(SECRET_KEY) < 50 or env.is_guessable(SECRET_KEY)):
    env.refuse_start(
        "SECRET_KEY",
        "is missing or shorter than 50 characters" if len(SECRET_KEY) < 50 else "is not random",
        "Set it to the output of: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
    )

ALLOWED_HOSTS = env.host_names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])

# Read by gunicorn, the Procfile and the launcher; validated here, so that `check --deploy` reports them too.
env.refuse_sub_path()
env.number("PORT", 8000, least=1, most=65535)
env.number("WEB_CONCURRENCY", 2, least=1, most=1000)
env.number("WORKER_CONCURRENCY", 2, least=1, most=1000)
if not DEBUG:
    env.listen_address()

# Key of the hashes by which e-mail addresses of erasures and consents are recognised but not readable.
# Fixed with DEBUG: script/server has its own SECRET_KEY, but commands on its database need equal hashes.
ADDRESS_HASH_KEY = env.secret(
    "ADDRESS_HASH_KEY", "only-for-development-" * 3 if DEBUG else SECRET_KEY, least=32
)

CSRF_TRUSTED_ORIGINS = env.origin_list("CSRF_TRUSTED_ORIGINS")

# Applications, highest layer first

INSTALLED_APPS = [
    "operations",
    "backups",
    "schema",
    "privacy",
    "hubspot_sync",
    "mailings",
    "webhooks",
    "exports",
    "leads",
    "assessments",
    "experiments",
    "scorecard",
    "accounts",
    "audit",
    "branding",
    "queues",
    "files",
    "encryption",
    "web",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.constance",
    "constance",
    "csp",
    "pgtrigger",
    "django_celery_beat",
    "accounts.apps.StaffAdminConfig",  # django.contrib.admin
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # used by allauth's templates
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "operations.middleware.requests.RequestIdMiddleware",
    "operations.health.ProbeMiddleware",
    "monitoring.middleware.TimingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "operations.middleware.compression.PublicGZipMiddleware",
    "operations.middleware.database_outage.DatabaseOutageMiddleware",
    "operations.middleware.content_security.ContentSecurityMiddleware",
    "assessments.web.questionnaires.QuestionnaireMiddleware",
    "web.iframe.EmbedMiddleware",
    "web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "operations.middleware.maintenance.MaintenanceMiddleware",
    "scorecard.admin.pages.long_forms.LongFormMiddleware",  # before the first that reads a form
    "web.csrf.FetchMetadataCsrfMiddleware",
    "operations.middleware.staff.StaffMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

NINJA = Path(sysconfig.get_path("purelib")) / "ninja"  # no installed app: assessments/web/documentation.py
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "web.csrf.page_token",  # in place of the built-in one
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "branding.context_processors.brand",
            ],
        },
    },
]

DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL")
if DEBUG and not (DATABASE_URL and REDIS_URL):
    services = embedded.ensure_services(BASE_DIR / ".local")
    DATABASE_URL = DATABASE_URL or services.database_url
    REDIS_URL = REDIS_URL or services.redis_url
REDIS_URL = connections.redis("REDIS_URL", REDIS_URL)
DATABASES = databases.read_databases(DATABASE_URL)
PREPARE_STATEMENTS = databases.sends_timeouts()  # a pooler may give the next statement another connection
DATABASE_ROUTERS = ["web.databases.replica.ReplicaRouter"] if "replica" in DATABASES else []
DATABASE_REPLICA_LAG_SECONDS = env.number("DATABASE_REPLICA_LAG_SECONDS", 30, least=1, most=3600)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: broker and counters, in separate databases. It holds no durable state.

RATE_LIMIT_REDIS_URL = connections.redis(
    "RATE_LIMIT_REDIS_URL", env.text("RATE_LIMIT_REDIS_URL", connections.redis_database(REDIS_URL, 1))
)

CACHES = {"default": {"BACKEND": "web.shared_cache.SharedCache", "LOCATION": RATE_LIMIT_REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"  # no daylight saving time in beat's schedule
CELERY_TASK_IGNORE_RESULT = True  # results are stored in the rows
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]  # unpickling would execute code from Redis
CELERY_TASK_ACKS_LATE = False  # messages carry no work; the sweep recovers a dead worker's rows
CELERY_TASK_SOFT_TIME_LIMIT = 60  # seconds; half a lease, so the worker itself releases its rows
CELERY_TASK_TIME_LIMIT = 90  # below the lease of 120, so that two workers never hold the same rows
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # spread messages over the workers
CELERY_WORKER_DISABLE_PREFETCH = True  # do not queue a message behind a batch while another worker is idle
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000  # bounds memory leaks
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB; bounds fast leaks
CELERY_DB_REUSE_MAX = 1_000_000  # connections survive tasks; config/celery.py closes the stale ones
CELERY_WORKER_SEND_TASK_EVENTS = False  # no consumer
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers use our log format too
# No effect without late acks; set explicitly because Celery 6 changes the default.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10  # seconds to finish the current batch
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True  # Redis may come up after the worker
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # never give up on Redis
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # far longer than any task: no redelivery
    "socket_timeout": 5,  # without it, an unresponsive Redis blocks for ever
    "socket_connect_timeout": 2,
    "socket_keepalive": True,  # detects half-open connections
    "health_check_interval": 25,
}
CELERY_BEAT_SCHEDULER = "operations.schedule.scheduler.Scheduler"  # django-celery-beat's rows
CELERY_BEAT_SYNC_EVERY = 1  # save each run immediately, so that a killed beat repeats none
CELERY_RESULT_EXPIRES = None  # no results, so no clean-up task

# Encryption keys of personal columns, newest first: see encryption/keys.py

FIELD_ENCRYPTION_KEYS = env.encryption_keys("FIELD_ENCRYPTION_KEYS", debug=DEBUG)

# HubSpot

DEFAULT_QUESTIONNAIRE = env.key("DEFAULT_QUESTIONNAIRE", "ai_reality_check")
LEAD_SOURCES = {"ai_reality_check": "AI Reality Check"}  # of another questionnaire: its name
HUBSPOT_BASE_URL = env.hubspot_api("HUBSPOT_BASE_URL")
HUBSPOT_TOKEN = env.secret("HUBSPOT_TOKEN")
guard.hubspot(ENVIRONMENT, HUBSPOT_BASE_URL, HUBSPOT_TOKEN)
HUBSPOT_PIPELINE = env.identifier("HUBSPOT_PIPELINE", "ai_consulting_pipeline")
HUBSPOT_DEAL_STAGE = env.identifier("HUBSPOT_DEAL_STAGE", "executive_briefing_requested")
HUBSPOT_DEAL_AMOUNT = env.number("HUBSPOT_DEAL_AMOUNT", 5000, most=1_000_000_000)
HUBSPOT_DEAL_CLOSE_DAYS = env.number("HUBSPOT_DEAL_CLOSE_DAYS", 30, most=3650)
HUBSPOT_LEAD_SOURCE = env.text("HUBSPOT_LEAD_SOURCE", LEAD_SOURCES.get(DEFAULT_QUESTIONNAIRE, ""))
HUBSPOT_API_VERSION = env.choice("HUBSPOT_API_VERSION", "2026-03", ("v3", "2026-03", "2026-09"))
# Consent purpose -> boolean contact property: true if given, false if withdrawn.
HUBSPOT_CONSENT_PROPERTIES = env.key_values(
    "HUBSPOT_CONSENT_PROPERTIES", {}, keys=("result", "follow_up", "marketing")
)
# Section key -> contact property for its score.
HUBSPOT_AREA_PROPERTIES = env.key_values(
    "HUBSPOT_AREA_PROPERTIES",
    {
        "value_assurance": "ai_value_score",
        "customer_safe": "ai_customer_score",
        "risk_compliance": "ai_risk_score",
        "governance": "ai_governance_score",
    },
)
# Our property name -> name in the account; empty: omitted.
OF_CONTACTS = (
    *("ai_assessment_score", "ai_assessment_category", "ai_assessment_date", "ai_completion_time"),
    *("ai_lead_quality", "ai_details_given", "lead_source"),
)
HUBSPOT_PROPERTIES = env.renames(
    "HUBSPOT_PROPERTIES", (*OF_CONTACTS, "ai_assessment_key"), needed=("ai_assessment_key",)
)
# Campaign parameter, and what sales recorded -> contact property.
HUBSPOT_CAMPAIGN_PROPERTIES = env.key_values(
    "HUBSPOT_CAMPAIGN_PROPERTIES", {}, keys=("utm_source", "utm_medium", "utm_campaign")
)
HUBSPOT_SALES_PROPERTIES = env.key_values("HUBSPOT_SALES_PROPERTIES", {}, keys=("owner", "outcome"))
env.distinct_properties(
    HUBSPOT_PROPERTIES={name: HUBSPOT_PROPERTIES.get(name, name) for name in OF_CONTACTS},
    HUBSPOT_AREA_PROPERTIES=HUBSPOT_AREA_PROPERTIES,
    HUBSPOT_CONSENT_PROPERTIES=HUBSPOT_CONSENT_PROPERTIES,
    HUBSPOT_CAMPAIGN_PROPERTIES=HUBSPOT_CAMPAIGN_PROPERTIES,
    HUBSPOT_SALES_PROPERTIES=HUBSPOT_SALES_PROPERTIES,
)
WEBHOOKS_MAY_BE_PRIVATE = env.switch("WEBHOOKS_MAY_BE_PRIVATE", default=False)  # or without TLS
HUBSPOT_PORTAL_URL = env.portal_url("HUBSPOT_PORTAL_URL")
# The account's rate limit for our token: 100 on Free and Starter, 190 on Professional and Enterprise.
HUBSPOT_CALLS_PER_10_SECONDS = env.number("HUBSPOT_CALLS_PER_10_SECONDS", 100, least=1)
HUBSPOT_HEADROOM_PERCENT = env.number("HUBSPOT_HEADROOM_PERCENT", 10, most=90)  # for others with our token
HUBSPOT_WORKERS = env.number("HUBSPOT_WORKERS", 4, least=1, most=1000)  # share the limit without Redis
HUBSPOT_TIME_ZONE = env.time_zone("HUBSPOT_TIME_ZONE")  # of the daily limit; empty: read from HubSpot

# Mail: recipients of alerts, and the server

EMAIL_URL = env.text("EMAIL_URL")
MAIL_IS_SET_UP = bool(EMAIL_URL)  # else mails to prospects wait, and are not offered
vars().update(connections.mail(EMAIL_URL))
EMAIL_BACKEND, GUARDED_EMAIL_BACKEND, MAIL_ONLY_TO = guard.mail_backends(ENVIRONMENT, vars()["EMAIL_BACKEND"])
EMAIL_TIMEOUT = 10  # seconds; the default has no timeout
MAIL_IS_PUBLIC = MAIL_IS_SET_UP and not DEBUG  # servers reject senders at localhost
ADMINS = [("", address) for address in mail_addresses.alerted(public=MAIL_IS_PUBLIC)]
SERVER_EMAIL, DEFAULT_FROM_EMAIL = mail_addresses.senders(public=MAIL_IS_PUBLIC)
EMAIL_SUBJECT_PREFIX = ""
POSTAL_ADDRESS = env.text("POSTAL_ADDRESS")  # of the operator, in the footer of every mail to a prospect
# Base URL of links in mails: workers have no request.
PUBLIC_URL = env.public_url(
    "PUBLIC_URL",
    f"http://127.0.0.1:{env.text('PORT', '8000')}" if DEBUG else env.home(ALLOWED_HOSTS),
    [] if DEBUG else ALLOWED_HOSTS,
    tls=env.switch("SECURE_SSL_REDIRECT", default=not DEBUG),
)

# Run-time settings: config/operator_settings.py
CONSTANCE_SUPERUSER_ONLY = False  # there is a dedicated permission
CONSTANCE_BACKEND = "config.runtime_settings.SnapshotBackend"
CONSTANCE_CONFIG = operator_settings.DEFAULTS
CONSTANCE_CONFIG_FIELDSETS = operator_settings.GROUPS
CONSTANCE_ADDITIONAL_FIELDS = operator_settings.FIELDS

# Authentication

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Whether all staff need a second factor; optional only with DEBUG on a loopback address.
STAFF_SECOND_FACTOR = env.choice(
    "STAFF_SECOND_FACTOR",
    "optional" if DEBUG and env.serves_loopback_only() else "required",
    ("required", "optional"),
)
if STAFF_SECOND_FACTOR == "optional" and not (DEBUG and env.serves_loopback_only()):
    env.refuse_start(
        "STAFF_SECOND_FACTOR",
        "is optional on a server that others can reach",
        "Set it to required, or leave it out.",
    )

vars().update(sign_in.library_settings(debug=DEBUG))

# Number of trusted proxies that append to X-Forwarded-For. 0: the peer is the client.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, most=10)

# Security

SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.switch("HSTS_SUBDOMAINS", default=not DEBUG)
SECURE_REFERRER_POLICY = "same-origin"  # `no-referrer` makes browsers send `Origin: null`, which CSRF refuses
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # absolute lifetime from the log-in
STAFF_IDLE_MINUTES = env.number("STAFF_IDLE_MINUTES", 60, least=5, most=720)
# The __Host- prefix binds a cookie to this host and requires TLS, which local development lacks.
SESSION_COOKIE_NAME = "sessionid" if DEBUG else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEBUG else "__Host-csrftoken"
ASSESSMENT_COOKIE_NAME = "assessment" if DEBUG else "__Host-assessment"
PRIVACY_COOKIE_NAME = "privacy" if DEBUG else "__Host-privacy"
VISITOR_COOKIE_NAME = "visitor" if DEBUG else "__Host-visitor"  # only while an experiment runs
KNOWN_BROWSER_COOKIE_NAME = "known" if DEBUG else "__Host-known"  # of staff: accounts/throttle.py
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "assessments.web.error_pages.csrf_failure"
# Pages that other apps link to by role: web/page_urls.py
PAGES = {
    "privacy": "privacy:page",
    "privacy_link": "privacy:open",
    "confirm_link": "privacy:open_confirmation",
    "privacy_of_result": "privacy:from_result",
    "resume_by_mail": "mailings:resume_by_mail",
}
SILENCED_SYSTEM_CHECKS = ["security.W003"]  # it looks for Django's own class: ours is built on it
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300  # authors have more: scorecard/admin/pages/long_forms.py
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
OWN_FILES_ONLY = ("script-src", "style-src", "font-src", "connect-src", "manifest-src", "form-action")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{name: ["'none'"] for name in ("default-src", "base-uri", "frame-ancestors")},
        **{name: ["'self'"] for name in OWN_FILES_ONLY},
        "img-src": ["'self'", "data:"],
    }
}

# Maintenance mode is on while this file exists, independently of the database.
MAINTENANCE_FILE = env.file("MAINTENANCE_FILE", "maintenance")

# Static files

STATIC_URL = "/static/"  # absolute: pages below the key of a questionnaire share it
STATIC_ROOT = None if DEBUG else BASE_DIR / "staticfiles"  # DEBUG serves them from the source directories
STATICFILES_DIRS = [BASE_DIR / "static", NINJA / "static"]
# Uploads of visitors
UPLOADS_LARGEST_MB = env.number("UPLOADS_LARGEST_MB", 10, least=1, most=100)
CLAMAV_URL = connections.virus_scanner()
FILE_UPLOAD_HANDLERS = ["files.receiving.BoundedUploadHandler"]
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {"uploads": connections.uploads(), "staticfiles": {"BACKEND": plain if DEBUG else hashed}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# Languages and time. A language is a line here, with its native name, and a catalogue: docs/development.md

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language" if DEBUG else "__Host-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True

LOGGING = logging.LOGGING

# Error reporting to Sentry, without personal data (operations/sentry.py), and metrics (operations/metrics.py)

SENTRY_DSN = env.sentry_dsn("SENTRY_DSN")
METRICS_TOKEN = env.secret("METRICS_TOKEN", least=32)

# Watching and backups: operations/doctor, docs/monitoring/README.md, docs/backups.md

DATABASE_DISK_GB = env.number("DATABASE_DISK_GB", 0)  # of a database server elsewhere; 0: not known
DKIM_SELECTOR = mail_addresses.dkim_selector()  # empty: the usual ones are tried

TRACES_URL = guard.traces_url()

BACKUPS = backups.read()

UNFOLD = back_office.UNFOLD

# Django's own error pages show settings, local variables and every URL: only where they are asked for.

DEVELOPMENT = DEBUG
DEBUG = env.switch("TRACEBACK_PAGES", default=False) and DEBUG
