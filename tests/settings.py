"""The site's settings as tests want them: the same everywhere, whatever this machine's environment says.

Only DATABASE_URL is taken from outside: the suite runs on SQLite and on PostgreSQL.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

FROM_OUTSIDE = {"DATABASE_URL", "VAR_DIR"}
SETTINGS = {
    "ALLOWED_HOSTS", "API_READS_A_MINUTE", "API_WRITES_A_MINUTE", "BEHIND_PROXY", "CACHE_URL", "CORS_ORIGINS",
    "DEBUG", "DIGEST_HOUR", "EMAIL_URL", "FROM_EMAIL", "HSTS_SECONDS", "HYPOTHESIS_ORIGINS", "IMPORT_MAX_BYTES",
    "IMPORT_MAX_CHARACTERS", "IMPORT_MAX_MEMORY_BYTES", "IMPORT_MAX_PAGES", "IMPORT_MAX_SECONDS",
    "IMPORT_MAX_UNPACKED_BYTES", "LANGUAGE_CODE", "LOG_LEVEL", "MODERATION_POLICY", "NOTES_IN_FIVE_MINUTES",
    "NOTES_IN_FIVE_MINUTES_AN_ADDRESS",
    "OPENID_CONNECT_CLIENT_ID", "OPENID_CONNECT_NAME", "OPENID_CONNECT_SECRET", "OPENID_CONNECT_URL",
    "ORCID_CLIENT_ID", "ORCID_DOMAIN", "ORCID_SECRET", "PORT", "REGULAR_WORK_MINUTES",
    "SECRET_KEY", "SITE_NAME", "SITE_URL", "TASKS_BACKEND",
    "TIME_ZONE", "TRUSTED_AFTER_APPROVALS", "WAITING_TOO_LONG_HOURS",
}  # fmt: skip
for name in SETTINGS - FROM_OUTSIDE:
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "for the tests alone"
os.environ["LOG_LEVEL"] = "ERROR"

from civdip_site.settings import *  # noqa: E402, F403
from civdip_site.settings import DATABASES, STORAGES  # noqa: E402

# Django would keep SQLite in memory, where all threads share one connection, and with it one transaction: browser
# tests write while the site answers. In a file each thread has its own, under the site's own settings.
_folder = TemporaryDirectory(prefix="civdip-test-")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name, "test.sqlite3"))}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# The cast writes faster than people do; tests of the pace set their own.
NOTES_IN_FIVE_MINUTES = NOTES_IN_FIVE_MINUTES_AN_ADDRESS = 10_000
