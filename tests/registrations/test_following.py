import pytest
from post_office.models import Email

from people.models import User
from programme import services as publishing
from programme.draft import draft
from registrations import checks, services
from registrations.models import FocalPoint, Registration, ReleaseCursor
from schedule.models import Session
from tests.registrations import scene


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)


def move(seating, hours):
    session = Session.objects.get(pk=seating.session_id)
    session.starts_at += hours * scene.HOUR
    session.ends_at += hours * scene.HOUR
    session.save()


def follow():
    services.follow_releases(now=scene.NOW + scene.HOUR)


@pytest.fixture
def placed(summit):
    """Wanjiru and Kofi hold places in a (10–12) and c (14–16); the release of that is dealt with."""
    follow()
    for seating in (summit.a, summit.c):
        register(seating, summit.wanjiru)
    register(summit.a, summit.kofi)
    Email.objects.all().delete()
    return summit


def test_follow_copies_new_hours_and_tells_those_concerned_once(placed):
    move(placed.a, 1)
    scene.publish(placed.forum)

    follow()
    follow()

    period = Registration.objects.get(seating=placed.a, delegate=placed.wanjiru).period
    assert period.lower == scene.TEN + scene.HOUR
    mails = Email.objects.order_by("to")
    assert [mail.to for mail in mails] == [["kofi@example.org"], ["wanjiru@example.org"]]
    assert mails[0].subject == "Changed: a session in which you have a place"
    assert "A\nThursday 6 December, 11:00–13:00\n" in mails[0].message
    assert "Time: 11:00–13:00 (before: 10:00–12:00)" in mails[0].message


def test_follow_writes_in_the_language_of_the_account(placed):
    user = placed.kofi.person.user
    user.language = "fr"
    user.save()
    move(placed.a, 1)
    scene.publish(placed.forum)

    follow()

    assert "jeudi 6 décembre, 11:00–13:00" in Email.objects.get(to=["kofi@example.org"]).message


@pytest.fixture
def focal(placed):
    """Who looks after Kenya; Kamau has no account."""
    user = User.objects.create_user("focal@example.org")
    FocalPoint.objects.create(user=user, delegation=placed.kenya)
    return user


def mail_to(address):
    return Email.objects.get(to=[address])


def test_follow_tells_the_focal_point_once_of_all_its_delegates(placed, focal):
    register(placed.c, placed.kamau)
    Email.objects.all().delete()
    for seating in (placed.a, placed.c):
        move(seating, 1)
    scene.publish(placed.forum)

    follow()
    follow()

    mail = mail_to("focal@example.org")
    assert mail.subject == "Changed: 2 sessions in which your delegation has places"
    assert "Time: 11:00–13:00 (before: 10:00–12:00)\nMfano (Kenya)\n" in mail.message
    assert "Time: 15:00–17:00 (before: 14:00–16:00)\nMfano, Kielezo (Kenya)\n" in mail.message
    assert "Mensah" not in mail.message
    assert mail_to("kofi@example.org").subject == "Changed: a session in which you have a place"


def test_follow_tells_the_focal_point_of_places_to_be_named(placed, focal):
    services.vacate(
        registration=Registration.objects.get(seating=placed.a, delegate=placed.wanjiru), by=None, now=scene.NOW
    )
    move(placed.a, 1)
    scene.publish(placed.forum)

    follow()

    assert "1 place to be named (Kenya)" in mail_to("focal@example.org").message
    assert not Email.objects.filter(to=["wanjiru@example.org"]).exists()


def test_follow_writes_one_mail_to_a_focal_point_of_two_who_is_a_delegate_as_well(placed, focal):
    user = placed.kofi.person.user
    for delegation in (placed.kenya, placed.ghana):
        FocalPoint.objects.create(user=user, delegation=delegation)
    user.language = "fr"
    user.save()
    move(placed.a, 1)
    scene.publish(placed.forum)

    follow()

    mail = mail_to("kofi@example.org")
    assert "11:00–13:00" in mail.message
    assert "Mfano (Kenya)\nMensah (Ghana)\n" in mail.message


def test_follow_does_not_write_to_a_closed_account(placed, focal):
    User.objects.filter(pk=focal.pk).update(is_active=False)
    move(placed.a, 1)
    scene.publish(placed.forum)

    follow()

    assert not Email.objects.filter(to=["focal@example.org"]).exists()


def test_focal_point_hears_of_the_promotion_of_a_delegate_without_an_account(placed, focal):
    placed.b.table_seats, placed.b.behind_seats = 1, 0
    placed.b.save()
    uganda = scene.make_delegate(scene.make_delegation(placed.forum, "uganda"), "Amina")
    held = register(placed.b, uganda)
    assert register(placed.b, placed.kamau).status == "waitlisted"
    Email.objects.all().delete()

    services.release(registration=held, by=None, now=scene.NOW)

    mail = Email.objects.get()
    assert (mail.to, mail.subject) == (["focal@example.org"], "A place has become free for Kielezo: B")
    assert "A place has become free for Kielezo (Kenya), who has no account." in mail.message


