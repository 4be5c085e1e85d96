from django.urls import path

from . import views
from .views import privacy

app_name = "registrations"
urlpatterns = [
    path("checkin/", views.check_in_sessions, name="check-in"),
    path("checkin/<slug:slug>/", views.check_in, name="check-in-session"),
    path("checkin/<slug:slug>/plates/", views.count_plates, name="check-in-plates"),
    path("checkin/<slug:slug>/places/<uuid:uuid>/take-back/", views.take_back, name="check-in-take-back"),
    path("my/", views.my, name="my"),
    path("my/data/", privacy.my_data, name="my-data"),
    path("my/data/erasure/", privacy.my_erasure, name="my-erasure"),
    path("my/data/file/", privacy.my_data_file, name="my-data-file"),
    path("my/photograph/", privacy.my_photograph, name="my-photograph"),
    path("photographs/<uuid:uuid>/", privacy.photograph, name="photograph"),
    path("my/places/<uuid:uuid>/release/", views.release, name="release"),
    path("sessions/<slug:slug>/seat/", views.seat, name="seat-panel"),
]
