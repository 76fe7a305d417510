"""All settings, with values from the environment and defaults that work for `./run`.

Two environments: `demo` (the default: SQLite, embedded broker, sandbox Hub, mail into files) and
`production`, where every secret has to be given; `dibt.checks` explains what is missing or wrong.
The variables are described in docs/reference/settings.md.
"""

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from dibt.environment import Environment, cache_url_of

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()


def kept_secret(name: str) -> str:
    """A secret made once and kept in DATA_DIR, readable by its owner only; for the demo."""
    path = DATA_DIR / f"{name}.secret"
    try:
        if not path.exists():
            make_secret(path)
        return path.read_text()
    except OSError:
        return env.refuse(
            "DATA_DIR", secrets.token_urlsafe(48), wanted="a folder that this user can write to"
        )


def make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):  # another process was first; its secret counts
        os.link(draft, path)
    draft.unlink()


def host_of(url: str) -> str:
    """Scheme, host and port of a URL, as a Content-Security-Policy names a source."""
    return "/".join(url.split("/")[:3])


# --- Where we are ---------------------------------------------------------------------------------
ENVIRONMENT: str = env.text("DIBT_ENV", "demo")
PRODUCTION = ENVIRONMENT != "demo"  # what is misspelt must not open the sandbox's sign-in to everybody
DEBUG: bool = env.switch("DEBUG", default=False)
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
HOST: str = env.text("HOST", "127.0.0.1")
PORT: int = env.number("PORT", 8000, at_least=1, at_most=65534)  # the sandbox takes the next one
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104
PUBLIC_HOST = "127.0.0.1" if HOST in EVERYWHERE else f"[{HOST}]" if ":" in HOST else HOST
SITE_URL_GIVEN = env.origin("SITE_URL", "")
LOCAL_URL = f"http://{PUBLIC_HOST}:{PORT}"
SITE_URL = SITE_URL_GIVEN or LOCAL_URL
# A demo that only this machine reaches answers to no other name: a stranger's page could point one here.
ON_THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]", PUBLIC_HOST, urlsplit(SITE_URL).hostname or ""]
DEMO_HOSTS = ["*"] if HOST in EVERYWHERE else ON_THIS_MACHINE
ALLOWED_HOSTS: list[str] = env.words("ALLOWED_HOSTS", [] if PRODUCTION else DEMO_HOSTS)
CSRF_TRUSTED_ORIGINS = [host_of(SITE_URL)]
SECRET_KEY: str = env.text("SECRET_KEY", "") or ("" if PRODUCTION else kept_secret("django"))
# The first key encrypts, all of them decrypt: put a new one in front to rotate.
ENCRYPTION_KEYS: list[str] = env.words("ENCRYPTION_KEYS", []) or (
    [] if PRODUCTION else [kept_secret("encryption")]
)

# --- The Hub --------------------------------------------------------------------------------------
# Where it is set the sandbox is the Hub, whatever login the person at the keyboard has for the real one.
SANDBOX_URL = env.origin("SANDBOX_URL", "" if PRODUCTION else f"http://{PUBLIC_HOST}:{PORT + 1}", nothing="")
HUB_URL = SANDBOX_URL or env.origin("HF_ENDPOINT", "https://huggingface.co")
HUB_TOKEN = "hf_sandbox_platform" if SANDBOX_URL else env.text("HF_TOKEN", "")
HUB_OAUTH_CLIENT_ID = "dibt" if SANDBOX_URL else env.text("HF_OAUTH_CLIENT_ID", "")
HUB_OAUTH_CLIENT_SECRET = "sandbox-client-secret" if SANDBOX_URL else env.text("HF_OAUTH_CLIENT_SECRET", "")
HUB_TIMEOUT = timedelta(seconds=20)
# What is assumed of its rate limit until its first answer says what it is.
HUB_RATE_QUOTA: int = env.number("HUB_RATE_QUOTA", 1000, at_least=1)
HUB_RATE_WINDOW = timedelta(seconds=env.number("HUB_RATE_WINDOW", 300, at_least=1))
# How soon to look again at a Space that starts; those of the sandbox start in seconds.
SPACE_FIRST_LOOK = timedelta(seconds=2 if SANDBOX_URL else 10)
SPACE_TEMPLATE: str = env.text("SPACE_TEMPLATE", "argilla/argilla-template-space")
# Within this, what an application in a Space has written reaches its volume.
SPACE_SETTLE_TIME = timedelta(seconds=0 if SANDBOX_URL else 30)
# The Hub's `sub` of people who are organisers from their first sign-in on.
ORGANISER_SUBS: list[str] = env.words("ORGANISER_SUBS", [])

# The client reads these when it is first imported; a developer's own login must never be used.
for name, value in {
    "HF_ENDPOINT": HUB_URL,
    "HF_HOME": str(DATA_DIR / "hf-home"),
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",  # files go as LFS: one way of upload, with our time limits
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}.items():
    os.environ[name] = value