def test_focal_point_is_not_told_what_the_delegate_hears(placed, focal):
    placed.b.table_seats, placed.b.behind_seats = 1, 0
    placed.b.save()
    uganda = scene.make_delegate(scene.make_delegation(placed.forum, "uganda"), "Amina")
    held = register(placed.b, uganda)
    services.release(
        registration=Registration.objects.get(seating=placed.a, delegate=placed.kofi), by=None, now=scene.NOW
    )
    FocalPoint.objects.create(user=focal, delegation=placed.ghana)
    register(placed.b, placed.kofi)
    Email.objects.all().delete()

    services.release(registration=held, by=None, now=scene.NOW)

    assert [mail.to for mail in Email.objects.all()] == [["kofi@example.org"]]


def test_follow_flags_the_overlap_that_a_release_caused_and_drops_nobody(placed):
    move(placed.a, 3)  # 13–15, into c
    scene.publish(placed.forum)

    follow()

    flagged = Registration.objects.flagged().get()
    assert (flagged.seating, flagged.delegate) == (placed.a, placed.wanjiru)
    assert Registration.objects.confirmed().filter(delegate=placed.wanjiru).count() == 2


def test_follow_takes_the_flag_away_when_the_overlap_is_gone(placed):
    move(placed.a, 3)
    scene.publish(placed.forum)
    follow()
    move(placed.a, -3)
    scene.publish(placed.forum)

    follow()

    assert not Registration.objects.flagged().exists()


def test_release_of_the_other_place_takes_the_flag_away(placed):
    move(placed.a, 3)
    scene.publish(placed.forum)
    follow()

    services.release(
        registration=Registration.objects.get(seating=placed.c, delegate=placed.wanjiru), by=None, now=scene.NOW
    )

    assert not Registration.objects.flagged().exists()


def test_follow_lets_two_sessions_swap_their_hours(placed):
    move(placed.a, 4)
    move(placed.c, -4)
    scene.publish(placed.forum)

    follow()

    assert not Registration.objects.flagged().exists()
    assert Registration.objects.get(seating=placed.c, delegate=placed.wanjiru).period.lower == scene.TEN


def test_follow_tells_of_a_cancellation_and_keeps_the_places(placed):
    Session.objects.filter(pk=placed.a.session_id).update(cancelled_at=scene.NOW)
    scene.publish(placed.forum)

    follow()

    assert "Cancelled" in Email.objects.get(to=["kofi@example.org"]).message
    kept = Registration.objects.get(seating=placed.a, delegate=placed.kofi)
    assert (kept.status, kept.period) == ("confirmed", None)


def test_follow_tells_nobody_of_reworded_texts(placed):
    Session.objects.filter(pk=placed.a.session_id).update(summary="New", summary_en="New")
    scene.publish(placed.forum)

    follow()

    assert not Email.objects.exists()
    assert ReleaseCursor.objects.get(forum=placed.forum).number == 2


def test_follow_goes_back_with_a_withdrawn_release(placed):
    move(placed.a, 1)
    release = scene.publish(placed.forum)
    follow()
    publishing.withdraw(release=release, by=None, reason="Wrong hour")

    follow()

    assert Registration.objects.get(seating=placed.a, delegate=placed.kofi).period.lower == scene.TEN
    assert Email.objects.filter(to=["kofi@example.org"]).count() == 2


def test_follow_promotes_the_waiter_whose_way_a_release_clears(placed):
    placed.b.table_seats, placed.b.behind_seats = 1, 0
    placed.b.save()
    uganda = scene.make_delegate(scene.make_delegation(placed.forum, "uganda"), "Amina")
    held = register(placed.b, uganda)
    waits = Registration.objects.create(
        seating=placed.b, delegation=placed.ghana, delegate=placed.kofi, person=placed.kofi.person,
        period=held.period, status="waitlisted", requested_at=scene.NOW,
    )  # fmt: skip
    services.release(registration=held, by=None, now=scene.NOW)
    waits.refresh_from_db()
    assert waits.status == "waitlisted"
    move(placed.b, 7)
    scene.publish(placed.forum)

    follow()

    waits.refresh_from_db()
    assert waits.status == "confirmed"


def test_check_names_who_would_be_in_two_places(placed):
    move(placed.a, 3)

    [problem] = checks.places(placed.forum, draft(placed.forum))

    assert problem.message == "1 delegate would hold places in “A” and “C” at the same time: Mfano."
    assert not problem.blocking


def test_check_is_silent_where_nothing_moves(placed):
    assert checks.places(placed.forum, draft(placed.forum)) == []
