from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from post_office.models import Email

from people.models import Person, User
from programme import services as publishing
from registrations import services
from registrations.models import (
    AccreditationChange,
    Delegate,
    DelegationHead,
    Registration,
    SeatException,
    Seating,
    SeatingShare,
)
from registrations.services import RegistrationRefused
from schedule.models import Session, Venue
from tests.registrations import scene


def register(seating, delegate, now=scene.NOW):
    return services.register(seating=seating, delegate=delegate, by=None, now=now)


def refused(seating, delegate, now=scene.NOW):
    with pytest.raises(RegistrationRefused) as caught:
        register(seating, delegate, now)
    return caught.value.problems[0]


def newcomer(summit, name, category="member-state", **fields):
    return scene.make_delegate(scene.make_delegation(summit.forum, name, category), name.capitalize(), **fields)


def test_register_confirms_and_writes_the_mail(summit):
    registration = register(summit.a, summit.wanjiru)

    assert (registration.status, registration.place) == ("confirmed", "table")
    assert registration.period.lower == scene.TEN
    mail = Email.objects.get()
    assert mail.to == ["wanjiru@example.org"]
    assert mail.subject == "Your place is confirmed: A"
    assert "Thursday 6 December, 10:00–12:00" in mail.message


def test_register_again_returns_the_same_row_and_no_second_mail(summit):
    first = register(summit.a, summit.wanjiru)

    assert register(summit.a, summit.wanjiru).pk == first.pk
    assert Email.objects.count() == 1


def test_register_gives_the_second_place_behind_the_table(summit):
    register(summit.a, summit.wanjiru)

    assert register(summit.a, summit.kamau).place == "behind"


def test_register_gives_observers_no_seat_at_the_table(summit):
    assert register(summit.a, summit.observer).place == "behind"


def test_register_refuses_an_observer_where_governments_meet_and_says_why(summit):
    Session.objects.filter(pk=summit.a.session_id).update(entry="governments")
    scene.publish(summit.forum)

    problem = refused(summit.a, summit.observer)

    assert problem.code == "not_for_you"
    assert str(problem) == (
        "This session is for governments. Iom takes part as: United Nations entity or international organisation."
    )


def test_register_admits_heads_only_where_heads_meet(summit):
    Session.objects.filter(pk=summit.a.session_id).update(entry="heads")
    scene.publish(summit.forum)
    DelegationHead.objects.create(
        delegation=summit.kenya, delegate=summit.wanjiru, period=(scene.TEN - scene.HOUR, scene.TEN + scene.HOUR)
    )

    assert refused(summit.a, summit.kamau).code == "not_for_you"
    assert register(summit.a, summit.wanjiru).status == "confirmed"


@pytest.mark.parametrize("state", ["submitted", "returned", "declined", "withdrawn"])
def test_register_refuses_who_is_not_accredited(summit, state):
    delegate = newcomer(summit, "uganda", state=state)

    assert refused(summit.a, delegate).code == "not_accredited"
    assert not Registration.objects.exists()
    assert not Email.objects.exists()


def test_register_refuses_before_it_opens_and_says_when(summit):
    summit.a.opens_at = scene.NOW + timedelta(days=13)
    summit.a.save()

    problem = refused(summit.a, summit.wanjiru)

    assert problem.code == "not_open"
    assert str(problem) == "Places can be taken from 3 December, 10:00."


def test_register_refuses_after_it_closed(summit):
    summit.a.closes_at = scene.NOW
    summit.a.save()

    assert refused(summit.a, summit.wanjiru).code == "closed"


def test_register_refuses_a_cancelled_session(summit):
    Session.objects.filter(pk=summit.a.session_id).update(cancelled_at=scene.NOW)
    scene.publish(summit.forum)

    assert refused(summit.a, summit.wanjiru).code == "cancelled"


def test_register_refuses_an_account_without_delegation(summit):
    assert refused(summit.a, None).code == "no_delegation"


