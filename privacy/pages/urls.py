from django.urls import path

from privacy.pages import self_service as pages
from privacy.pages.notice import notice

app_name = "privacy"

urlpatterns = [
    path("", pages.page, name="page"),
    path("notice/", notice, name="notice"),
    path("ask/", pages.ask, name="ask"),
    path("open/<str:token>/", pages.open_link, name="open"),
    path("from-result/<uuid:assessment_id>/", pages.from_result, name="from_result"),
    path("yours/", pages.yours, name="yours"),
    path("yours/correct/", pages.correct_yours, name="correct"),
    path("yours/consent/", pages.consent, name="consent"),
    path("yours/download/<str:form>/", pages.download, name="download"),
    path("yours/erase/", pages.erase_yours, name="erase"),
    path("yours/close/", pages.close, name="close"),
]
