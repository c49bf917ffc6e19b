from django.urls import path

from mailings.pages import resume_by_mail

app_name = "mailings"

urlpatterns = [
    path("", resume_by_mail, name="resume_by_mail"),
]
