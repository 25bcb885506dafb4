"""The site's addresses: the reader's own, accounts, admin."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # the second step is asked there as well

urlpatterns = [
    path("", include("reader.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("reader.api.addressed")),
]

handler400 = "reader.views.errors.bad_request"
handler403 = "reader.views.errors.permission_denied"
handler404 = "reader.views.errors.page_not_found"
handler500 = "reader.views.errors.server_error"
