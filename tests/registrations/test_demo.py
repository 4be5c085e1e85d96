from allauth.account.models import EmailAddress

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
