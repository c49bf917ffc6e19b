from django.urls import path

from assessments.web.pages.ab_test import seen
from assessments.web.pages.continue_on_device import go_on
from assessments.web.pages.entry import landing, resume, start
from assessments.web.pages.reports import own_report
from assessments.web.pages.results import contact, results
from assessments.web.pages.shared import mailed_report, share, shared
from assessments.web.pages.social import card_picture
from assessments.web.pages.steps import step

app_name = "assessments"

urlpatterns = [
    path("", landing, name="landing"),
    path("card.png", card_picture, name="card"),
    path("seen.svg", seen, name="seen"),
    path("start/", start, name="start"),
    path("resume/", resume, name="resume"),
    path("continue/<str:token>/", go_on, name="continue"),
    path("step/<int:step>/", step, name="step"),
    path("results/<uuid:assessment_id>/", results, name="results"),
    path("results/<uuid:assessment_id>/contact/", contact, name="contact"),
    path("results/<uuid:assessment_id>/report/", own_report, name="report"),
    path("results/<uuid:assessment_id>/share/", share, name="share"),
    path("shared/<str:token>/", shared, name="shared"),
    path("report/<str:token>/", mailed_report, name="mailed_report"),
]
