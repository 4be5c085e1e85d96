import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from people.models import User
from programme import services as publishing
from registrations import services
from registrations.models import Delegate, Delegation, DelegationCategory, Registration, SeatException, Seating
from schedule.models import Room, Session, Venue
from tests.registrations import scene


@pytest.fixture
def organiser(client, summit):
    user = User.objects.create_superuser("organiser@example.org")
    client.force_login(user)
    return client


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)


def place_in_a_room(seating, *, capacity):
    venue = Venue.objects.create(
        forum=seating.session.forum, slug="house", name="House", name_en="House", city="Marrakesh",
        city_en="Marrakesh", country=scene.make_party("MAR"), time_zone="Africa/Casablanca",
    )  # fmt: skip
    room = Room.objects.create(venue=venue, slug="palmeraie", name="Palmeraie", name_en="Palmeraie", capacity=capacity)
    Session.objects.filter(pk=seating.session_id).update(venue=venue, room=room)


def seats(*, table=0, behind=0):
    rows = {"shares-TOTAL_FORMS": 0, "shares-INITIAL_FORMS": 0}
    return {"table_seats": table, "behind_seats": behind, "observer_seats": 0, "held_back": 0, **rows}


def act(client, model, action, rows):
    return client.post(
        reverse(f"admin:registrations_{model}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def test_key_is_renewed_by_an_action(organiser, summit):
    old = summit.kenya.registration_key

    act(organiser, "delegation", "renew_keys", [summit.kenya])

    assert Delegation.objects.get(pk=summit.kenya.pk).registration_key != old


def test_both_ends_of_the_time_of_a_head_say_what_they_are(organiser, summit):
    """A label reaches one field only, and these stand in columns."""
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=scene.NOW)

    page = organiser.get(reverse("admin:registrations_delegation_change", args=[summit.kenya.pk])).content.decode()

    inputs = re.findall(r'<input[^>]* name="heads-\d+-period_\d"[^>]*>', page)
    assert inputs
    assert all("aria-label" in one for one in inputs)


def test_rule_that_holds_a_waiter_is_shown(organiser, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held, waits = register(summit.a, summit.wanjiru), register(summit.a, summit.kofi)

    pages = [
        organiser.get(reverse("admin:registrations_registration_change", args=[one.pk])).content.decode()
        for one in (held, waits)
    ]

    assert ["All places that Ghana may have here are taken." in page for page in pages] == [False, True]


def test_release_in_the_admin_promotes_the_next(organiser, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held, waits = register(summit.a, summit.wanjiru), register(summit.a, summit.kofi)

    act(organiser, "registration", "release_chosen", [held])

    waits.refresh_from_db()
    assert waits.status == "confirmed"


def test_exception_is_granted_in_the_admin_and_recorded(organiser, summit):
    register(summit.a, summit.wanjiru)
    form = {
        "seating": summit.a.pk,
        "delegate": summit.kamau.pk,
        "place": "table",
        "authorised_by": "The co-chairs",
        "authorised_at_0": "2018-11-20",
        "authorised_at_1": "10:00",
        "reason": "Speaks on item 2",
    }

    organiser.post(reverse("admin:registrations_seatexception_add"), form)
    again = organiser.post(reverse("admin:registrations_seatexception_add"), form, follow=True)

    record = SeatException.objects.get()
    assert (record.recorded_by.email, record.beyond_quota) == ("organiser@example.org", True)
    assert "Kielezo holds a place here already." in again.content.decode()


def test_sessions_are_chosen_in_the_order_of_the_programme(organiser, summit):
    field = {"app_label": "registrations", "model_name": "registration", "field_name": "seating"}

    found = organiser.get(reverse("admin:autocomplete"), field).json()["results"]

    assert [one["id"] for one in found] == [str(pk) for pk in Seating.objects.values_list("pk", flat=True)]


def test_organisers_read_of_a_delegate_what_the_delegate_reads_as_you(organiser, summit):
    late = scene.make_delegate(summit.kenya, "Late", state="submitted")
    form = {"seating": summit.a.pk, "delegate": late.pk, "place": "table", "reason": "Speaks", **AUTHORISED}

    page = organiser.post(reverse("admin:registrations_seatexception_add"), form, follow=True).content.decode()

    assert "Not accredited yet." in page
    assert "Your accreditation" not in page


def test_hours_are_those_of_the_forum(organiser, summit):
    """As delegates read them: Marrakesh is an hour ahead of UTC."""
    opens = {"opens_at_0": "2018-12-01", "opens_at_1": "10:00"}
    address = reverse("admin:registrations_seating_change", args=[summit.a.pk])

    organiser.post(address, {**seats(table=10), **opens})

    summit.a.refresh_from_db()
    assert summit.a.opens_at.isoformat() == "2018-12-01T09:00:00+00:00"
    assert 'value="10:00' in organiser.get(address).content.decode()


def test_raised_seats_go_to_those_who_wait(organiser, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)
    form = {
        "table_seats": 2,
        "behind_seats": 0,
        "observer_seats": 0,
        "held_back": 0,
        "shares-TOTAL_FORMS": 0,
        "shares-INITIAL_FORMS": 0,
    }

    organiser.post(reverse("admin:registrations_seating_change", args=[summit.a.pk]), form)

    waits.refresh_from_db()
    assert waits.status == "confirmed"


def test_seats_below_what_is_confirmed_are_refused_in_the_form(organiser, summit):
    register(summit.a, summit.wanjiru)
    form = {
        "table_seats": 0,
        "behind_seats": 1,
        "observer_seats": 0,
        "held_back": 0,
        "shares-TOTAL_FORMS": 0,
        "shares-INITIAL_FORMS": 0,
    }

    page = organiser.post(reverse("admin:registrations_seating_change", args=[summit.a.pk]), form)

    assert "More places are confirmed than would be left." in page.content.decode()


def test_key_and_needs_are_not_for_those_who_only_look(client, summit):
    user = User.objects.create_user("staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_delegation", "view_delegate"]))
    client.force_login(user)
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(needs="Step-free way")

    delegation = client.get(reverse("admin:registrations_delegation_change", args=[summit.kenya.pk])).content.decode()
    delegate = client.get(reverse("admin:registrations_delegate_change", args=[summit.wanjiru.pk])).content.decode()

    assert summit.kenya.registration_key not in delegation
    assert "Step-free way" not in delegate


@pytest.mark.parametrize(
    "model", ["delegationcategory", "delegation", "delegate", "seating", "registration", "seatexception"]
)
def test_lists_take_the_same_queries_at_one_and_at_many_rows(organiser, summit, model, django_assert_max_num_queries):
    summit.a.table_seats = 20
    summit.a.save()
    address = reverse(f"admin:registrations_{model}_changelist")

    def one_more(number):
        delegate = scene.make_delegate(scene.make_delegation(summit.forum, f"p{number}"), f"Specimen {number}")
        by = User.objects.get(email="organiser@example.org")
        services.grant_exception(
            seating=summit.a, delegate=delegate, place="table", authorised_by="Chair",
            authorised_at=scene.NOW, reason="Speaks", by=by, now=scene.NOW,
        )  # fmt: skip

    one_more(0)
    organiser.get(address)
    with django_assert_max_num_queries(100) as few:
        organiser.get(address)
    for number in range(1, 8):
        one_more(number)
    with django_assert_max_num_queries(len(few)):
        organiser.get(address)


@pytest.mark.parametrize("model", ["delegation", "delegate", "seating", "registration", "delegationcategory"])
def test_pages_of_single_rows_open(organiser, summit, model):
    register(summit.a, summit.wanjiru)
    rows = {
        "delegation": summit.kenya,
        "delegate": summit.wanjiru,
        "seating": summit.a,
        "registration": Registration.objects.get(),
        "delegationcategory": summit.kenya.category,
    }

    assert organiser.get(reverse(f"admin:registrations_{model}_change", args=[rows[model].pk])).status_code == 200


def test_more_seats_than_the_room_holds_are_pointed_out(organiser, summit):
    place_in_a_room(summit.a, capacity=2)
    form = seats(table=2, behind=1)

    page = organiser.post(
        reverse("admin:registrations_seating_change", args=[summit.a.pk]), form, follow=True
    ).content.decode()

    assert "“A” has 3 seats, but Palmeraie holds 2 persons." in page


@pytest.mark.parametrize(("capacity", "said"), [(2, True), (3, False), (None, False)])
def test_publish_check_finds_more_seats_than_the_room_holds(summit, capacity, said):
    place_in_a_room(summit.a, capacity=capacity)

    problems = publishing.propose(forum=summit.forum).problems

    words = ["“A” has 3 seats, but Palmeraie holds 2 persons."] if said else []
    assert [(problem.message, problem.blocking) for problem in problems] == [(word, False) for word in words]


def test_waiter_is_confirmed_out_of_turn(organiser, summit):
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=2, behind_seats=0, held_back=1)
    held = register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)

    page = act(organiser, "registration", "promote_chosen", [held, waits]).content.decode()

    waits.refresh_from_db()
    assert waits.status == "confirmed"
    assert "1 delegate came off the waiting list." in page
    assert "This delegate does not wait for a place any more." in page


