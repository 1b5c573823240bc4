"""Django settings of the portal: one file for development, tests and production.

What differs between machines comes from the environment, through `alliance_portal.env`.
"""

from datetime import timedelta
from typing import Any

import django_stubs_ext
import pghistory
from csp.constants import NONE, SELF

from alliance_portal import env

# Lets generic views and forms name what they are generic in, as FormView[RecordSizeForm].
django_stubs_ext.monkeypatch()

BASE_DIR = env.BASE_DIR
SECRET_KEY = env.secret_key()
DEBUG = env.debug()
ALLOWED_HOSTS = env.hosts()
CSRF_TRUSTED_ORIGINS = env.origins()
HTTPS = env.yes_or_no("HTTPS", False)
DEMO = env.demo()

INSTALLED_APPS = [
    "alliance_portal",
    "savings",
    "business_areas",
    "programmes",
    "crispy_forms",
    "django_htmx",
    "django_filters",
    "allauth",
    "allauth.account",
    "pgtrigger",
    "pghistory",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alliance_portal.never_stored.never_stored",
    "alliance_portal.serving.plain.PlainRequestsMiddleware",
    "alliance_portal.serving.patience.PatienceMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "alliance_portal.middleware.DatabaseFirst",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alliance_portal.typed.middleware.SignInFirst",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "programmes.changes.door.Door",
    "alliance_portal.table_files.middleware.TableFiles",
]

ROOT_URLCONF = "alliance_portal.urls"

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
                "alliance_portal.page.portal",
                "alliance_portal.typed.views.typed",
            ],
            "builtins": ["alliance_portal.templatetags.form_tokens"],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.database(),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Outside a transaction one would be filled as that of its statement ends, where no limit of
        # PostgreSQL's counts, and a pooler would have lost it by the next page of rows.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
# How long a page waits for another's lock, and for one answer; workers and commands wait on.
WEB_LOCK_SECONDS = 5
WEB_STATEMENT_SECONDS = 30
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in must not depend on the broker, so the cache is in PostgreSQL. It counts tries, so it holds
# more than a guesser can push out of it in a minute.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "programmes.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# What each of these keeps out is in docs/decisions/0012-who-gets-in.md.
ACCOUNT_ADAPTER = "alliance_portal.sign_in.adapter.SignIn"
ACCOUNT_FORMS = {
    "reset_password": "alliance_portal.sign_in.reset.ResetLinkForm",
    "change_password": "alliance_portal.sign_in.change.CurrentPasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "alliance_portal.sign_in.links.ResetLinks"  # noqa: S105
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_USER_DISPLAY = "alliance_portal.sign_in.adapter.display_name"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# “key” is the account and the address together, so that nobody uses up another's. None: wrong
# passwords are counted by programmes/tries.py, and what cannot be guessed needs no limit.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reset_link": "5/h/key",
    "reset_password": None,
    "reset_password_from_key": None,
    "change_password": None,
    "reauthenticate": None,
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
TRUSTED_PROXY_COUNT = env.trusted_proxies()
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=4).total_seconds())
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.VAR_DIR / "static"
STATIC_MANIFEST_DIR = env.VAR_DIR / "static-names"
# Before the first start nothing is built, and a command need not hear of it.
STATICFILES_DIRS = [built for built in [env.VAR_DIR / "assets"] if built.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "alliance_portal.static_files.HashedFiles"},
}
WHITENOISE_MANIFEST_STRICT = False

CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# Whoever asks for the state of the process asks it directly, not through the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The prefix keeps a neighbour's host or a page without HTTPS from setting them.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "alliance_portal.typed.views.expired"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}


# Every insert, update and delete leaves an event row that nothing can alter afterwards.
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGHISTORY_APPEND_ONLY = True

# Celery. The reasons for each number are in docs/decisions/0005-a-queue-that-loses-nothing.md.
CELERY_BROKER_URL = env.broker_url()
CELERY_TASK_DEFAULT_QUEUE = env.queue()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3600
# No window: an acknowledgement that a frozen broker never got would take one of its places for good.
CELERY_WORKER_PREFETCH_MULTIPLIER = 0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Longer than the longest task, or a task would run twice at once; said in all three places.
_VISIBILITY_SECONDS = 2 * 3600
CELERY_VISIBILITY_TIMEOUT = _VISIBILITY_SECONDS
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": _VISIBILITY_SECONDS,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": _VISIBILITY_SECONDS}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
# What beat asks for while no worker is up is dropped, not done a thousand times over later.
_EXPIRES = {"expires": 60}
CELERY_BEAT_SCHEDULE = {
    "sweep-requests": {"task": "savings.tasks.sweep", "schedule": 5.0, "options": _EXPIRES},
    "heartbeat": {"task": "savings.tasks.beat_heart", "schedule": 10.0, "options": _EXPIRES},
    "prune": {"task": "savings.tasks.prune", "schedule": 3600.0, "options": _EXPIRES},
    "clear-sessions": {
        "task": "alliance_portal.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": _EXPIRES,
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(env.VAR_DIR / "run" / "celerybeat-schedule")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "alliance_portal.quiet_logs.OutageInOneLine",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {
        "not_by_the_clock": {
            "()": "alliance_portal.quiet_logs.NotByTheClock",
            "tasks": [entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()],
        },
        "outage_once_a_minute": {"()": "alliance_portal.quiet_logs.OutageOnceAMinute"},
        "short_lines": {"()": "alliance_portal.quiet_logs.ShortLines"},
        "with_its_request": {"()": "alliance_portal.quiet_logs.WithItsRequest"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": [
                "not_by_the_clock",
                "outage_once_a_minute",
                "with_its_request",
                "short_lines",
            ],
        }
    },
    "root": {"handlers": ["console"], "level": env.log_level()},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},  # or every command begins by saying that it is there
        "fontTools": {"level": "WARNING"},
    },
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender()
for _key, _value in env.email().items():
    if _key.startswith("EMAIL_"):
        globals()[_key] = _value
