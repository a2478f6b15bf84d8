"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

from config.health import Health

urlpatterns = [
    path("health/", Health.as_view(), name="health"),
    path("admin/", admin.site.urls),
    path("api/", include("config.api.urls")),
    path("", include("employees.urls")),
    path("", include("policies.urls")),
    path("", include("budgets.urls")),
    path("", include("resolutions.urls")),
    path("", include("reports.urls")),
]

handler400 = "config.failures.bad_request"
handler403 = "config.failures.forbidden"
handler404 = "config.failures.not_found"
handler500 = "config.failures.server_error"
