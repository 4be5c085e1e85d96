"""Every page at its short address (the current forum) and again under a forum’s own."""

from typing import Any

from django.urls import include, path, register_converter

from . import views
from .converters import DateConverter

register_converter(DateConverter, "date")

app_name = "programme"

READING: list[tuple[str, Any, str]] = [
    ("", views.home, "home"),
    ("programme/", views.programme, "programme"),
    ("programme/<date:day>/", views.day, "day"),
    ("themes/", views.themes, "themes"),
    ("themes/<int:number>/", views.theme, "theme"),
    ("roundtables/<str:number>/", views.roundtable, "roundtable"),
    ("workshops/", views.workshops, "workshops"),
    ("sessions/<slug:slug>/", views.session, "session"),
    ("sections/", views.sections, "sections"),
    ("sections/<slug:slug>/", views.section, "section"),
]
HISTORY: list[tuple[str, Any, str]] = [
    ("releases/", views.history, "releases"),
    ("releases/<int:number>/changes/", views.changes, "changes"),
]
pages = [
    *(path(route, view, name=name) for route, view, name in [*READING, *HISTORY]),
    path("fragments/now/", views.now, name="now"),
    *(path(f"preview/{route}", view.preview, name=f"preview-{name}") for route, view, name in READING),
]
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    *pages,
    path("<slug:forum>/", include(pages)),
]
