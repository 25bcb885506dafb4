"""All settings, each from the environment with a default that works on a fresh machine (docs/operating.md)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from civdip_site.environment import (
    database,
    env,
    flag,
    number,
    one_of,
    parsed,
    secret_key,
    site_url,
    task_backend,
    time_zone,
    web_address,
)
from civdip_site.providers import providers

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
DEBUG = flag("DEBUG", default=False)
SECRET_KEY = secret_key(VAR_DIR)

# --- Where the site is reached -----------------------------------------------------------------
PORT = number("PORT", default=8000, least=1, most=65535)
LISTEN = env.str("LISTEN", default="127.0.0.1")
WORKERS = number("WORKERS", default=2, least=1, most=64)
SITE_URL = site_url(default=f"http://localhost:{PORT}")
SITE_NAME = env.str("SITE_NAME", default="Civdip Reader")
_host = urlsplit(SITE_URL).hostname
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_host, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
_behind_proxy = flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _behind_proxy else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(_behind_proxy)  # of X-Forwarded-For, only what our own proxy added is believed
SECURE_HSTS_SECONDS = number("HSTS_SECONDS", default=0)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# --- Parts --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "reader",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "ninja",
    "taggit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "civdip_site.policy.OnceBuiltPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "reader.middleware.ready_pages",
    "reader.middleware.note_address",
    "reader.api.door.ApiDoor",
    "reader.middleware.refuse_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "reader.middleware.keep_opener",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reader.middleware.say_what_is_taken",
    "reader.middleware.SayWhoHasGone",
]
ROOT_URLCONF = "civdip_site.urls"
WSGI_APPLICATION = "civdip_site.wsgi.application"
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
                "reader.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")  # its templates, so that ours in templates/django/forms/ come first

# --- What is kept -------------------------------------------------------------------------------
DATABASES = {"default": database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'civdip.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins: two writers wait for each other instead of
    # one of them failing half-way with «database is locked».
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": parsed("CACHE_URL", env.cache_url, default="locmemcache://", example="redis://localhost:6379/0")}

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "reader.Member"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "reader:library"
LOGOUT_REDIRECT_URL = "reader:library"
# A shared cache may hold sessions; a cache of one process may not, since the other process would go on
# honouring a session that was ended.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db" if env.str("CACHE_URL", default="") else "reader.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "reader.views.errors.csrf_failure"

# --- E-mail -------------------------------------------------------------------------------------
CAN_SEND_MAIL = bool(env.str("EMAIL_URL", default=""))
vars().update(parsed("EMAIL_URL", env.email_url, default="consolemail://", example="smtp+tls://name:password@host:587"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default=f"{SITE_NAME} <no-reply@{_host}>")

ACCOUNT_ADAPTER = "reader.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "reader.accounts.LoginForm",
    "signup": "reader.accounts.SignupForm",
    "add_email": "reader.accounts.AddEmailForm",
    "change_password": "reader.accounts.ChangePasswordForm",
    "set_password": "reader.accounts.SetPasswordForm",
    "reset_password": "reader.accounts.ResetPasswordForm",
    "reset_password_from_key": "reader.accounts.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = CAN_SEND_MAIL  # a changed password, address or key is told to its owner
ACCOUNT_LOGIN_METHODS = {"username", "email"} if CAN_SEND_MAIL else {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*" if CAN_SEND_MAIL else "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if CAN_SEND_MAIL else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _https else "http"
ACCOUNT_CHANGE_EMAIL = True

# --- Log-in in two steps, passkeys, accounts elsewhere -------------------------------------------
MFA_ADAPTER = "reader.accounts.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "reader.accounts.AddKeyForm",
    "login_webauthn": "reader.accounts.LoginKeyForm",
    "authenticate_webauthn": "reader.accounts.KeyForm",
    "reauthenticate_webauthn": "reader.accounts.ReauthenticateKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # browsers themselves allow it for localhost alone
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute wrong
SOCIALACCOUNT_FORMS = {"signup": "reader.accounts.SocialSignupForm"}
SOCIALACCOUNT_ADAPTER = "reader.accounts.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # everybody chooses their user name
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form would be stopped by our policy at the first redirect to another host
SOCIALACCOUNT_PROVIDERS = providers()
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]

# --- Moderation ---------------------------------------------------------------------------------
MODERATION_POLICIES = ["everything-waits", "first-contributions-wait", "nothing-waits"]
MODERATION_POLICY = one_of("MODERATION_POLICY", MODERATION_POLICIES, default="first-contributions-wait")
TRUSTED_AFTER_APPROVALS = number("TRUSTED_AFTER_APPROVALS", default=3)
DISTRUSTED_AFTER_REJECTIONS = number("DISTRUSTED_AFTER_REJECTIONS", default=3)
# How many public notes a person who is not trusted may write in five minutes before they are asked to wait, and how
# many all such people behind one address may (a class writes from one); 0 for no limit.
NOTES_IN_FIVE_MINUTES = number("NOTES_IN_FIVE_MINUTES", default=5)
NOTES_IN_FIVE_MINUTES_AN_ADDRESS = number("NOTES_IN_FIVE_MINUTES_AN_ADDRESS", default=60)
FLAG_WEIGHT_THAT_HIDES = number("FLAG_WEIGHT_THAT_HIDES", default=3)

# --- Telling people ------------------------------------------------------------------------------
# A note that waits longer is told to moderators at once; 0 for never.
WAITING_TOO_LONG_HOURS = number("WAITING_TOO_LONG_HOURS", default=48)
DIGEST_HOUR = number("DIGEST_HOUR", default=6, most=23)  # in TIME_ZONE
# How often the server does what is due by the clock; 0 where cron does it.
REGULAR_WORK_MINUTES = number("REGULAR_WORK_MINUTES", default=15, most=1440)
TASKS = {"default": {"BACKEND": task_backend("TASKS_BACKEND")}}
if TASKS["default"]["BACKEND"].startswith("django_tasks_db."):
    INSTALLED_APPS.append("django_tasks_db")

# --- Programs -----------------------------------------------------------------------------------
API_READS_A_MINUTE = number("API_READS_A_MINUTE", default=3000)
API_WRITES_A_MINUTE = number("API_WRITES_A_MINUTE", default=600)
# Origins besides our own where the Hypothesis client may show our sidebar or ask for a log-in.
HYPOTHESIS_ORIGINS = env.list("HYPOTHESIS_ORIGINS", default=[])
# Which other sites' pages may read what is public here (notes, feeds, citations, the embedded list of notes).
CORS_ORIGINS = env.list("CORS_ORIGINS", default=["*"])
if "*" not in CORS_ORIGINS:
    MIDDLEWARE.insert(0, "reader.middleware.limit_origins")
WEBSUB_HUB = web_address("WEBSUB_HUB")  # named in feeds, for subscribers that want to be told at once

# --- Bringing texts in: how much of a file is taken, so that no file can bring the site down ------------
IMPORT_MAX_BYTES = number("IMPORT_MAX_BYTES", default=50_000_000)
IMPORT_MAX_UNPACKED_BYTES = number("IMPORT_MAX_UNPACKED_BYTES", default=200_000_000)
IMPORT_MAX_CHARACTERS = number("IMPORT_MAX_CHARACTERS", default=3_000_000, most=3_000_000)
IMPORT_MAX_PAGES = number("IMPORT_MAX_PAGES", default=2000)
IMPORT_MAX_SECONDS = number("IMPORT_MAX_SECONDS", default=60, least=1)
IMPORT_MAX_MEMORY_BYTES = number("IMPORT_MAX_MEMORY_BYTES", default=1_500_000_000, least=300_000_000)

# --- Tags ---------------------------------------------------------------------------------------
TAGGIT_CASE_INSENSITIVE = True

# --- Words and time -----------------------------------------------------------------------------
LANGUAGES = [("en-gb", _("English"))]
LANGUAGE_CODE = one_of("LANGUAGE_CODE", [code for code, _name in LANGUAGES], default="en-gb")
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = time_zone("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True

# --- Static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "civdip_site.staticfiles.HashedStaticFiles"
    },
}
# Nothing asks for an unhashed name or, in a browser's daily life, for a source map: compressing them too would take
# three quarters of the time until the first page.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- What a page may load: its own files and nothing else ---------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# A note is words: a megabyte is already more than any of them. Django refuses more before reading it all.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOG_LEVEL = one_of("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}

if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is empty. Write the names the site is reached by, with commas.")
