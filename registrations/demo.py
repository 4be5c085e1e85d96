"""Demo accounts and plainly invented specimen persons, so that every way through the portal can be tried."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from people.models import Party, Person, User
from schedule.models import Forum, Session

from . import services
from .models import Delegate, Delegation, DelegationCategory, FocalPoint, Seating

# account, party, category, honorific, given name, family name, function, accredited
DELEGATES = [
    ("delegate@example.org", "KEN", "member-state", "Ms.", "Wanjiru", "Mfano", "Adviser", True),
    ("", "KEN", "member-state", "Mr.", "Kamau", "Kielezo", "Counsellor", True),
    ("", "KEN", "member-state", "Ms.", "Atieno", "Sampuli", "First Secretary", False),
    ("observer@example.org", "IOM", "un-entity", "Mr.", "Exemplo", "Muster", "Observer", True),
    ("", "PHL", "member-state", "Ms.", "Halimbawa", "Ispesimen", "Counsellor", True),
]
FOCAL_POINT = ("focalpoint@example.org", "KEN")
OFFICE = [("organiser@example.org", "organiser"), ("staff@example.org", "staff")]


@transaction.atomic
def create(*, forum: Forum, password: str, now: datetime) -> None:
    """Make the five demo accounts, three delegations, and seats in each roundtable of `forum`."""
    accounts = {email: _account(email, password) for email, _group in OFFICE}
    for email, group in OFFICE:
        accounts[email].is_staff = True
        accounts[email].save(update_fields=["is_staff"])
        accounts[email].groups.set(Group.objects.filter(name=group))
    delegations = {
        code: Delegation.objects.create(
            forum=forum,
            party=Party.objects.get(code=code),
            category=DelegationCategory.objects.get(code=category),
            letter_follows=True,
        )
        for code, category in {(code, category): None for _email, code, category, *_rest in DELEGATES}
    }
    FocalPoint.objects.create(
        user=_account(FOCAL_POINT[0], password, forum=forum, now=now), delegation=delegations[FOCAL_POINT[1]]
    )
    for position, (email, code, _category, honorific, given, family, function, accredited) in enumerate(DELEGATES, 1):
        person = Person.objects.create(honorific=honorific, given_name=given, family_name=family)
        if email:
            _account(email, password, forum=forum, now=now, person=person)
        delegate = Delegate.objects.create(
            person=person,
            delegation=delegations[code],
            function=function,
            position=position,
            languages=["en"],
            submitted_at=now,
        )
        if accredited:
            services.accredit(delegate=delegate, by=accounts["organiser@example.org"], now=now)
    for session in Session.objects.filter(forum=forum, kind=Session.Kind.ROUNDTABLE).order_by("pk"):
        Seating.objects.create(session=session, table_seats=30, behind_seats=30)
    services.arrange_places(forum=forum, now=now)


def set_password(password: str) -> None:
    """Of the demo accounts that there are: who is told the password comes in with it."""
    emails = [email for email, *_rest in (*OFFICE, FOCAL_POINT, *DELEGATES) if email]
    for user in User.objects.filter(email__in=emails):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


def _account(
    email: str, password: str, *, forum: Forum | None = None, now: datetime | None = None, person: Person | None = None
) -> User:
    agreed = {"privacy_version": forum.privacy_version, "privacy_agreed_at": now} if forum else {}
    user = User.objects.create_user(email, password, person=person, **agreed)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
