"""Checking in: once is once, only confirmed places, and what is not checked in is told why."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from people.models import Person, User
from programme.models import PublishedSession
from registrations import services
from registrations.badges import code_of
from registrations.models import Delegate, DelegationHead, PlateCount, Registration
from registrations.services import RegistrationRefused, Verdict
from schedule.models import Session
from tests.registrations import scene
from tests.registrations.conftest import make_summit
from tests.registrations.test_races import at_once

NINE_FORTY = scene.TEN - timedelta(minutes=20)


@pytest.fixture
def door(summit):
    """Wanjiru holds a place in a; somebody of the staff stands at the doors."""
    summit.place = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    summit.staff = User.objects.create_user("staff@example.org")
    return summit


def published(slug, forum="marrakesh-2018"):
    return PublishedSession.objects.get(forum__slug=forum, slug=slug)


def scan(door, delegate, slug="a", *, by=None, at=NINE_FORTY, now=NINE_FORTY):
    return services.check_in(
        session=published(slug), code=code_of(delegate.person), by=by or door.staff, at=at, now=now
    )


def attended(registration):
    registration.refresh_from_db()
    return registration.attended_at, registration.attended_by


def test_badge_with_a_place_is_checked_in(door):
    answer = scan(door, door.wanjiru)

    assert (answer.verdict, answer.may_enter, answer.person) == (Verdict.CHECKED_IN, True, door.wanjiru.person)
    assert attended(door.place) == (NINE_FORTY, door.staff)


def test_once_is_once_and_is_said_so(door):
    scan(door, door.wanjiru)

    later = NINE_FORTY + timedelta(minutes=9)
    answer = scan(door, door.wanjiru, at=later, now=later)

    assert (answer.verdict, answer.may_enter) == (Verdict.ALREADY, False)
    assert answer.sentence == "This badge was checked in at 09:40."  # on the clock of Marrakesh
    assert attended(door.place) == (NINE_FORTY, door.staff)


def test_same_scan_sent_again_brings_the_same_answer(door):
    scan(door, door.wanjiru)

    answer = scan(door, door.wanjiru, now=NINE_FORTY + timedelta(minutes=5))

    assert answer.verdict == Verdict.CHECKED_IN


def test_scan_that_was_kept_for_a_while_counts_when_it_was_made(door):
    scan(door, door.wanjiru, now=NINE_FORTY + timedelta(hours=2))

    assert attended(door.place) == (NINE_FORTY, door.staff)


@pytest.mark.parametrize("wrong", [timedelta(days=-2), timedelta(hours=1)])
def test_time_of_a_clock_that_is_wrong_is_not_believed(door, wrong):
    scan(door, door.wanjiru, at=NINE_FORTY + wrong)

    assert attended(door.place) == (NINE_FORTY, door.staff)


def test_badge_without_a_place_is_told_so(door):
    answer = scan(door, door.kofi)

    assert (answer.verdict, answer.may_enter) == (Verdict.NO_PLACE, False)
    assert answer.sentence == "An organiser can grant one."


def test_place_of_the_delegation_that_is_to_be_named_is_pointed_out(door):
    own = services.register(seating=door.a, delegate=door.kofi, by=None, now=scene.NOW)
    services.vacate(registration=own, by=None, now=scene.NOW)

    answer = scan(door, door.kofi)

    assert answer.verdict == Verdict.NO_PLACE
    assert answer.sentence.startswith("Ghana has a place here that is to be named")


def test_waiting_list_is_no_place(door):
    door.b.table_seats, door.b.behind_seats = 1, 0
    door.b.save()
    uganda = scene.make_delegate(scene.make_delegation(door.forum, "uganda"), "Amina")
    services.register(seating=door.b, delegate=uganda, by=None, now=scene.NOW)
    waits = services.register(seating=door.b, delegate=door.kofi, by=None, now=scene.NOW)

    assert scan(door, door.kofi, "b").verdict == Verdict.WAITING
    assert attended(waits) == (None, None)


def test_another_door_tells_where_the_place_is(door):
    answer = scan(door, door.wanjiru, "b")

    assert (answer.verdict, answer.elsewhere) == (Verdict.ELSEWHERE, published("a"))
    assert attended(door.place) == (None, None)


def test_released_place_is_no_place(door):
    services.release(registration=door.place, by=None, now=scene.NOW)

    assert scan(door, door.wanjiru).verdict == Verdict.NO_PLACE


def test_session_without_seats_needs_no_place(door):
    assert scan(door, door.kofi, "unseated").verdict == Verdict.OPEN


def test_session_that_is_open_to_all_needs_no_place_though_it_has_seats(door):
    Session.objects.filter(pk=door.a.session_id).update(kind=Session.Kind.PLENARY)
    scene.publish(door.forum)

    answer = scan(door, door.kofi)

    assert (answer.verdict, answer.sentence) == (Verdict.OPEN, "This session is open to all delegates.")
    assert scan(door, door.wanjiru).verdict == Verdict.CHECKED_IN


@pytest.mark.parametrize(
    ("entry", "verdict"), [("invitation", Verdict.BY_INVITATION), ("governments", Verdict.NOT_ADMITTED)]
)
def test_session_that_is_not_open_to_the_delegation_says_so(door, entry, verdict):
    Session.objects.filter(slug="unseated").update(entry=entry)
    scene.publish(door.forum)

    assert scan(door, door.observer, "unseated").verdict == verdict


def test_cancelled_session_checks_nobody_in(door):
    Session.objects.filter(pk=door.a.session_id).update(cancelled_at=scene.NOW)
    scene.publish(door.forum)

    assert scan(door, door.wanjiru).verdict == Verdict.CANCELLED
    assert attended(door.place) == (None, None)


def test_who_is_not_accredited_goes_to_the_desk(door):
    newcomer = scene.make_delegate(door.kenya, "Mgeni", state="submitted")

    assert scan(door, newcomer).verdict == Verdict.NOT_ACCREDITED


def test_delegate_of_another_forum_is_not_accredited_here(door):
    assert scan(door, door.stranger).verdict == Verdict.NOT_ACCREDITED


def test_made_up_code_is_unknown(door):
    answer = services.check_in(
        session=published("a"), code="0001-0000-0000", by=door.staff, at=NINE_FORTY, now=NINE_FORTY
    )

    assert (answer.verdict, answer.person) == (Verdict.UNKNOWN, None)


def test_head_of_delegation_is_not_scanned(door):
    DelegationHead.objects.create(
        delegation=door.kenya, delegate=door.wanjiru, period=DateTimeTZRange(scene.NOW, scene.TEN + scene.HOUR)
    )

    assert scan(door, door.wanjiru).verdict == Verdict.NOT_SCANNED
    assert attended(door.place) == (None, None)
    later = scene.TEN + 2 * scene.HOUR
    assert scan(door, door.wanjiru, at=later, now=later).verdict == Verdict.CHECKED_IN


def test_head_of_a_delegation_that_the_session_is_not_for_does_not_pass(door):
    DelegationHead.objects.create(delegation=door.observers, delegate=door.observer, period=(None, None))
    Session.objects.filter(slug="unseated").update(entry="governments")
    scene.publish(door.forum)

    answer = scan(door, door.observer, "unseated")

    assert (answer.verdict, answer.may_enter) == (Verdict.NOT_ADMITTED, False)
    assert scan(door, door.observer).verdict == Verdict.NOT_SCANNED  # a is for all


def test_who_is_entered_for_other_days_is_spoken_of_to_staff(door):
    Delegate.objects.filter(pk=door.wanjiru.pk).update(starts_on="2018-12-07")

    assert scan(door, door.wanjiru, "unseated").sentence == "Entered for other days."


@pytest.mark.parametrize(
    ("rank", "verdict"),
    [
        (Person.Rank.HEAD_OF_STATE, Verdict.NOT_SCANNED),
        (Person.Rank.MINISTER, Verdict.NOT_SCANNED),
        (Person.Rank.VICE_MINISTER, Verdict.CHECKED_IN),
    ],
)
def test_ministers_are_not_scanned_head_or_not(door, rank, verdict):
    Person.objects.filter(pk=door.wanjiru.person_id).update(protocol_rank=rank)

    assert scan(door, door.wanjiru).verdict == verdict
    assert (attended(door.place) != (None, None)) == (verdict == Verdict.CHECKED_IN)


def test_mistake_is_taken_back_and_checked_in_again(door):
    scan(door, door.wanjiru)

    services.take_back(registration=door.place, by=door.staff, now=NINE_FORTY)
    services.take_back(registration=door.place, by=door.staff, now=NINE_FORTY)

    assert attended(door.place) == (None, None)
    assert scan(door, door.wanjiru).verdict == Verdict.CHECKED_IN


def test_what_was_checked_in_stays_once_the_session_is_over(door):
    scan(door, door.wanjiru)

    with pytest.raises(RegistrationRefused, match="The session is over"):
        services.take_back(registration=door.place, by=door.staff, now=scene.TEN + 2 * scene.HOUR)

    assert attended(door.place) == (NINE_FORTY, door.staff)


def test_newest_count_of_plates_holds_and_the_others_stay(door):
    session = door.a.session
    for plates in (12, 14):
        services.count_plates(session=session, plates=plates, by=door.staff, now=NINE_FORTY)

    assert list(PlateCount.objects.filter(session=session).values_list("plates", flat=True)) == [14, 12]


@pytest.mark.django_db(transaction=True)
def test_two_telephones_at_once_check_a_badge_in_once(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    summit = make_summit()
    place = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    staff = [User.objects.create_user(f"staff{n}@example.org") for n in range(6)]

    answers = at_once(lambda user=user: scan(summit, summit.wanjiru, by=user) for user in staff)

    verdicts = sorted(str(answer.verdict) for answer in answers)
    assert verdicts == ["already"] * 5 + ["checked_in"]
    first = next(answer for answer in answers if answer.verdict == Verdict.CHECKED_IN)
    assert first.person == Person.objects.get(family_name="Mfano")
    place.refresh_from_db()
    assert place.attended_at == NINE_FORTY


@pytest.mark.django_db(transaction=True)
def test_place_that_is_given_up_at_the_door_is_either_checked_in_or_given_up(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    summit = make_summit()
    staff = User.objects.create_user("staff@example.org")
    for _round in range(5):
        place = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)

        at_once(
            [
                lambda: scan(summit, summit.wanjiru, by=staff),
                lambda place=place: services.release(registration=place, by=None, now=scene.NOW),
            ]
        )

        place.refresh_from_db()
        assert (place.status, place.attended_at) in [("confirmed", NINE_FORTY), ("released", None)]
        if place.is_confirmed:
            services.take_back(registration=place, by=staff, now=NINE_FORTY)
            services.release(registration=place, by=None, now=scene.NOW)
    assert Registration.objects.confirmed().count() == 0
