from django.urls import path

from assessments.web.pages.ab_test import count_view
from assessments.web.pages.address import address
from assessments.web.pages.continue_on_device import continue_assessment
from assessments.web.pages.entry import landing, resume, start_or_continue
from assessments.web.pages.invitation import invitation, invite_colleagues
from assessments.web.pages.reports import own_report
from assessments.web.pages.results import results, save_contact
from assessments.web.pages.shared import mailed_report, share_result, shared
from assessments.web.pages.social import card_picture
from assessments.web.pages.steps import step

app_name = "assessments"

urlpatterns = [
    path("", landing, name="landing"),
    path("card.png", card_picture, name="card"),
    path("seen.svg", count_view, name="seen"),
    path("start/", start_or_continue, name="start"),
    path("resume/", resume, name="resume"),
    path("continue/<str:token>/", continue_assessment, name="continue"),
    path("step/<int:step>/", step, name="step"),
    path("address/", address, name="address"),
    path("results/<uuid:assessment_id>/", results, name="results"),
    path("results/<uuid:assessment_id>/contact/", save_contact, name="contact"),
    path("results/<uuid:assessment_id>/report/", own_report, name="report"),
    path("results/<uuid:assessment_id>/share/", share_result, name="share"),
    path("results/<uuid:assessment_id>/invite/", invite_colleagues, name="invite"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("shared/<str:token>/", shared, name="shared"),
    path("report/<str:token>/", mailed_report, name="mailed_report"),
]
