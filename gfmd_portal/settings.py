"""All settings. The environment is the only source of what differs between machines."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.read()

# What this machine is
DEMO = env.bool("DEMO", False)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data"))).absolute()
SECRET_KEY = environment.demand(env, "SECRET_KEY", when=not DEMO, otherwise="demo only, never secret")
FIELD_KEY = environment.demand(
    env, "FIELD_KEY", when=not DEMO, otherwise="ZGVtbyBvbmx5LCBuZXZlciBzZWNyZXQsIDMyIGJ5dGU="
)
BASE_URL = environment.demand(env, "BASE_URL", when=not DEMO, otherwise="http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"]) if DEMO else env.list("ALLOWED_HOSTS")
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
RETENTION_DAYS = env.int("RETENTION_DAYS", 180)
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 600)
DEBUG = False

# Services
DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
REDIS_URL = env.str("REDIS_URL")
STORAGE_URL = env.str("STORAGE_URL", (DATA_DIR / "media").as_uri())
EMAIL_URL = env.str("EMAIL_URL", (DATA_DIR / "mail").as_uri() if DEMO else "smtp://localhost:25")
email = env.dj_email_url("EMAIL_URL", EMAIL_URL)
if mail_folder := environment.folder(EMAIL_URL):
    email["EMAIL_FILE_PATH"] = str(mail_folder)  # dj-email-url takes the path for a relative one
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Forum Portal <portal@example.org>")
environment.seal(env)

if not environment.is_field_key(FIELD_KEY):
    raise SystemExit("Setting FIELD_KEY: 32 bytes in URL-safe base64 are needed. See .env.example.")
if (database := DATABASES["default"])["ENGINE"] != "django.db.backends.postgresql":
    raise SystemExit("Setting DATABASE_URL: a postgres:// address is needed. See .env.example.")
database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
if urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    raise SystemExit("Setting REDIS_URL: a redis:// address is needed. See .env.example.")
if (MEDIA_FOLDER := environment.folder(STORAGE_URL)) is None:
    raise SystemExit("Setting STORAGE_URL: a file:///folder address is needed. See .env.example.")
address = urlsplit(BASE_URL := BASE_URL.rstrip("/"))
if address.scheme not in {"http", "https"} or not address.netloc or address.path:
    raise SystemExit("Setting BASE_URL: a web address such as https://forum.example is needed. See .env.example.")

# The house
INSTALLED_APPS = [
    "modeltranslation",
    # Our rooms, lowest first: translation of a model is registered before that of its subclasses
    "people",
    "schedule",
    "themes",
    "roundtables",
    "workshops",
    "programme",
    "registrations",
    "documents",
    "gfmd_portal",  # its commands and groups
    "django.contrib.admin.apps.SimpleAdminConfig",  # found by the addresses: a worker does without
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "import_export",
    "post_office",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "programme.api.middleware.ApiMiddleware",
    "programme.pages.ReleasePageMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "people.middleware.DenyByDefaultMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schedule.middleware.HoursOfTheForumMiddleware",
]
ROOT_URLCONF = "gfmd_portal.urls"
WSGI_APPLICATION = "gfmd_portal.wsgi.application"
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
            ],
            "builtins": ["people.templatetags.portal", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Languages and time
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "gfmd_portal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)

# Who comes in
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mails are unique whatever their case, by a constraint on Lower(email)
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.sessions.AuthenticationBackend"]
SESSION_ENGINE = "people.sessions"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "registrations:my"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "registrations.forms.SignupForm",
    "login": "people.forms.LoginForm",
    "request_login_code": "people.forms.RequestLoginCodeForm",
    "confirm_login_code": "people.forms.ConfirmLoginCodeForm",
    "reset_password": "people.forms.ResetPasswordForm",
    "reset_password_from_key": "people.forms.ResetPasswordKeyForm",
    "change_password": "people.forms.ChangePasswordForm",
    "set_password": "people.forms.SetPasswordForm",
    "add_email": "people.forms.AddEmailForm",
    "reauthenticate": "people.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "programme:home"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = address.scheme  # links in mails, whatever the request came by
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Cookies and headers. With BASE_URL on https every cookie is secure.
SECURE = not DEMO or address.scheme == "https"
if TRUSTED_PROXIES:  # they end TLS and say so; whoever comes past them could say it too
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Files. Media are never served by address, only by views that check who asks.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = MEDIA_FOLDER
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The cache holds sign-in rate limits, and spreadsheets between preview and import. In the database, so that a stopped
# broker locks nobody out; large, so that nobody washes away the counts of others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Mail: every message becomes a row; people.tasks delivers the rows through MAIL_DELIVERY.
EMAIL_BACKEND = "people.mail.RowBackend"
MAIL_DELIVERY = email
EMAIL_TIMEOUT = 20
for name in ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL"):
    globals()[name] = email.get(name)
POST_OFFICE = {"BACKENDS": {"default": "people.mail.RowBackend"}, "MESSAGE_ID_ENABLED": True}

# Work outside the request
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"documents.tasks.build_*": {"queue": "documents"}, "people.tasks.*": {"queue": "mail"}}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 256 * 1024  # KiB; a process would keep what an absurd print has taken
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# One second at most is spent on a broker that is away: the sweep sends what was missed.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0}
CELERY_BEAT_SCHEDULE = {
    "send mail": {"task": "people.tasks.send_mail", "schedule": 5, "options": {"expires": 5}},
    "follow releases: registrations": {
        "task": "registrations.tasks.follow_releases",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "sweep documents": {"task": "documents.tasks.sweep", "schedule": 5, "options": {"expires": 5}},
    "clear sessions": {"task": "people.tasks.clear_sessions", "schedule": 3600, "options": {"expires": 3600}},
}

# What programme asks the rooms above before a release is made (dotted paths)
PUBLISH_CHECKS = [
    "registrations.checks.places",
    "registrations.checks.crowded_rooms",
]

# What the rooms above registrations hold about persons (dotted paths of `registrations.personal.Holding`)
HOLDINGS = [
    "documents.privacy.PRINTS",
    "documents.privacy.NAMED",
    "documents.privacy.LISTS",
    "documents.privacy.LETTERS",
]

DEFAULT_EXCEPTION_REPORTER_FILTER = "gfmd_portal.reports.DiscreetReports"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
SITE_NAME = _("Global Forum on Migration and Development")
