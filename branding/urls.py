from django.urls import path, re_path

from branding import views

app_name = "branding"

urlpatterns = [
    path("brand.css", views.stylesheet, name="stylesheet"),
    path("brand/logo", views.logo, name="logo"),
    path("brand/icon.svg", views.icon_picture, name="icon"),
    path("brand/adviser", views.adviser_picture, name="adviser"),
    re_path(r"^brand/band-(?P<color>[0-9a-fA-F]{6})\.css$", views.band_stylesheet, name="band"),
    path("favicon.ico", views.favicon_ico, name="favicon"),
    path("apple-touch-icon.png", views.touch_icon, name="touch_icon"),
]
