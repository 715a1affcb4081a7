"""Settings, read from the environment.

With no variable set the product runs embedded: SQLite, an in-project Celery broker on the
file system, letters and documents under ``var/``. A ministry sets ``DATABASE_URL``,
``REDIS_URL``, ``EMAIL_URL``, ``SECRET_KEY`` and the rest (docs/operations.md lists them all);
``MODE=production`` refuses to start while anything in config/checks.py is insecure.
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from config.logs import logging_settings

PROJECT_ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(PROJECT_ROOT / ".env", overwrite=False)

# --- mode -----------------------------------------------------------------------------
MODE = env.str("MODE", default="demonstration")  # demonstration | production
PRODUCTION = MODE == "production"
DEMONSTRATION_PASSWORD = "" if PRODUCTION else "Cooperation-2026"
DEBUG = env.bool("DEBUG", default=False)
INSECURE_SECRET_KEY = "embedded-demonstration-key-which-production-mode-refuses"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default=INSECURE_SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])

# Where `manage.py serve` listens, and with how many processes.
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
WEB_WORKERS = env.int("WEB_WORKERS", default=2)
WEB_THREADS = env.int("WEB_THREADS", default=2)
WORKER_PROCESSES = env.int("WORKER_PROCESSES", default=2)
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", default=f"http://localhost:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_ADDRESS])

VAR_DIR = Path(env.str("VAR_DIR", default=str(PROJECT_ROOT / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- rooms ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "registry",
    "treaties",
    "cases",
    "mla",
    "config",
    # After the rooms, whose templates for sign-in come before its own.
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registry.web.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.web.preferences.PersonalPreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "registry.web.security_headers.SecurityHeadersMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.web.context.page_frame",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'embedded.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database.setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
            ),
        }
    )
else:
    _database.setdefault("OPTIONS", {}).update(
        {"server_side_binding": True, "prepare_threshold": 2}
    )
_database["CONN_MAX_AGE"] = env.int("DATABASE_CONNECTION_SECONDS", default=600)
_database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- people and sign-in ---------------------------------------------------------------
AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "registry.sign_in.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = int(timedelta(hours=env.int("SESSION_HOURS", default=10)).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

# --- language, time -------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("ar", _("Arabic")),
]
LETTER_LANGUAGES = ["en", "fr", "es", "ar", "ru", "zh"]
LETTER_SIGNING_CERTIFICATE = env.str("LETTER_SIGNING_CERTIFICATE", default="")
LETTER_SIGNING_KEY = env.str("LETTER_SIGNING_KEY", default="")
LETTER_SIGNING_PASSPHRASE = env.str("LETTER_SIGNING_PASSPHRASE", default="")
LETTER_SIGNING_ROOTS = env.str("LETTER_SIGNING_ROOTS", default="")
LETTER_SIGNING_PKCS11_MODULE = env.str("LETTER_SIGNING_PKCS11_MODULE", default="")
LETTER_SIGNING_PKCS11_TOKEN = env.str("LETTER_SIGNING_PKCS11_TOKEN", default="")
LETTER_SIGNING_PKCS11_LABEL = env.str("LETTER_SIGNING_PKCS11_LABEL", default="")
LETTER_SIGNING_PKCS11_PIN = env.str("LETTER_SIGNING_PKCS11_PIN", default="")
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [PROJECT_ROOT / "config" / "locale"]

# --- files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "documents"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT)},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=50 * 1024 * 1024)
# The key by which other installations know this one; every process must read the same.
INSTALLATION_KEY_FILE = env.str(
    "INSTALLATION_KEY_FILE", default=str(VAR_DIR / "installation-key.pem")
)
# The keys of protected persons' identities: apart from the database, and backed up apart from it.
PROTECTED_IDENTITY_KEY_FILE = env.str(
    "PROTECTED_IDENTITY_KEY_FILE", default=str(VAR_DIR / "protected-identities.key")
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# --- mail -----------------------------------------------------------------------------
# Without EMAIL_URL the demonstration keeps mail in the database, shown at /demo/mail.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "registry.demonstration_mailbox.MailboxBackend"
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="case-tracking@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT_SECONDS", default=10)
# How long a worker may hold reminders before another takes them for abandoned: longer than a
# batch of twenty takes to send at the mail server's slowest.
REMINDER_LEASE_SECONDS = env.int("REMINDER_LEASE_SECONDS", default=300)
# Webhooks call public addresses alone, so that nobody reaches into the ministry's network by one.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_TO_PRIVATE_ADDRESSES", default=False)

# --- Celery ---------------------------------------------------------------------------
BROKER_DIR = VAR_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    BROKER_DIR.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1000
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# The broker is a bell and the database the truth: each sweep finds its own work, so a lost
# or a doubled message costs nothing but a few seconds.
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=15.0)


def _sweep(task: str, seconds: float, room: str = "registry") -> dict[str, object]:
    """A sweep on schedule. One not heard before the next is due has nothing to add: it expires."""
    name = f"{room}.tasks.{task}"
    return {"task": name, "schedule": seconds, "options": {"expires": max(seconds, 5.0)}}


CELERY_BEAT_SCHEDULE = {
    "record-due-reminders": _sweep("record_due_reminders", SWEEP_SECONDS),
    "deliver-reminders": _sweep("deliver_reminders", SWEEP_SECONDS),
    "rearm-deadlines": _sweep("rearm_deadlines", SWEEP_SECONDS),
    "match-persons": _sweep("match_persons", 15.0, "cases"),
    "make-letters": _sweep("make_letters", 10.0),
    "recount-clocks": _sweep("recount_clocks", 300.0),
    "obligations-coming-due": _sweep("open_obligations_coming_due", 3600.0, "treaties"),
    "make-reports": _sweep("make_reports", 15.0, "treaties"),
    "order-scheduled-reports": _sweep("order_scheduled_reports", 900.0, "treaties"),
    "make-packages": _sweep("make_packages", 15.0, "mla"),
    "report-to-peers": _sweep("report_to_peers", SWEEP_SECONDS, "mla"),
    "deliver-to-peers": _sweep("deliver_to_peers", SWEEP_SECONDS),
    "work-on-spreadsheets": _sweep("work_on_spreadsheets", 15.0, "mla"),
    "draft-reminder-rounds": _sweep("draft_reminder_rounds", 15.0),
    "make-list-exports": _sweep("make_list_exports", 15.0),
    "forget-list-exports": _sweep("forget_list_exports", 3600.0),
    "forget-idempotency-keys": _sweep("forget_idempotency_keys", 3600.0),
}

# --- register -------------------------------------------------------------------------
DIRECTORY_STALE_AFTER_DAYS = env.int("DIRECTORY_STALE_AFTER_DAYS", default=365)

# --- API ------------------------------------------------------------------------------
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=3000)
API_ANONYMOUS_CALLS_PER_MINUTE = env.int("API_ANONYMOUS_CALLS_PER_MINUTE", default=300)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.api.authentication.PersonalAccessTokenAuthentication",
        "registry.api.authentication.SignedInSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["registry.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["registry.api.parsing.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["registry.api.throttling.PerPersonThrottle"],
    "DEFAULT_PAGINATION_CLASS": "registry.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "registry.api.problems.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mutual legal assistance and extradition",
    "DESCRIPTION": "Requests for mutual legal assistance: legal basis, letters, deadlines.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_PATCH": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "StateKindEnum": "registry.models.State.Kind",
        "AuthorityKindEnum": "registry.models.Authority.Kind",
        "InstrumentKindEnum": "treaties.models.Instrument.Kind",
        "DeclarationKindEnum": "treaties.models.Declaration.Kind",
        "DocumentKindEnum": "registry.models.Document.Kind",
        "DeadlineStateEnum": "registry.models.Deadline.State",
        "ClockEventKindEnum": "registry.models.ClockEvent.Kind",
        "ProposedMoveStateEnum": "registry.models.ProposedMove.State",
        "RecordedClockEventEnum": "registry.clock_events.RECORDABLE",
        "BoundPartyEnum": "registry.models.Deadline.BoundParty",
        "ConfidenceEnum": "registry.models.Confidence",
        "CaseStageEnum": "cases.models.CaseFile.Stage",
        "RelatedFileStateEnum": "cases.models.RelatedFile.State",
        "PersonRoleEnum": "cases.models.Person.Role",
        "MembershipRoleEnum": "registry.models.Role",
        "ChannelEnum": "mla.models.AssistanceRequest.Transmission",
        "RequestStatusEnum": "mla.api.serializers.STATUSES",
        "MeasureStateEnum": "mla.models.MeasureState",
        "GroundAnswerEnum": "mla.models.RefusalAssessment.Answer",
        "ReceiptChannelEnum": "mla.models.Receipt.Channel",
        "TransmissionChannelEnum": "mla.models.Transmission.Channel",
        "ItemKindEnum": "mla.models.Item.Kind",
        "CostNatureEnum": "mla.models.Cost.Nature",
        "UsefulnessEnum": "mla.models.Feedback.Usefulness",
        "CostBearerEnum": "mla.models.Cost.Bearer",
        "SpreadsheetKindEnum": "mla.models.SpreadsheetImport.Kind",
        "MadeStageEnum": "treaties.models.ComplianceReport.Stage",
        "ExtraditionStatusEnum": "cases.models.ExtraditionStatus",
        "DraftLetterStateEnum": "registry.models.DraftLetter.State",
        "AssuranceKindEnum": "cases.models.Assurance.Kind",
        "AssuranceStateEnum": "cases.models.Assurance.State",
        "SpecialityEntryKindEnum": "cases.models.SpecialityEntry.Kind",
        "SpecialityAnswerEnum": "cases.models.SpecialityEntry.Answer",
        "TransitAnswerEnum": "cases.models.Transit.Answer",
        "PageLanguageEnum": "django.conf.settings.LANGUAGES",
        "LetterLanguageEnum": "django.conf.settings.LETTER_LANGUAGES",
        "RequestMoveEnum": "mla.lifecycle.ALL_MOVES",
        "RequestKindEnum": "mla.models.RequestKind",
        "ObligationMoveEnum": "treaties.assessments.MOVES",
        "AssessmentStatusEnum": "treaties.models.Assessment.Status",
        "ObligationStatusEnum": "treaties.compliance.STATUSES",
        "ConfidentialityEnum": "registry.models.Dossier.Confidentiality",
        "RequirementEnum": "treaties.models.Requirement",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "registry.api.description.add_problems",
        "registry.api.description.leave_out_limits_of_the_database",
    ],
}

# --- logs -----------------------------------------------------------------------------
LOGGING = logging_settings(
    level=env.str("LOG_LEVEL", default="WARNING"), as_json=env.bool("LOG_AS_JSON", PRODUCTION)
)
