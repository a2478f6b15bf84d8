"""Every setting, read from the environment; README.md lists the variables.

With nothing set, Leeway runs embedded: SQLite, a message folder and a kept secret key, all under
the data folder. DATABASE_URL and REDIS_URL make it a production of as many processes as needed.
"""

from datetime import timedelta
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.datadir import data_dir, kept_secret_key
from config.demo.accounts import ACCOUNTS, PASSWORD

env = environ.Env()

# --- What kind of house this is -----------------------------------------------------------------

DATA_DIR = data_dir()
DEBUG = env.bool("DEBUG", default=False)
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
# Embedded means one machine, started by `manage.py up`; the rest is production.
EMBEDDED = not DATABASE_URL
# Lists the demo accounts on the sign-in page; `manage.py up` sets it when it loaded the demo.
LEEWAY_DEMO = env.bool("LEEWAY_DEMO", default=False)
DEMO_ACCOUNTS = ACCOUNTS if LEEWAY_DEMO else []
DEMO_PASSWORD = PASSWORD if LEEWAY_DEMO else ""

# --- Who may talk to it, and how ----------------------------------------------------------------

SECRET_KEY_IS_SET = bool(env.str("SECRET_KEY", default=""))
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Number of proxies in front that add to X-Forwarded-For and set X-Forwarded-Proto.
PROXY_COUNT = env.int("LEEWAY_PROXY_COUNT", default=0)
HTTPS = env.bool("LEEWAY_HTTPS", default=not DEBUG)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # probes come from inside, without TLS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=3600) if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- What it is made of -------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "reports",
    "resolutions",
    "budgets",
    "policies",
    "employees",
    "config.apps.AdminDoor",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "import_export",
    "django_htmx",
    "csp",
    "axes",
    "health_check",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"  # each team has its own; pages show the person's

# --- Database -----------------------------------------------------------------------------------

# A pooler that hands a connection to another client after each transaction (PgBouncer) can keep
# neither prepared statements nor server-side cursors.
PGBOUNCER = env.bool("LEEWAY_PGBOUNCER", default=False)

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA_DIR / "leeway.sqlite3"),
    "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},  # a file, for threads and other processes
}
_SQLITE_OPTIONS = {
    # Writers queue up at BEGIN instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
_POSTGRESQL_OPTIONS = {
    # Bound on the server, a statement's text stays the same and psycopg prepares it at its fifth
    # use on a connection: PostgreSQL then plans it once, at about half the CPU.
    "server_side_binding": True,
    "prepare_threshold": None if PGBOUNCER else 5,
    "connect_timeout": 5,  # seconds; a vanished server is an error, not a hanging request
}

if DATABASE_URL and not DATABASE_URL.startswith(("postgres://", "postgresql://", "sqlite:///")):
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")
_database: dict[str, Any] = env.db_url("DATABASE_URL") if DATABASE_URL else _SQLITE
_database["OPTIONS"] = {
    **(_SQLITE_OPTIONS if "sqlite" in _database["ENGINE"] else _POSTGRESQL_OPTIONS),
    **_database.get("OPTIONS", {}),
}
_database.setdefault("CONN_MAX_AGE", env.int("DATABASE_CONN_MAX_AGE", default=600))
# After PostgreSQL was restarted, the next request asks for a new connection instead of failing.
_database.setdefault("CONN_HEALTH_CHECKS", True)
_database["DISABLE_SERVER_SIDE_CURSORS"] = PGBOUNCER
DATABASES = {"default": _database}

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "employees.Employee"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "employees.roles.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
FINANCE_URL = "/finance/"  # where finance begins its day
LOGOUT_REDIRECT_URL = "/sign-in/"

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "config.clients.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "employees/locked_out.html"

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["employees.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["config.api.rendering.StableJSON"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsing.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["config.api.filtering.KnownFilters"],
    "DEFAULT_PAGINATION_CLASS": "config.api.paging.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["config.api.throttling.RequestRate"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.problems.answer_exception",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Requests per second, minute, hour or day: of one employee, and for a token from one address.
# Empty means as many as they like.
API_RATES = {
    "requests": env.str("LEEWAY_API_RATE", default="600/minute"),
    "tokens": env.str("LEEWAY_TOKEN_RATE", default="20/minute"),
}
# In one process: agents' pages need its threads, too.
EXPORTS_AT_ONCE = env.int("LEEWAY_EXPORTS_AT_ONCE", default=3)
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": timedelta(days=env.int("LEEWAY_TOKEN_DAYS", default=30)),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Leeway",
    "VERSION": "1.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "VerdictEnum": ["within", "grace", "outside"],
        "BudgetKindEnum": ["month", "fund", "entitlements"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.schema.tell_all",
    ],
}

# --- History ------------------------------------------------------------------------------------

# A reason may be longer than the hundred characters that it gets otherwise.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- Files, import and export -------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("LEEWAY_STATIC_ROOT", default="") or str(DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True

# --- Mail ---------------------------------------------------------------------------------------

# Without EMAIL_URL, mails are written into a folder, to be looked at.
_mail: dict[str, Any] = env.email_url("EMAIL_URL") if env.str("EMAIL_URL", default="") else {}
EMAIL_IS_SET = bool(_mail)
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH") or str(DATA_DIR / "mail")
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds; a worker must not hang on a mail server
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Leeway <leeway@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who reads what customers answer when they are asked how it went.
FOLLOW_UP_REPLY_TO = env.str("LEEWAY_REPLY_TO", default="") or DEFAULT_FROM_EMAIL
# What links in mails begin with: where people reach the program.
PUBLIC_URL = env.str("LEEWAY_URL", default="http://localhost:8000").rstrip("/")

# --- Cache and jobs -----------------------------------------------------------------------------

if REDIS_URL:
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "config.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "leeway",
        }
    }
    # The same socket file is `unix://` to the cache and `redis+socket://` to Celery.
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
        "?db=", "?virtual_host="
    )
    _broker_options: dict[str, Any] = {
        # A message taken and not acknowledged comes back after this: its worker is gone. Longer
        # than any task, else another worker begins what the first still does, which is harmless
        # but of no use. Nothing waits for it: beat's next wake-up does the work.
        "visibility_timeout": 3600,
        # Look for such messages every 10 seconds, and not only each tenth time.
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 1,
        "global_keyprefix": "leeway:",
    }
