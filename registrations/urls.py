from django.urls import path

from . import views
from .views import calendar, delegates, delegation, letters, privacy

app_name = "registrations"
urlpatterns = [
    # First, as it is asked for most: by every page of a session, four times a minute
    path("sessions/<slug:slug>/seat/", views.seat, name="seat-panel"),
    path("delegation/<uuid:uuid>/import/", views.delegation_import, name="delegation-import"),
    path(
        "delegation/<uuid:uuid>/import/template/", views.delegation_import_template, name="delegation-import-template"
    ),
    path("delegation/<uuid:uuid>/invitations/", views.invitations, name="delegation-invitations"),
    path(
        "delegation/<uuid:uuid>/invitations/<uuid:invitation>/again/", views.invitation_again, name="invitation-again"
    ),
    path(
        "delegation/<uuid:uuid>/invitations/<uuid:invitation>/withdraw/",
        views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("invitations/<str:key>/", views.invitation, name="invitation"),
    path("checkin/", views.check_in_sessions, name="check-in"),
    path("checkin/<slug:slug>/", views.check_in, name="check-in-session"),
    path("checkin/<slug:slug>/plates/", views.count_plates, name="check-in-plates"),
    path("checkin/<slug:slug>/places/<uuid:uuid>/take-back/", views.take_back, name="check-in-take-back"),
    path("my/", views.my, name="my"),
    path("my/calendar/", calendar.my_calendar_key, name="my-calendar-key"),
    path("my/calendar/<str:key>.ics", calendar.my_calendar, name="my-calendar"),
    path("my/data/", privacy.my_data, name="my-data"),
    path("my/data/erasure/", privacy.my_erasure, name="my-erasure"),
    path("my/data/file/", privacy.my_data_file, name="my-data-file"),
    path("my/needs/", privacy.my_needs, name="my-needs"),
    path("my/photograph/", privacy.my_photograph, name="my-photograph"),
    path("photographs/<uuid:uuid>/", privacy.photograph, name="photograph"),
    path("my/places/<uuid:uuid>/release/", views.release, name="release"),
    path("delegation/", delegation.delegations, name="delegation"),
    path("delegation/<uuid:uuid>/", delegation.delegation_page, name="delegation-page"),
    path("delegation/<uuid:uuid>/delegates/", delegates.delegate_add, name="delegate-add"),
    path("delegation/<uuid:uuid>/order/", delegation.delegation_order, name="delegation-order"),
    path("delegation/<uuid:uuid>/head/", delegation.delegation_head, name="delegation-head"),
    path("delegation/<uuid:uuid>/key/", delegation.delegation_key, name="delegation-key"),
    path("delegation/<uuid:uuid>/letters/", letters.delegation_letters, name="delegation-letters"),
    path("delegation/<uuid:uuid>/letters/follow/", letters.letter_follows, name="delegation-letter-follows"),
    path("delegation/letters/<uuid:uuid>/", letters.letter, name="letter"),
    path("delegation/letters/<uuid:uuid>/remove/", letters.letter_remove, name="letter-remove"),
    path("delegation/delegates/<uuid:uuid>/", delegates.delegate, name="delegate"),
    path("delegation/delegates/<uuid:uuid>/again/", delegates.delegate_again, name="delegate-again"),
    path("delegation/delegates/<uuid:uuid>/replace/", delegates.delegate_replace, name="delegate-replace"),
    path("delegation/delegates/<uuid:uuid>/withdraw/", delegates.delegate_withdraw, name="delegate-withdraw"),
    path("delegation/<uuid:uuid>/places/", views.delegation_places, name="delegation-places"),
    path("delegation/places/<uuid:uuid>/release/", views.place_release, name="place-release"),
]
