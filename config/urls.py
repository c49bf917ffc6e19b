from django.contrib import admin
from django.urls import include, path

from accounts.fresh_sign_in import fresh_sign_in
from assessments.web.api import api
from assessments.web.questionnaires import found_questions, list_questionnaires
from mailings.pages import stop_mails
from operations import crawlers
from operations.health import health
from operations.metrics import metrics
from privacy.pages.data_map import data_map
from privacy.pages.staff_requests import persons
from web.languages import choose_language

admin.autodiscover()  # before `admin.site.urls` is read

handler500 = "operations.failure.server_error"

urlpatterns = [
    path("api/assessment/", api.urls),  # first: the most frequent
    path("api/questionnaires", list_questionnaires, name="questionnaires"),
    path("api/questionnaires/search", found_questions, name="questionnaire_search"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("", include("branding.urls")),
    path("", include("assessments.web.urls")),
    path("embed/", include("assessments.web.urls", namespace="embed")),
    path("embed/resume/by-mail/", include("mailings.urls", namespace="embed-mail")),
    path("resume/by-mail/", include("mailings.urls")),
    path("preview/", include("assessments.web.preview.urls")),
    path("mails/stop/<str:token>/", stop_mails, name="stop_mails"),
    path("privacy/", include("privacy.pages.urls")),
    path("api/health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("admin/data-map/", admin.site.admin_view(data_map), name="data_map"),
    path("admin/persons/", admin.site.admin_view(fresh_sign_in(persons)), name="persons"),
    path("admin/language/", admin.site.admin_view(choose_language), name="set_language"),
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

handler403 = "operations.error_pages.permission_denied"
handler404 = "operations.error_pages.page_not_found"