def test_delegations_without_a_place_to_keep_are_named(organiser, summit):
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True)

    page = organiser.post(
        reverse("admin:registrations_seating_change", args=[summit.a.pk]), seats(table=1), follow=True
    ).content.decode()

    assert "“A”, At the table: no seat is left to keep for Ghana." in page


def flagged(summit):
    one = register(summit.a, summit.wanjiru)
    Registration.objects.filter(pk=one.pk).update(overlap="release")
    return one


AUTHORISED = {"authorised_by": "The co-chairs", "authorised_at_0": "2018-11-20", "authorised_at_1": "10:00"}


def test_overlap_is_accepted_with_who_when_and_why(organiser, summit):
    one, other = flagged(summit), register(summit.a, summit.kofi)
    page = act(organiser, "registration", "accept_overlaps", [one, other])
    form = {"chosen": page.context["form"]["chosen"].value(), **AUTHORISED}
    address = reverse("admin:registrations_registration_overlaps")

    lacking = organiser.post(address, form)
    answer = organiser.post(address, {**form, "reason": "Speaks in B"}, follow=True).content.decode()

    assert lacking.context["form"].errors.keys() == {"reason"}
    assert "1 overlap is accepted." in answer
    assert "Nothing is to be settled about this place any more." in answer
    record = SeatException.objects.get()
    assert (record.registration, record.reason, record.beyond_hours) == (one, "Speaks in B", True)
    listed = organiser.get(reverse("admin:registrations_seatexception_changelist")).content.decode()
    for shown in ("Mfano", "Kenya", "10:00–12:00", "in two places at once", "The co-chairs", "Speaks in B"):
        assert shown in listed, shown


