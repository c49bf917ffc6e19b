from django.urls import path

from assessments.pages.entry import landing, resume, start
from assessments.pages.results import contact, results
from assessments.pages.steps import step
from assessments.pages.wording import seen

app_name = "assessments"

urlpatterns = [
    path("", landing, name="landing"),
    path("seen.svg", seen, name="seen"),
    path("start/", start, name="start"),
    path("resume/", resume, name="resume"),
    path("step/<int:step>/", step, name="step"),
    path("results/<uuid:assessment_id>/", results, name="results"),
    path("results/<uuid:assessment_id>/contact/", contact, name="contact"),
]
