from django.urls import path

from assessments.web.preview.pages import preview_frame, preview_report, preview_result, preview_step

app_name = "preview"

urlpatterns = [
    path("<str:token>/", preview_frame, name="frame"),
    path("<str:token>/step/<int:step>/", preview_step, name="step"),
    path("<str:token>/result/", preview_result, name="result"),
    path("<str:token>/report.pdf", preview_report, name="report"),
]