def test_overlap_is_accepted_beside_the_place_that_it_overlaps(organiser, summit):
    one, other = flagged(summit), register(summit.c, summit.wanjiru)
    Registration.objects.filter(pk=other.pk).update(period=one.period)

    page = act(organiser, "registration", "accept_overlaps", [one]).content.decode()

    assert page.index("<td>A<span") < page.index("<p>C<span")


def test_overlaps_are_accepted_by_those_who_grant_exceptions(client, summit):
    user = User.objects.create_user("staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_registration", "change_registration"]))
    client.force_login(user)

    address = reverse("admin:registrations_registration_overlaps")
    assert client.post(address, {"chosen": [flagged(summit).pk], **AUTHORISED, "reason": "-"}).status_code == 403


def test_places_are_found_by_who_sits_in_them(organiser, summit):
    register(summit.a, summit.kofi)
    unnamed = services.vacate(registration=register(summit.a, summit.wanjiru), by=None, now=scene.NOW)
    reserved = register(summit.c, summit.wanjiru)
    services.replace(delegate=summit.wanjiru, profile=services.Profile(family_name="Mrithi"), by=None, now=scene.NOW)
    address = reverse("admin:registrations_registration_changelist")

    def found(value):
        return {row.pk for row in organiser.get(address, {"delegate": value}).context["cl"].result_list}

    assert found("unnamed") == {unnamed.pk, reserved.pk}
    assert found("reserved") == {reserved.pk}
    assert "reserved for <bdi>" in organiser.get(address).content.decode()


def test_rule_that_holds_each_waiter_is_named(organiser, summit, django_assert_max_num_queries):
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=1, behind_seats=0)
    register(summit.a, summit.wanjiru)
    address = reverse("admin:registrations_registration_changelist")

    def wait(number):
        register(summit.a, scene.make_delegate(scene.make_delegation(summit.forum, f"p{number}"), f"Waits {number}"))

    wait(1)
    organiser.get(address)
    with django_assert_max_num_queries(100) as few:
        page = organiser.get(address).content.decode()
    for number in range(2, 6):
        wait(number)
    with django_assert_max_num_queries(len(few)):
        many = organiser.get(address)

    assert "All places that P1 may have here are taken." in page
    assert [row.waiting_before for row in many.context["cl"].result_list if row.is_waiting] == [0, 1, 2, 3, 4]
