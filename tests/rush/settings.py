"""The site's settings for a rush: its static files are served where they are, for nobody looks at them."""

from civdip_site.settings import *  # noqa: F403
from civdip_site.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