# --- What the site is made of ---------------------------------------------------------------------
INSTALLED_APPS = [
    "dibt",
    "accounts",
    "projects",
    "annotations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dibt.lib.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dibt.lib.middleware.CookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dibt.lib.middleware.PrivateMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SignInMiddleware",
    "annotations.middleware.TrialMiddleware",
    "dibt.lib.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "dibt.urls"
WSGI_APPLICATION = "dibt.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dibt.lib.context.site",
            ],
            "libraries": {"ui": "dibt.lib.templatetags.ui"},
            "builtins": [
                "django.templatetags.i18n",
                "dibt.lib.templatetags.ui",
                "dibt.lib.templatetags.assets",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(
        "DATABASE_URL", {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "db.sqlite3")}
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Measured: with anything less, writers at the same time meet "database is locked".
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;",
        },
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
REDIS_URL: str = env.text("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": cache_url_of(REDIS_URL)}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
UPLOAD_DIR = DATA_DIR / "uploads"
RELEASE_DIR = DATA_DIR / "releases"
IMPORT_MAX_BYTES: int = env.number("IMPORT_MAX_BYTES", 200 * 1024 * 1024, at_least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# --- Background work ------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_TASK_TIME_LIMIT = 1800  # below the broker's visibility timeout, or a long task would start twice
CELERY_TASK_IGNORE_RESULT = True  # what became of a task is in our own rows
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "projects.spaces.*": {"queue": "provisioning"},
    "annotations.releases.*": {"queue": "release"},
    "annotations.imports.*": {"queue": "sync"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "ring-again": {"task": "dibt.ring_again", "schedule": 30.0},
    "return-expired-assignments": {"task": "annotations.assignments.return_expired", "schedule": 60.0},
    "settle-trials": {"task": "annotations.trials.settle", "schedule": 300.0},
    "sweep-drafts": {"task": "annotations.drafts.sweep", "schedule": 3600.0},
    "fold-totals": {"task": "annotations.totals.fold", "schedule": 5.0},
    "watch-spaces": {"task": "projects.spaces.watch", "schedule": 300.0},
    "inspect-spaces": {"task": "projects.spaces.inspect_due", "schedule": 60.0},
    # Asks the Hub once a day; it is due this often so that a day's failure is made good within the hour.
    "price-hardware": {"task": "projects.spaces.prices", "schedule": 3600.0},
}

# --- Sign-in: with Hugging Face, and nothing else --------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.signin.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.signin.HubAccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # sign-in asks for none; notification_email is something else
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "hub_username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.split(":", 1)[0]
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_STORE_TOKENS = False  # the platform acts with its own token; a person's is of no use to it
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "provider_class": "accounts.signin.HubProvider",
        "APPS": [
            {
                "provider_id": "huggingface",
                "name": "Hugging Face",
                "client_id": HUB_OAUTH_CLIENT_ID,
                "secret": HUB_OAUTH_CLIENT_SECRET,
                "settings": {
                    "server_url": f"{HUB_URL}/.well-known/openid-configuration",
                    "scope": ["openid", "profile", "read-memberships"],
                    "oauth_pkce_enabled": True,
                    "uid_field": "sub",
                },
            }
        ],
    }
}

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["dibt.lib.api.StrictJson"],
    "DEFAULT_PAGINATION_CLASS": "dibt.lib.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "dibt.lib.api.problem",
    "DEFAULT_THROTTLE_CLASSES": [
        "dibt.lib.throttling.AnonThrottle",
        "dibt.lib.throttling.UserThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.rate("API_RATE_ANON", "600/min"),
        "user": env.rate("API_RATE_USER", "6000/min"),
    },
    # How many proxies are ours: what else is written into X-Forwarded-For would let anybody be everybody.
    "NUM_PROXIES": 1 if env.switch("BEHIND_PROXY", default=False) else 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Data is Better Together",
    "VERSION": "1",
    "DESCRIPTION": "Projects, their progress, and annotating: the same rules as on the pages.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

# --- Language, time, mail --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "dibt" / "locale"]
FORMAT_MODULE_PATH = "dibt.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_FROM_EMAIL: str = env.text("DEFAULT_FROM_EMAIL", "Data is Better Together <no-reply@localhost>")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH: str | Path = DATA_DIR / "mail"
globals().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 20

# --- Static files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Security --------------------------------------------------------------------------------------
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.signin.stale_form"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 0)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for from inside, without the proxy
SECURE_SSL_REDIRECT = env.switch("SSL_REDIRECT", default=False)
if env.switch("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", host_of(HUB_URL), "https://cdn-avatars.huggingface.co"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, host_of(HUB_URL)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Logs ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    # At DEBUG httpcore2 writes down the headers of every answer, in which a server may repeat what it was sent.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "INFO"},
    },
}

# --- What could not be read: dibt.checks explains it ------------------------------------------------
UNREADABLE = env.unreadable
