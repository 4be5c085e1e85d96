"""Addresses that were published once lead to what they named."""

import importlib

from django.apps import apps
from django.db import connection

from programme import moved, releases, services, urls
from programme.api import urls as api_urls
from programme.models import ForumAddress, NodeAddress
from roundtables.models import Roundtable
from schedule.models import Forum, Room, Session
from themes.models import Section, Theme

from .test_pages_cache import SHELF, away
from .test_views import publish


def rename(forum):
    """Everything that has an address gets another one, and is published."""
    Session.objects.filter(slug="common-space").update(slug="common-ground")
    Roundtable.objects.filter(theme__number=2, place=2).update(place=7)
    Section.objects.filter(slug="introduction").update(slug="opening-words")
    Theme.objects.filter(number=3).update(number=8)
    Room.objects.filter(slug="oliveraie").update(slug="olive-hall")
    publish(forum)


MOVED = {
    "sessions/common-space/": "sessions/common-ground/",
    "sessions/common-space.ics": "sessions/common-ground.ics",
    "roundtables/2.2/": "roundtables/2.7/",
    "sections/introduction/": "sections/opening-words/",
    "themes/3/": "themes/8/",
    "themes/3.ics": "themes/8.ics",
    "rooms/palmeraie/oliveraie.ics": "rooms/palmeraie/olive-hall.ics",
    "rooms/oliveraie/now/": "rooms/olive-hall/now/",
    "rooms/palmeraie/oliveraie/now/": "rooms/palmeraie/olive-hall/now/",
}


def redirects(client, path):
    answer = client.get(path)
    return (answer.status_code, answer.get("Location"), answer.get("Cache-Control"))


def test_every_address_of_something_that_may_move_is_known():
    parts = {"slug", "number", "venue", "room"}
    named = {
        pattern.name for pattern in [*urls.pages, *api_urls.urlpatterns] if parts & set(pattern.pattern.converters)
    }
    of_releases, for_organisers = {"changes", "release"}, {name for name in named if name.startswith("preview-")}
    assert named - of_releases - for_organisers == set(moved.BY)


def test_old_addresses_lead_to_the_new_ones(client, published, marrakesh):
    rename(marrakesh)
    for prefix in ("/en/", "/ar/marrakesh-2018/"):
        for old, new in MOVED.items():
            assert redirects(client, prefix + old) == (301, prefix + new, "no-cache"), old
            assert client.get(prefix + new).status_code == 200
    api = "/api/v1/forums/marrakesh-2018"
    assert redirects(client, f"{api}/sessions/common-space")[:2] == (301, f"{api}/sessions/common-ground")
    assert redirects(client, f"{api}/themes/3")[:2] == (301, f"{api}/themes/8")


def test_a_forum_is_found_under_each_name_it_was_published_with(client, published, marrakesh):
    Forum.objects.filter(pk=marrakesh.pk).update(slug="gfmd-11")
    releases.shelf.clear()
    assert client.get("/en/marrakesh-2018/programme/").status_code == 200  # nothing is published yet
    assert client.get("/en/gfmd-11/programme/").status_code == 200
    marrakesh.refresh_from_db()
    publish(marrakesh)

    old = redirects(client, "/en/marrakesh-2018/programme/?kind=roundtable&utm=x")
    assert old == (301, "/en/gfmd-11/programme/?kind=roundtable", "no-cache")
    assert redirects(client, "/api/v1/forums/marrakesh-2018/rooms")[:2] == (301, "/api/v1/forums/gfmd-11/rooms")
    assert client.get("/en/gfmd-11/programme/").status_code == 200
    assert client.get("/en/gfmd-12/programme/").status_code == 404


def test_an_address_is_given_on_and_given_back(client, published, marrakesh):
    rename(marrakesh)
    Session.objects.filter(slug="opening").update(slug="common-space")
    publish(marrakesh)
    assert b"<h1>" in client.get("/en/sessions/common-space/").content  # it is another’s now
    assert redirects(client, "/en/sessions/opening/")[:2] == (301, "/en/sessions/common-space/")

    for number in (3, 2):
        services.withdraw(release=marrakesh.releases.get(number=number), by=None, reason="Wrong")
    releases.shelf.clear()

    assert client.get("/en/sessions/common-space/").status_code == 200
    assert redirects(client, "/en/sessions/common-ground/")[:2] == (301, "/en/sessions/common-space/")
    assert client.get("/en/sessions/opening/").status_code == 200


def test_what_is_gone_internal_or_never_was_is_not_found(client, published, marrakesh):
    Session.objects.filter(slug="common-space").update(slug="cabinet", listed=False)
    publish(marrakesh)
    for path in ("sessions/common-space/", "sessions/cabinet/", "sessions/none/", "roundtables/9.9/"):
        assert client.get(f"/en/{path}").status_code == 404
    assert not NodeAddress.objects.filter(address="cabinet").exists()
    releases.shelf.clear()
    client.get("/en/")
    with connection.execute_wrapper(away):
        assert client.get("/en/sessions/none/").status_code == 404


def test_a_redirect_costs_one_query_however_long_the_log(client, published, marrakesh, django_assert_num_queries):
    moving = Session.objects.get(slug="common-space").pk
    for number in range(4):
        Session.objects.filter(pk=moving).update(slug=f"common-{number}")
        publish(marrakesh)
    with django_assert_num_queries(SHELF + 1):
        assert client.get("/en/sessions/common-space/")["Location"] == "/en/sessions/common-3/"


def test_the_rows_are_those_that_the_log_gives(published, marrakesh):
    rename(marrakesh)
    of_then = NodeAddress.objects.exclude(kind=moved.Kind.SCREEN)  # screens came after that migration
    written = set(of_then.values_list("kind", "address", "uuid")), set(ForumAddress.objects.values_list())
    NodeAddress.objects.all().delete()
    ForumAddress.objects.all().delete()

    importlib.import_module("programme.migrations.0007_addresses_of_before").read_the_log(apps, None)

    read = set(NodeAddress.objects.values_list("kind", "address", "uuid")), set(ForumAddress.objects.values_list())
    assert read == written
