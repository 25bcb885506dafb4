"""The floor: a Django site as `startproject` makes it, with one view that returns ready bytes."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import path

settings.configure(
    SECRET_KEY="measured and thrown away",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
BODIES = {file.name: file.read_bytes() for file in Path(os.environ["BARE_BODIES"]).iterdir()}


def bytes_view(request, name):
    """The bytes of that name; a request that has them already gets 304."""
    if "HTTP_IF_NONE_MATCH" in request.META:
        return HttpResponseNotModified()
    return HttpResponse(BODIES[name])


def health(request):
    return HttpResponse("ok\n")


urlpatterns = [path("healthz", health), path("<str:name>", bytes_view)]
application = get_wsgi_application()
