from django.urls import path

from privacy.pages import confirmation, self_service
from privacy.pages.notice import notice

app_name = "privacy"

urlpatterns = [
    path("", self_service.privacy_page, name="page"),
    path("notice/", notice, name="notice"),
    path("ask/", self_service.ask_for_link, name="ask"),
    path("open/<str:token>/", self_service.open_link, name="open"),
    path("confirm/<str:token>/", confirmation.open_confirmation, name="open_confirmation"),
    path("confirm/", confirmation.confirm, name="confirm"),
    path("from-result/<uuid:assessment_id>/", self_service.from_result, name="from_result"),
    path("yours/", self_service.your_data, name="yours"),
    path("yours/correct/", self_service.correct_yours, name="correct"),
    path("yours/consent/", self_service.change_your_consent, name="consent"),
    path("yours/download/<str:form>/", self_service.download, name="download"),
    path("yours/erase/", self_service.erase_yours, name="erase"),
    path("yours/close/", self_service.revoke_key, name="close"),
]