def test_who_is_checked_in_elsewhere_is_not_told_to_give_that_up(summit):
    held = register(summit.a, summit.wanjiru)
    Registration.objects.filter(pk=held.pk).update(attended_at=scene.NOW)

    problem = refused(summit.b, summit.wanjiru)

    assert problem.code == "slot_taken"
    assert str(problem) == "At this hour you are checked in to A. Have that taken back at its door first."


def test_register_refuses_a_taken_slot_and_names_the_session_in_the_way(summit):
    register(summit.a, summit.wanjiru)

    problem = refused(summit.b, summit.wanjiru)

    assert problem.code == "slot_taken"
    assert str(problem) == "At this hour you hold a place in A. Give that up first, or ask an organiser."
    assert '<a href="/en/sessions/a/">A</a>' in problem.html()


def test_register_takes_what_begins_when_the_other_ends(summit):
    Session.objects.filter(pk=summit.b.session_id).update(
        starts_at=scene.TEN + 2 * scene.HOUR, ends_at=scene.TEN + 3 * scene.HOUR
    )
    scene.publish(summit.forum)
    register(summit.a, summit.wanjiru)

    assert register(summit.b, summit.wanjiru).status == "confirmed"


def test_register_refuses_a_delegation_at_its_quota_and_names_who_holds_it(summit):
    register(summit.a, summit.wanjiru)
    register(summit.a, summit.kamau)

    problem = refused(summit.a, scene.make_delegate(summit.kenya, "Sampuli"))

    assert problem.code == "at_quota"
    assert str(problem) == "Kenya has all of its 2 places here in use: Mfano, Kielezo."


def test_register_follows_the_share_of_the_seating_before_that_of_the_category(summit):
    SeatingShare.objects.create(seating=summit.a, category=summit.kenya.category, table_places=2, behind_places=0)
    places = [register(summit.a, delegate).place for delegate in (summit.wanjiru, summit.kamau)]

    assert places == ["table", "table"]


def test_register_leaves_alone_what_organisers_hold_back(summit):
    summit.a.held_back = 2
    summit.a.save()

    assert register(summit.a, summit.wanjiru).place == "behind"
    assert register(summit.a, summit.kofi).status == "waitlisted"


def test_register_waits_in_line_when_all_is_full(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.wanjiru)

    registration = register(summit.a, summit.kofi)

    assert (registration.status, registration.place) == ("waitlisted", "")
    assert Email.objects.last().subject == "You are on the waiting list: A"


