from django.contrib import admin
from django.urls import include, path

from assessments.api import api
from operations.health import health

urlpatterns = [
    path("", include("assessments.urls")),
    path("api/assessment/", api.urls),
    path("api/health", health, name="health"),
    path("admin/", admin.site.urls),
]
