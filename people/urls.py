from django.urls import path

from . import views

app_name = "people"
urlpatterns = [path("corner/", views.corner, name="corner")]
