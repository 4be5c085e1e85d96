from django.urls import path

from . import views

app_name = "registrations"
urlpatterns = [
    path("my/", views.my, name="my"),
    path("my/places/<uuid:uuid>/release/", views.release, name="release"),
    path("sessions/<slug:slug>/seat/", views.seat, name="seat-panel"),
]
