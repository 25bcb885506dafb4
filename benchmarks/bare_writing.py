"""The floor of writing: a Django view that inserts one row and answers, in a database as the site has it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from civdip_site.environment import database
from civdip_site.settings import DATABASES

ROW = "CREATE TABLE IF NOT EXISTS bare_row (body text)"
settings.configure(
    SECRET_KEY="measured and thrown away",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": DATABASES["default"] | {"NAME": database("BARE_URL", default="")["NAME"]}},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)


@csrf_exempt
def insert(request):
    """Keep what was sent, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare_row (body) VALUES (%s)", [request.body.decode()])
    return HttpResponse("kept\n")


def health(request):
    return HttpResponse("ok\n")


urlpatterns = [path("healthz", health), path("insert", insert)]
application = get_wsgi_application()
if os.environ.get("BARE_URL"):
    with connection.cursor() as cursor:
        cursor.execute(ROW)
