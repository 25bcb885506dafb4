"""The application for WSGI servers; `make run` serves it with granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civdip_site.settings")

application = get_wsgi_application()
