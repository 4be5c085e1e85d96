"""The pages at the door: without script a page, for the script the verdict alone."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from people.models import User
from programme.models import PublishedSession
from registrations import services
from registrations.badges import address_of, code_of
from registrations.models import PlateCount, Registration
from tests.registrations import scene

SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def door(summit, client):
    """Wanjiru holds a place in a; the client stands at the doors."""
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="check_in"))
    client.force_login(staff)
    summit.staff = staff
    summit.place = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    return summit


def url(slug="a"):
    return reverse("registrations:check-in-session", args=[slug])


def test_without_script_the_verdict_stands_on_the_page(client, door):
    answer = client.post(url(), {"code": code_of(door.wanjiru.person)})

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<title>Checked in · Check-in: A" in text
    assert "Mfano" in text
    assert Registration.objects.get(pk=door.place.pk).attended_by == door.staff


def test_script_gets_the_verdict_alone(client, door):
    answer = client.post(url(), {"code": code_of(door.kofi.person), "at": "2018-12-06T08:40:00.123Z"}, **SCRIPT)

    text = answer.content.decode()
    assert answer.templates[0].name == "registrations/door/_verdict.html"
    assert "No place here" in text
    assert "<html" not in text


def test_time_of_the_scan_is_taken_from_the_script(client, door, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: scene.TEN)

    client.post(url(), {"code": code_of(door.wanjiru.person), "at": "2018-12-06T08:40:00.123Z"}, **SCRIPT)

    assert f"{Registration.objects.get(pk=door.place.pk).attended_at:%H:%M:%S.%f}" == "08:40:00.123000"


@pytest.mark.parametrize("code", ["", "\x00", "x" * 5000])
def test_what_cannot_be_read_is_answered_in_words(client, door, code):
    answer = client.post(url(), {"code": code}, **SCRIPT)

    assert "Type the code of the badge, or scan it." in answer.content.decode()


def test_room_of_the_place_is_named_at_another_door(client, door):
    answer = client.post(url("b"), {"code": code_of(door.wanjiru.person)})

    text = answer.content.decode()
    assert "The place is in another session" in text
    assert "Place to be announced" in text


def test_check_in_is_taken_back(client, door, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: scene.TEN)
    client.post(url(), {"code": code_of(door.wanjiru.person)})

    answer = client.post(reverse("registrations:check-in-take-back", args=["a", door.place.uuid]), follow=True)

    assert "Taken back: Mfano is not checked in." in answer.content.decode()
    assert Registration.objects.get(pk=door.place.pk).attended_at is None


def test_place_of_another_session_is_not_there(client, door):
    assert client.post(reverse("registrations:check-in-take-back", args=["b", door.place.uuid])).status_code == 404


def test_plates_are_counted_and_their_history_is_shown(client, door):
    where = reverse("registrations:check-in-plates", args=["unseated"])
    client.post(where, {"plates": "12"})

    answer = client.post(where, {"plates": "14"}, follow=True)

    text = answer.content.decode()
    assert PlateCount.objects.first().counted_by == door.staff
    assert "14 plates, by" in text
    assert "12 plates, by" in text


def test_counts_of_plates_are_looked_at_in_the_administration(client, door, django_assert_max_num_queries):
    door.staff.user_permissions.add(Permission.objects.get(codename="view_platecount"))
    listed = reverse("admin:registrations_platecount_changelist")
    services.count_plates(session=door.a.session, plates=11, by=door.staff, now=scene.NOW)
    with django_assert_max_num_queries(100) as few:
        client.get(listed)
    for plates in (12, 14):
        count = services.count_plates(session=door.c.session, plates=plates, by=door.staff, now=scene.TEN)

    with django_assert_max_num_queries(len(few)):
        answer = client.get(listed)

    assert [row.plates for row in answer.context["cl"].result_list] == [14, 12, 11]
    assert client.get(reverse("admin:registrations_platecount_change", args=[count.pk])).status_code == 200
    assert client.get(reverse("admin:registrations_platecount_add")).status_code == 403


def test_count_that_is_no_number_is_refused_on_the_page(client, door):
    answer = client.post(reverse("registrations:check-in-plates", args=["a"]), {"plates": "-3"})

    assert "One answer needs mending" in answer.content.decode()
    assert not PlateCount.objects.exists()


def test_counts_alone_are_a_part_of_the_page(client, door):
    client.post(url(), {"code": code_of(door.wanjiru.person)})

    part = client.get(url(), **SCRIPT).content.decode().strip()

    assert part.startswith('<section class="seat" id="counts"')
    assert part in client.get(url()).content.decode()


def test_badge_of_a_telephones_camera_leads_to_the_choice_of_a_door(client, door):
    code = code_of(door.wanjiru.person)

    address = address_of(code).partition("//")[2].partition("/")[2]
    answer = client.get(f"/{address}", follow=True)

    assert f'href="{url()}?badge={code}"' in answer.content.decode()
    assert f'value="{code}"' in client.get(url(), {"badge": code}).content.decode()


def test_badge_of_a_telephones_camera_leads_to_the_door_where_one_stands(client, door):
    code = code_of(door.wanjiru.person)
    client.post(url(), {"code": code})

    answer = client.get(reverse("registrations:check-in"), {"badge": code})

    assert answer.url == f"{url()}?badge={code}"


def test_sessions_of_today_come_first(client, door, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: scene.TEN)

    answer = client.get(reverse("registrations:check-in"))

    assert [one.session.slug for one in answer.context["today"]] == ["a", "b", "c", "unseated"]
    assert [one.confirmed for one in answer.context["today"]] == [1, 0, 0, 0]


def test_session_of_another_forum_is_not_there(client, door):
    PublishedSession.objects.filter(forum=door.forum, slug="a").update(slug="gone")

    assert client.get(url()).status_code == 404


@pytest.mark.parametrize("many", [1, 4])
def test_pages_take_the_same_queries_at_one_and_at_many(client, door, many, django_assert_num_queries):
    for number in range(many):
        scene.make_session(door.forum, f"s{number}")
        delegate = scene.make_delegate(scene.make_delegation(door.forum, f"p{number}"), "Specimen")
        services.register(seating=door.c, delegate=delegate, by=None, now=scene.NOW)
        services.count_plates(session=door.a.session, plates=number, by=door.staff, now=scene.NOW)
    scene.publish(door.forum)
    client.get(url())

    for address, queries in ((url(), 6), (reverse("registrations:check-in"), 5)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_delegates_do_not_stand_at_the_door(wanjiru_client, summit):
    answer = wanjiru_client.post(url(), {"code": code_of(summit.wanjiru.person)})

    assert answer.status_code == 403
