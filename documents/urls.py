from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("", views.documents, name="list"),
    path("ask/", views.ask, name="ask"),
    path("queue/", views.queue, name="queue"),
    path("zip/", views.archive, name="zip"),
    path("rebuild/", views.rebuild, name="rebuild"),
    path("prepare/", views.prepare, name="prepare"),
    path("my-pack/", views.my_pack, name="my-pack"),
    path("my-pack/<uuid:uuid>/", views.download, name="my-pack-file"),
    path("runs/", views.run_list, name="runs"),
    path("runs/<uuid:uuid>/line/", views.run_line, name="run-line"),
    path("runs/<uuid:uuid>/", views.run, name="run"),
    path("runs/<uuid:uuid>/supplement/", views.run_supplement, name="run-supplement"),
    path("runs/<uuid:uuid>/<int:number>/", views.run_file, name="run-file"),
    path("runs/<uuid:uuid>/<int:number>/again/", views.run_file_again, name="run-file-again"),
    path("<uuid:uuid>/", views.document, name="document"),
    path("<uuid:uuid>/again/", views.again, name="document-again"),
    path("<uuid:uuid>/issue/", views.issue, name="document-issue"),
    path("<uuid:uuid>/download/", views.download, name="document-download"),
]
