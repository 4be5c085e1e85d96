"""Every page at its short address (the current forum) and again under a forum’s own."""

from typing import Any

from django.urls import include, path, register_converter

from . import offline, rooms, views
from .converters import DateConverter
from .feeds import views as feeds
from .feeds.table import commitments
from .search.views import search

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
    ("commitments/", views.commitments, "commitments"),
    ("sections/", views.sections, "sections"),
    ("sections/<slug:slug>/", views.section, "section"),
]
FILES: list[tuple[str, Any, str]] = [("sessions/<slug:slug>/papers/<uuid:uuid>/", views.paper, "paper")]
HISTORY: list[tuple[str, Any, str]] = [
    ("releases/", views.history, "releases"),
    ("releases/<int:number>/changes/", views.changes, "changes"),
    ("offline/", offline.not_kept, "offline"),
    ("rooms/", rooms.index, "rooms"),
    ("rooms/<slug:room>/now/", rooms.screen, "room-now"),
    ("rooms/<slug:venue>/<slug:room>/now/", rooms.screen, "room-now-at"),
]
FEEDS: list[tuple[str, Any, str]] = [
    ("programme.ics", feeds.whole, "calendar"),
    ("programme/<date:day>.ics", feeds.day, "calendar-day"),
    ("themes/<int:number>.ics", feeds.theme, "calendar-theme"),
    ("rooms/<slug:venue>/<slug:room>.ics", feeds.room, "calendar-room"),
    ("sessions/<slug:slug>.ics", feeds.session, "calendar-session"),
    ("programme.xml", feeds.schedule_xml, "schedule-xml"),
    ("programme.json", feeds.schedule_json, "schedule-json"),
    ("releases.atom", feeds.history, "releases-atom"),
    ("commitments.csv", commitments, "commitments-csv"),
]
pages = [
    *(path(route, view, name=name) for route, view, name in [*READING, *FILES, *HISTORY, *FEEDS]),
    path("fragments/now/", views.now, name="now"),
    path("search/", search, name="search"),
    path("fragments/version/", offline.version, name="version"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    *(path(f"preview/{route}", view.preview, name=f"preview-{name}") for route, view, name in [*READING, *FILES]),
]
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    *pages,
    path("<slug:forum>/", include(pages)),
]
