"""The application for ASGI servers. Views are synchronous: prefer wsgi.py where there is a choice."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civdip_site.settings")

application = get_asgi_application()
