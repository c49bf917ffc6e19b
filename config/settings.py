"""Every setting of the product. Values come from the environment; `.env.example` explains each.

With DEBUG off, a missing or weak setting ends the process with one line that names it and the fix.
"""

from config import back_office, connections, embedded, operator_settings, sign_in
from config import environment as env

BASE_DIR = env.BASE_DIR

DEBUG = env.switch("DEBUG", default=False)

SECRET_KEY = env.text("SECRET_KEY", "only-for-development-" * 3 if DEBUG else "")
if not DEBUG and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5):
    env.stop(
        "SECRET_KEY",
        "is missing or shorter than 50 characters" if len(SECRET_KEY) < 50 else "is no random text",
        "Set it to the output of: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
    )

ALLOWED_HOSTS = env.host_names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])

# What gunicorn, the Procfile and the launcher read: refused here, so that `check --deploy` tells too.
env.refuse_sub_path()
env.number("PORT", 8000, least=1, most=65535)
env.number("WEB_CONCURRENCY", 2, least=1, most=1000)
env.number("WORKER_CONCURRENCY", 2, least=1, most=1000)
if not DEBUG:
    env.listen_address()

# Under this key addresses are hashed where they must be recognised and not read: erased ones, consents.
# script/server has a SECRET_KEY of its own, and commands that join its database must find the same people.
ADDRESS_HASH_KEY = env.text("ADDRESS_HASH_KEY", "only-for-development-" * 3 if DEBUG else SECRET_KEY)

CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

# Applications, top of the house first

INSTALLED_APPS = [
    "operations",
    "privacy",
    "hubspot_sync",
    "mailings",
    "leads",
    "assessments",
    "experiments",
    "scorecard",
    "accounts",
    "audit",
    "branding",
    "queues",
    "encryption",
    "web",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.constance",
    "constance",
    "ninja",
    "csp",
    "pgtrigger",
    "django_celery_beat",
    "accounts.apps.StaffAdminConfig",  # django.contrib.admin
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # times in allauth's templates
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "operations.middleware.requests.RequestIdMiddleware",
    "operations.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "operations.middleware.compression.PublicGZipMiddleware",
    "operations.middleware.database_outage.DatabaseOutageMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.iframe.EmbedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "operations.middleware.maintenance.MaintenanceMiddleware",
    "web.csrf.FetchMetadataCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "branding.context_processors.brand",
            ],
        },
    },
]

# PostgreSQL remembers everything. A process that waits for it longer than this has lost its caller.

DATABASE_TIMEOUTS = {
    "web": "-c statement_timeout=5s -c lock_timeout=1s -c idle_in_transaction_session_timeout=10s",
    "worker": "-c statement_timeout=30s -c lock_timeout=2s -c idle_in_transaction_session_timeout=30s",
    "command": "-c lock_timeout=5s",
}
DATABASE_PROFILE = env.choice("DATABASE_PROFILE", "command", tuple(DATABASE_TIMEOUTS))

DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL")
if DEBUG and not (DATABASE_URL and REDIS_URL):
    services = embedded.ensure(BASE_DIR / ".local")
    DATABASE_URL = DATABASE_URL or services.database_url
    REDIS_URL = REDIS_URL or services.redis_url
REDIS_URL = connections.redis("REDIS_URL", REDIS_URL)
# PgBouncer refuses timeouts at the start of a connection: see docs
SEND_TIMEOUTS = env.switch("DATABASE_SEND_TIMEOUTS", default=True)

