"""Addresses that carry no language: what is said there is said in English."""

from django.urls import path

from .feeds import views

urlpatterns = [
    path("programme.ics", views.in_english(views.whole), name="programme-ics"),
    path("programme.xml", views.in_english(views.schedule_xml), name="programme-xml"),
    path("programme.json", views.in_english(views.schedule_json), name="programme-json"),
]