def test_release_promotes_the_first_in_line_and_tells_them(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held = register(summit.a, summit.wanjiru)
    first, second = register(summit.a, summit.kofi), register(summit.a, newcomer(summit, "uganda"))

    services.release(registration=held, by=None, now=scene.NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (held.__class__.objects.get(pk=held.pk).status, first.status, second.status) == (
        "released", "confirmed", "waitlisted",
    )  # fmt: skip
    assert Email.objects.last().subject == "A place has become free for you: A"


def test_release_twice_frees_one_place(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held = register(summit.a, summit.wanjiru)
    register(summit.a, summit.kofi)
    register(summit.a, newcomer(summit, "uganda"))

    services.release(registration=held, by=None, now=scene.NOW)
    services.release(registration=held, by=None, now=scene.NOW)

    assert Registration.objects.waiting().count() == 1


def test_release_passes_over_a_waiter_who_is_elsewhere_at_that_hour(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held = register(summit.a, summit.wanjiru)
    elsewhere = register(summit.a, summit.kofi)
    register(summit.b, summit.kofi)
    next_ = register(summit.a, newcomer(summit, "uganda"))

    services.release(registration=held, by=None, now=scene.NOW)

    elsewhere.refresh_from_db()
    next_.refresh_from_db()
    assert (elsewhere.status, next_.status) == ("waitlisted", "confirmed")


def test_release_of_what_was_in_the_way_promotes_the_waiter_in_the_other_session(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held = register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)
    in_the_way = register(summit.b, summit.kofi)
    services.release(registration=held, by=None, now=scene.NOW)

    services.release(registration=in_the_way, by=None, now=scene.NOW)

    waits.refresh_from_db()
    assert waits.status == "confirmed"


def test_release_keeps_the_quota_of_the_one_promoted(summit):
    """A seat at the table goes past an observer, who may sit behind it only."""
    summit.a.behind_seats = 0
    summit.a.table_seats = 1
    summit.a.save()
    held = register(summit.a, summit.wanjiru)
    summit.a.behind_seats = 1
    summit.a.save()
    register(summit.a, summit.kamau)
    observer = register(summit.a, summit.observer)
    ghana = register(summit.a, summit.kofi)

    services.release(registration=held, by=None, now=scene.NOW)

    observer.refresh_from_db()
    ghana.refresh_from_db()
    assert (observer.status, ghana.status, ghana.place) == ("waitlisted", "confirmed", "table")


def test_arranging_gives_raised_seats_to_those_who_wait(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)
    summit.a.table_seats = 3
    summit.a.save()

    promoted = services.arrange_places(forum=summit.forum, now=scene.NOW).promoted

    assert promoted == [waits]


def test_register_does_not_overtake_who_waits_when_seats_were_raised(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)
    summit.a.table_seats = 2
    summit.a.save()

    late = register(summit.a, newcomer(summit, "uganda"))

    waits.refresh_from_db()
    assert (waits.status, late.status) == ("confirmed", "waitlisted")


@pytest.fixture
def organiser(db):
    return User.objects.create_user("organiser@example.org")


def exception(summit, delegate, organiser, seating=None):
    return services.grant_exception(
        seating=seating or summit.a, delegate=delegate, place="table", authorised_by="The co-chairs",
        authorised_at=scene.NOW, reason="Speaks on item 2", by=organiser, now=scene.NOW,
    )  # fmt: skip


def test_exception_gives_a_place_beyond_seats_and_quota_and_displaces_nobody(summit, organiser):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held = register(summit.a, summit.wanjiru)

    granted = exception(summit, summit.kamau, organiser)

    record = SeatException.objects.get()
    assert (granted.status, record.beyond_seats, record.beyond_quota) == ("confirmed", True, True)
    held.refresh_from_db()
    assert held.status == "confirmed"


def test_exception_accepts_an_overlap(summit, organiser):
    register(summit.a, summit.wanjiru)

    granted = exception(summit, summit.wanjiru, organiser, summit.b)

    assert (granted.status, granted.overlap) == ("confirmed", "accepted")


def test_exception_is_not_for_who_is_not_accredited(summit, organiser):
    with pytest.raises(RegistrationRefused):
        exception(summit, newcomer(summit, "uganda", state="submitted"), organiser)


def test_exception_stays_on_record(summit, organiser):
    exception(summit, summit.wanjiru, organiser)

    with pytest.raises(IntegrityError), transaction.atomic():
        SeatException.objects.update(reason="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatException.objects.all().delete()


def test_accredit_writes_history_and_mail(summit, organiser):
    delegate = newcomer(summit, "uganda", state="submitted", email="amina@example.org")

    services.accredit(delegate=delegate, by=organiser, now=scene.NOW)

    delegate.refresh_from_db()
    assert (delegate.state, delegate.accredited_at, delegate.submitted_at) == ("accredited", scene.NOW, None)
    change = AccreditationChange.objects.get()
    assert (change.old, change.new, change.by) == ("submitted", "accredited", organiser)
    assert Email.objects.get().subject == "You are accredited: delegation of Uganda"


def test_decide_takes_the_first_of_two_decisions(summit, organiser):
    delegate = newcomer(summit, "acme", "business", state="submitted")
    seen_by_another = Delegate.objects.get(pk=delegate.pk)
    services.decide(delegate=delegate, to=Delegate.State.DECLINED, by=organiser, now=scene.NOW)

    with pytest.raises(RegistrationRefused, match="somebody else decided"):
        services.accredit(delegate=seen_by_another, by=organiser, now=scene.NOW)

    assert AccreditationChange.objects.count() == 1


def test_a_declined_delegate_makes_room_for_the_next_in_line(summit, organiser):
    """Where places are first come. Whoever is withdrawn leaves the place to the delegation."""
    Seating.objects.filter(pk=summit.a.pk).update(behind_seats=1)
    traders = [newcomer(summit, code, "business") for code in ("acme", "bazaar")]
    first, waits = [register(summit.a, trader) for trader in traders]
    assert waits.is_waiting

    services.decide(delegate=traders[0], to=Delegate.State.DECLINED, by=organiser, now=scene.NOW)

    first.refresh_from_db()
    waits.refresh_from_db()
    assert (first.status, waits.status, waits.place) == ("released", "confirmed", "behind")


def test_decide_never_declines_who_a_government_names(summit, organiser):
    delegate = newcomer(summit, "uganda", state="submitted")

    with pytest.raises(RegistrationRefused, match="governments name their own"):
        services.decide(delegate=delegate, to=Delegate.State.DECLINED, by=organiser, now=scene.NOW)


def test_withdrawn_delegate_leaves_places_to_be_named_and_the_waiting_list(summit, organiser):
    register(summit.a, summit.wanjiru)
    summit.c.table_seats, summit.c.behind_seats = 1, 0
    summit.c.save()
    register(summit.c, summit.kofi)
    waits = register(summit.c, summit.wanjiru)

    services.decide(delegate=summit.wanjiru, to=Delegate.State.WITHDRAWN, by=organiser, now=scene.NOW)

    waits.refresh_from_db()
    kept = Registration.objects.confirmed().get(seating=summit.a)
    assert (kept.delegation, kept.delegate, kept.person) == (summit.kenya, None, None)
    assert waits.status == "released"


def test_name_fills_a_place_of_the_same_delegation_only(summit, organiser):
    register(summit.a, summit.wanjiru)
    services.decide(delegate=summit.wanjiru, to=Delegate.State.WITHDRAWN, by=organiser, now=scene.NOW)
    place = Registration.objects.get()

    with pytest.raises(RegistrationRefused):
        services.name(registration=place, delegate=summit.kofi, by=organiser, now=scene.NOW)
    named = services.name(registration=place, delegate=summit.kamau, by=organiser, now=scene.NOW)

    assert (named.delegate, named.person) == (summit.kamau, summit.kamau.person)


def profile(**fields):
    return services.Profile(**{"family_name": "MFANO", "needs": "Step-free way", **fields})


def test_join_delegation_makes_person_and_delegate_and_keeps_the_agreement(summit):
    user = User.objects.create_user("new@example.org")

    delegate = services.join_delegation(
        key=summit.kenya.registration_key.lower().replace("-", " "), user=user, profile=profile(), now=scene.NOW
    )

    user.refresh_from_db()
    assert (delegate.state, delegate.delegation, delegate.person) == ("submitted", summit.kenya, user.person)
    assert (user.privacy_version, user.privacy_agreed_at) == ("2018-10-01", scene.NOW)


def test_join_delegation_twice_is_once(summit):
    user = User.objects.create_user("new@example.org")
    key = summit.kenya.registration_key

    first = services.join_delegation(key=key, user=user, profile=profile(), now=scene.NOW)

    assert services.join_delegation(key=key, user=user, profile=profile(), now=scene.NOW) == first
    assert Person.objects.filter(family_name="MFANO").count() == 1


@pytest.mark.parametrize("key", ["", "WRONG-WRONG-WRONG-WRONG"])
def test_find_delegation_refuses_an_unknown_key(summit, key):
    with pytest.raises(RegistrationRefused) as caught:
        services.find_delegation(key=key, now=scene.NOW)
    assert caught.value.problems[0].code == "key_unknown"


def test_find_delegation_refuses_a_key_that_ended_and_one_that_was_renewed(summit):
    old = summit.kenya.registration_key
    summit.kenya.renew_key(expires_at=scene.NOW)

    with pytest.raises(RegistrationRefused, match="ended on Tuesday 20 November"):
        services.find_delegation(key=summit.kenya.registration_key, now=scene.NOW)
    with pytest.raises(RegistrationRefused, match="No delegation has this key"):
        services.find_delegation(key=old, now=scene.NOW)


def test_session_that_is_not_in_the_programme_gives_no_place(summit, organiser):
    draft_only = scene.seat(scene.make_session(summit.forum, "draft-only", starts_at=scene.TEN + 9 * scene.HOUR))

    assert refused(draft_only, summit.wanjiru).code == "not_in_programme"
    with pytest.raises(RegistrationRefused, match="is not in the programme"):
        exception(summit, summit.wanjiru, organiser, draft_only)


def test_mail_keeps_to_the_published_zone_when_the_draft_moves(summit):
    new_york = Venue.objects.create(
        forum=summit.forum, slug="ny", name="NY", name_en="NY", city="New York", city_en="New York",
        country=scene.make_party("USA"), time_zone="America/New_York",
    )  # fmt: skip
    Session.objects.filter(pk=summit.a.session_id).update(venue=new_york)
    summit.c.opens_at = scene.NOW + timedelta(days=1)
    summit.c.save()
    Session.objects.filter(pk=summit.c.session_id).update(venue=new_york)

    register(summit.a, summit.wanjiru)

    assert "10:00–12:00" in Email.objects.get().message
    assert str(refused(summit.c, summit.kofi)) == "Places can be taken from 21 November, 10:00."


def test_mail_links_to_the_session_of_its_own_forum(summit):
    register(Seating.objects.get(session__forum=summit.other_forum), summit.stranger)

    assert "/en/quito-2020/sessions/a/" in Email.objects.get().message


def test_release_passes_over_a_waiter_whom_the_session_no_longer_admits(summit):
    summit.c.table_seats, summit.c.behind_seats = 1, 1
    summit.c.save()
    held = register(summit.c, newcomer(summit, "who", "un-entity"))
    waits = register(summit.c, summit.observer)
    Session.objects.filter(pk=summit.c.session_id).update(entry="governments")
    scene.publish(summit.forum)

    services.release(registration=held, by=None, now=scene.NOW)

    waits.refresh_from_db()
    assert waits.status == "waitlisted"


def test_release_keeps_what_was_attended(summit):
    registration = register(summit.a, summit.wanjiru)
    Registration.objects.filter(pk=registration.pk).update(attended_at=scene.TEN)

    with pytest.raises(RegistrationRefused, match="it stays on record"):
        services.release(registration=registration, by=None, now=scene.NOW)

    registration.refresh_from_db()
    assert (registration.status, registration.attended_at) == ("confirmed", scene.TEN)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "admitted"),
    [
        (None, date(2018, 12, 5), False),
        (date(2018, 12, 7), None, False),
        (date(2018, 12, 6), date(2018, 12, 6), True),
    ],
)
def test_register_keeps_to_the_days_for_which_a_delegate_is_entered(summit, starts_on, ends_on, admitted):
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(starts_on=starts_on, ends_on=ends_on)

    if admitted:
        assert register(summit.a, summit.wanjiru).status == "confirmed"
    else:
        assert refused(summit.a, summit.wanjiru).code == "other_days"


def test_session_in_the_way_may_have_left_the_programme(summit):
    late = scene.make_session(summit.forum, "late")
    withdrawn = scene.publish(summit.forum)
    register(scene.seat(late), summit.wanjiru)
    publishing.withdraw(release=withdrawn, by=None, reason="Too early")

    assert "a session no longer in the programme" in str(refused(summit.a, summit.wanjiru))