timeouts = DATABASE_TIMEOUTS[DATABASE_PROFILE] if SEND_TIMEOUTS else ""
DATABASES = {"default": connections.database(DATABASE_URL, timeouts)}
DATABASES["default"] |= {
    # A worker keeps its connection from task to task: 200 tasks open 4 connections instead of 200.
    "CONN_MAX_AGE": {"web": 60, "worker": 600, "command": 0}[DATABASE_PROFILE],
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # safe behind PgBouncer in transaction mode
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis wakes workers and counts, in a database for each. Losing it loses nothing.

RATE_LIMIT_REDIS_URL = connections.redis(
    "RATE_LIMIT_REDIS_URL", env.text("RATE_LIMIT_REDIS_URL", connections.redis_database(REDIS_URL, 1))
)

CACHES = {"default": {"BACKEND": "web.shared_cache.SharedCache", "LOCATION": RATE_LIMIT_REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"  # beat's schedule knows no summer time
CELERY_TASK_IGNORE_RESULT = True  # the outcome is in the row; a result would be a second copy
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]  # a pickle from whoever reaches Redis would run here
CELERY_TASK_ACKS_LATE = False  # a wake-up carries nothing; the sweep finds what a dead worker left
CELERY_TASK_SOFT_TIME_LIMIT = 60  # seconds; half a lease, so the rows are put back by who holds them
CELERY_TASK_TIME_LIMIT = 90  # under the lease of 120, so a killed worker never holds rows of another
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # one worker must not hoard wake-ups
CELERY_WORKER_DISABLE_PREFETCH = True  # nor keep one waiting behind a batch while another is free
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000  # bounds whatever leaks
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB; the same for what leaks fast
# Celery closes the connection around every task unless this is set; config/celery.py closes the stale ones.
CELERY_DB_REUSE_MAX = 1_000_000
CELERY_WORKER_SEND_TASK_EVENTS = False  # nobody listens
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # our log format holds in workers too
# Concerns late acks, of which there are none; said because Celery 6 changes the default.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10  # seconds to finish the batch at hand
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True  # Redis may come up after the worker
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # never give up on Redis
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # far longer than any task: no wake-up is handed out twice
    "socket_timeout": 5,  # the default waits for ever on a frozen Redis
    "socket_connect_timeout": 2,
    "socket_keepalive": True,  # a connection that is half gone is noticed
    "health_check_interval": 25,
}
CELERY_BEAT_SCHEDULER = "operations.schedule.scheduler.Scheduler"  # django-celery-beat's rows
CELERY_BEAT_SYNC_EVERY = 1  # store each run at once: a beat that is killed repeats none
CELERY_RESULT_EXPIRES = None  # there are no results: no job to clean them up

# Keys that seal personal columns, newest first: see encryption/keys.py

FIELD_ENCRYPTION_KEYS = env.words("FIELD_ENCRYPTION_KEYS", ["only-for-development-" * 3] if DEBUG else [])
keys = FIELD_ENCRYPTION_KEYS[1:] if FIELD_ENCRYPTION_KEYS[:1] == ["none"] else FIELD_ENCRYPTION_KEYS
if not FIELD_ENCRYPTION_KEYS or min(map(len, keys), default=43) < 43:
    env.stop(
        "FIELD_ENCRYPTION_KEYS",
        "is missing or holds a key shorter than 43 characters",
        "Set it to the output of: python -c 'import secrets; print(secrets.token_urlsafe(32))', or to none.",
    )

# HubSpot

HUBSPOT_BASE_URL = env.url(
    "HUBSPOT_BASE_URL",
    "https://api.hubapi.com",
    schemes=("https", "http"),
    example="https://api.hubapi.com",
)
HUBSPOT_TOKEN = env.secret("HUBSPOT_TOKEN")
HUBSPOT_PIPELINE = env.identifier("HUBSPOT_PIPELINE", "ai_consulting_pipeline")
HUBSPOT_DEAL_STAGE = env.identifier("HUBSPOT_DEAL_STAGE", "executive_briefing_requested")
HUBSPOT_DEAL_AMOUNT = env.number("HUBSPOT_DEAL_AMOUNT", 5000)
HUBSPOT_DEAL_CLOSE_DAYS = env.number("HUBSPOT_DEAL_CLOSE_DAYS", 30)
HUBSPOT_LEAD_SOURCE = env.text("HUBSPOT_LEAD_SOURCE", "AI Reality Check")
HUBSPOT_API_VERSION = env.choice("HUBSPOT_API_VERSION", "2026-03", ("v3", "2026-03", "2026-09"))
# Purpose of a consent -> contact property that is true once it is given and false once it is withdrawn.
HUBSPOT_CONSENT_PROPERTIES = env.pairs("HUBSPOT_CONSENT_PROPERTIES", {})
# Section key -> contact property that takes its score.
HUBSPOT_AREA_PROPERTIES = env.pairs(
    "HUBSPOT_AREA_PROPERTIES",
    {
        "value_assurance": "ai_value_score",
        "customer_safe": "ai_customer_score",
        "risk_compliance": "ai_risk_score",
        "governance": "ai_governance_score",
    },
)
# Our name of a property -> what the account calls it; empty: it is left out.
HUBSPOT_PROPERTIES = env.renames(
    "HUBSPOT_PROPERTIES",
    (
        *("ai_assessment_score", "ai_assessment_category", "ai_assessment_date", "ai_completion_time"),
        *("ai_lead_quality", "ai_details_given", "lead_source", "ai_assessment_key"),
    ),
    needed=("ai_assessment_key",),
)
# Campaign value (utm_source, utm_medium, utm_campaign) -> contact property that takes it.
HUBSPOT_CAMPAIGN_PROPERTIES = env.pairs("HUBSPOT_CAMPAIGN_PROPERTIES", {})
HUBSPOT_PORTAL_URL = env.link("HUBSPOT_PORTAL_URL", example="https://app.hubspot.com/contacts/123")
# What the account allows to our token: 100 on Free and Starter, 190 on Professional and Enterprise.
HUBSPOT_CALLS_PER_10_SECONDS = env.number("HUBSPOT_CALLS_PER_10_SECONDS", 100, least=1)
HUBSPOT_HEADROOM_PERCENT = env.number("HUBSPOT_HEADROOM_PERCENT", 10, most=90)  # for scripts on our token
HUBSPOT_WORKERS = env.number("HUBSPOT_WORKERS", 4, least=1)  # without Redis each takes its part of the limit
HUBSPOT_TIME_ZONE = env.time_zone("HUBSPOT_TIME_ZONE")  # of the account's day; empty: HubSpot is asked

# Mail: who hears of what needs a person, and through which server

ADMINS = [("", address) for address in env.mail_addresses("ADMINS")]
EMAIL_URL = env.text("EMAIL_URL")
MAIL_IS_SET_UP = bool(EMAIL_URL)  # else mails to prospects wait, and nobody is offered any
vars().update(connections.mail(EMAIL_URL))
EMAIL_TIMEOUT = 10  # seconds; the default waits for ever
MAIL_IS_PUBLIC = MAIL_IS_SET_UP and not DEBUG  # servers refuse a sender at localhost
SERVER_EMAIL, DEFAULT_FROM_EMAIL = env.senders(public=MAIL_IS_PUBLIC)
EMAIL_SUBJECT_PREFIX = ""
POSTAL_ADDRESS = env.text("POSTAL_ADDRESS")  # of whoever runs this, below every mail to a prospect
# Where the form is, for links in mails: a worker sees no request.
PUBLIC_URL = env.url(
    "PUBLIC_URL",
    f"http://127.0.0.1:{env.text('PORT', '8000')}" if DEBUG else env.home(ALLOWED_HOSTS),
    schemes=("https", "http"),
    example="https://check.example.com",
)

# The questionnaire that the landing page offers

DEFAULT_QUESTIONNAIRE = env.key("DEFAULT_QUESTIONNAIRE", "ai_reality_check")

# What an operator changes while the product runs: config/operator_settings.py

CONSTANCE_BACKEND = "config.runtime_settings.SnapshotBackend"
CONSTANCE_CONFIG = operator_settings.DEFAULTS
CONSTANCE_CONFIG_FIELDSETS = operator_settings.GROUPS
CONSTANCE_ADDITIONAL_FIELDS = operator_settings.FIELDS

# Who may enter

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# A second factor of everybody who may enter the admin; a newcomer's laptop is in with one password.
STAFF_SECOND_FACTOR = env.choice(
    "STAFF_SECOND_FACTOR", "optional" if DEBUG and env.is_loopback() else "required", ("required", "optional")
)
if STAFF_SECOND_FACTOR == "optional" and not (DEBUG and env.is_loopback()):
    env.stop(
        "STAFF_SECOND_FACTOR",
        "is optional on a server that others can reach",
        "Set it to required, or leave it out.",
    )

vars().update(sign_in.library_settings(debug=DEBUG))

# How many proxies of ours append to X-Forwarded-For. 0: nobody is believed, the peer is the client.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, most=10)

# Security

SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.switch("HSTS_SUBDOMAINS", default=not DEBUG)
SECURE_REFERRER_POLICY = "same-origin"  # `no-referrer` makes browsers send `Origin: null`, which CSRF refuses
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # from the log-in, whatever happens
STAFF_IDLE_MINUTES = env.number("STAFF_IDLE_MINUTES", 60, least=5, most=720)
# The __Host- prefix binds a cookie to this host and to TLS, which a laptop does not have.
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
    "privacy_of_result": "privacy:from_result",
    "resume_by_mail": "mailings:resume_by_mail",
}
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# While this file exists, pages say that the form is closed: it works without the database too.
MAINTENANCE_FILE = env.file("MAINTENANCE_FILE", "maintenance")

# Static files

STATIC_URL = "static/"
STATIC_ROOT = None if DEBUG else BASE_DIR / "staticfiles"  # a laptop serves them from where they lie
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Words and time. A language is a line here, in its own words, and a catalogue: see docs/development.md

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language" if DEBUG else "__Host-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True

# Logs: one JSON object a line on standard error; what an exception says is left out, see operations/logs.py

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "operations.logs.JsonFormatter"}},
    "filters": {"visitors": {"()": "operations.logs.VisitorsFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["visitors"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "urllib3": {"level": "INFO"},
        "celery.beat": {"level": "WARNING"},  # a line for each wake-up would bury the others
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.request": {"level": "WARNING"},  # nor one for each that came too late
    },
}

# Errors for a Sentry of yours, without anything personal: see operations/sentry.py

SENTRY_DSN = env.sentry_dsn("SENTRY_DSN")

# Figures for a Prometheus of yours: see operations/metrics.py

METRICS_TOKEN = env.secret("METRICS_TOKEN", least=32)

# The back office: config/back_office.py

UNFOLD = back_office.UNFOLD
CONSTANCE_SUPERUSER_ONLY = False  # operators have a permission of their own