else:
    # `manage.py up` starts one web process, so that its own memory is cache enough.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "folder://localhost"
    _broker_options = {"folder": str(DATA_DIR / "jobs")}
# Agents must not wait for a dead broker (left to itself, publishing to a dead Redis takes six
# seconds): the message is only a wake-up, and beat sweeps.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    **_broker_options,
}
# A message is done when its task is: a worker that is killed in the middle takes none along, and
# every task may run twice. One that failed is done too: beat wakes it up again.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
# A process holds the one message that it works on: whoever is idle takes the next.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
# A wake-up expires once later ones do its work: while all workers are away they don't pile up. Not
# within less than some minutes, by which the clocks of beat and a worker may differ.
CELERY_BEAT_SCHEDULE = {
    # Midnight comes somewhere at each quarter of an hour, in Kathmandu at 18:15.
    "open-months": {
        "task": "budgets.tasks.open_months",
        "schedule": crontab(minute="0,15,30,45"),
        "options": {"expires": 15 * 60},
    },
    "check-ledger": {
        "task": "budgets.tasks.check_ledger",
        "schedule": crontab(hour="2", minute="30"),
    },
    # What could not be mailed at once is told later.
    "tell-of-the-ledger": {
        "task": "budgets.tasks.tell_of_the_ledger",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
    # Somewhere it is seven in the morning of a month's first working day.
    "send-monthly-reports": {
        "task": "reports.tasks.send_monthly_reports",
        "schedule": crontab(minute="2,17,32,47"),
        "options": {"expires": 15 * 60},
    },
    "send-owed-reports": {
        "task": "reports.tasks.send_owed_reports",
        "schedule": 60,
        "options": {"expires": 10 * 60},
    },
    # Somebody watches the progress of a long one; with none it is one look at an empty list.
    "run-trials": {
        "task": "resolutions.tasks.run_trials",
        "schedule": 10,
        "options": {"expires": 10 * 60},
    },
    "sweep-trials": {
        "task": "resolutions.tasks.sweep_trials",
        "schedule": crontab(hour="3", minute="10"),
    },
    "list-low-scores": {
        "task": "resolutions.tasks.list_low_scores",
        "schedule": 5 * 60,
        "options": {"expires": 10 * 60},
    },
    # Yesterday ends somewhere at each hour, and what was missed is made up for.
    "draw-sample": {
        "task": "resolutions.tasks.draw_sample",
        "schedule": crontab(hour="1,7,13,19", minute="20"),
        "options": {"expires": 60 * 60},
    },
    "send-follow-ups": {
        "task": "resolutions.tasks.send_follow_ups",
        "schedule": 60,
        "options": {"expires": 10 * 60},
    },
    # Reports lag behind by no more than this. Two at once do no harm: one of them leaves.
    "follow-the-ledger": {
        "task": "reports.tasks.follow_the_ledger",
        "schedule": 60,
        "options": {"expires": 10 * 60},
    },
    "prove-rollups": {
        "task": "reports.tasks.prove_rollups",
        "schedule": crontab(hour="2", minute="50"),
    },
}

# --- Logs ---------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
