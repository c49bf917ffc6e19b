from django.urls import path

from branding import views

app_name = "branding"

urlpatterns = [
    path("brand.css", views.stylesheet, name="stylesheet"),
    path("brand/logo", views.logo, name="logo"),
    path("brand/icon.svg", views.icon_picture, name="icon"),
    path("favicon.ico", views.favicon_ico, name="favicon"),
    path("apple-touch-icon.png", views.touch_icon, name="touch_icon"),
]
