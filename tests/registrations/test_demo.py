import io

from allauth.account.models import EmailAddress
from django.core.management import call_command

from people.models import User
from registrations import demo
from registrations.models import Delegate, FocalPoint, Seating
from schedule.models import Session
from tests.registrations import scene


def test_demo_makes_accounts_delegations_and_seats(published, marrakesh, now):
    for code in ("member-state", "un-entity"):
        scene.category(code)

    demo.create(forum=marrakesh, password="try-it-out-1", now=now)

    accounts = {"organiser", "staff", "focalpoint", "delegate", "observer"}
    assert set(User.objects.values_list("email", flat=True)) == {f"{name}@example.org" for name in accounts}
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 5
    assert User.objects.get(email="delegate@example.org").check_password("try-it-out-1")
    states = {delegate.person.user.email: delegate.state for delegate in Delegate.objects.exclude(person__user=None)}
    assert states == {"delegate@example.org": "accredited", "observer@example.org": "accredited"}
    assert FocalPoint.objects.get().delegation.party.code == "KEN"
    roundtables = Session.objects.filter(kind="roundtable")
    assert Seating.objects.filter(session__in=roundtables, table_seats=30, behind_seats=30).count() == 6


def test_demo_accounts_have_the_password_that_is_told(published, marrakesh, now, settings):
    for code in ("member-state", "un-entity"):
        scene.category(code)
    settings.DEMO, settings.DEMO_PASSWORD = True, "first-one-1"
    User.objects.create_user("minister@example.org", "her-own-1")

    for password in ("first-one-1", "second-one-2"):
        settings.DEMO_PASSWORD = password
        out = io.StringIO()
        call_command("setup_demo", stdout=out)
        assert password in out.getvalue()
        assert {user.email for user in User.objects.all() if not user.check_password(password)} == {
            "minister@example.org"
        }
