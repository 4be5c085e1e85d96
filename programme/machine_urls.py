"""Addresses that carry no language: what is said there is said in English."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from . import offline
from .feeds import sitemap, views

urlpatterns = [
    path("api/v1/", include("programme.api.urls")),
    path("programme.ics", views.in_english(views.whole), name="programme-ics"),
    path("programme.xml", views.in_english(views.schedule_xml), name="programme-xml"),
    path("programme.json", views.in_english(views.schedule_json), name="programme-json"),
    path("sitemap.xml", views.in_english(sitemap.sitemap), name="sitemap"),
    path("robots.txt", login_not_required(sitemap.robots), name="robots"),
    path("sw.js", offline.worker, name="worker"),
]
