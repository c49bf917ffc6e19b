from django.urls import path

from assessments.pages.entry import landing, resume, start
from assessments.pages.results import contact, results
from assessments.pages.social import card_picture
from assessments.pages.steps import step

app_name = "assessments"

urlpatterns = [
    path("", landing, name="landing"),
    path("card.png", card_picture, name="card"),
    path("start/", start, name="start"),
    path("resume/", resume, name="resume"),
    path("step/<int:step>/", step, name="step"),
    path("results/<uuid:assessment_id>/", results, name="results"),
    path("results/<uuid:assessment_id>/contact/", contact, name="contact"),
]
