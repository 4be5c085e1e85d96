"""A person is taken out: the name and all that is personal goes; counts and issued papers stay."""

import json
from dataclasses import replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from post_office.models import STATUS, Email, Log

from people.mail import KEY_HEADER
from people.models import Person, User
from people.uploads import delete_on_commit
from programme import reading, releases
from schedule.models import Forum, Role

from ..emails import inert
from ..models import (
    AccreditationChange,
    Delegate,
    DistinctPersons,
    ErasureRequest,
    FocalPoint,
    Invitation,
    Registration,
    Seating,
)
from ..personal import Subject, holdings, mailed, subject
from ..problems import Code, Problem, RegistrationRefused
from .accreditation import State, decide
from .locks import lock, lock_delegates, retried
from .seats import give_up

ERASED = "(erased)"


@transaction.atomic
def ask_erasure(*, user: User, now: datetime) -> ErasureRequest:
    """Put it before the organisers; asking again returns the same request.

    An account that belongs to nobody is made a person named by its address, so that it can be erased too.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.person is None:
        user.person = Person.objects.create(family_name=user.email[:120])
        user.save(update_fields=["person"])
    return ErasureRequest.objects.get_or_create(
        person=user.person, done_at=None, defaults={"asked_at": now, "asked_by": user}
    )[0]


@transaction.atomic
def take_back_erasure(*, user: User) -> None:
    """As long as it has not been carried out; then there is nothing left to take back."""
    person = user.person
    if person is None or not ErasureRequest.objects.filter(person=person, done_at=None).delete()[0]:
        return
    if person.family_name == user.email[:120] and not person.memberships.exists():  # was made for the request only
        user.person = None
        user.save(update_fields=["person"])
        person.delete()


def objections(person: Person, now: datetime) -> list[Problem]:
    """What has to be settled before the name can go.

    Heading a delegation is none: that ends, as when a delegate is withdrawn.
    """
    found = []
    if sessions := _public_parts(person, now):
        found.append(
            Problem(
                Code.IN_PROGRAMME,
                _("{person} has a part in the programme: {sessions}. Take the name out there and publish first."),
                {"person": person, "sessions": reading.listed(sessions)},
            )
        )
    if User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), person=person).exists():
        found.append(
            Problem(
                Code.WORKS_HERE,
                _("The account of {person} may enter the administration. Take that right away first."),
                {"person": person},
            )
        )
    return found


def _public_parts(person: Person, now: datetime) -> list[str]:
    """Titles of sessions with the name, in the draft or in what readers see, of forums that are not over."""
    forums = Forum.objects.filter(_going_on(now))
    roles = Role.objects.filter(person=person, session__forum__in=forums).select_related("session")
    titles = {str(role.session) for role in roles}
    for forum in forums:
        published = releases.current(forum.slug)
        for session in published.programme.sessions if published else ():
            if any(role.person and role.person.uuid == str(person.uuid) for role in session.roles):
                titles.add(reading.said(session.title))
    return sorted(titles)


def _going_on(now: datetime, forum: str = "") -> Q:
    """Forums that are current or not over: in others nothing is released or promoted any more."""
    return Q(**{f"{forum}is_current": True}) | Q(**{f"{forum}ends_on__gte": now.date()})


@retried
@transaction.atomic
def erase(*, request: ErasureRequest, by: User | None, now: datetime) -> ErasureRequest:
    """Carry out a request: the person leaves every place, then everything personal is blanked.

    Places go to the next in line, kept ones stay with the delegation. What was attended, headed and
    granted stays on record without a name. Raises `RegistrationRefused` with the `objections`, or when
    it was carried out already.
    """
    request = ErasureRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if request.done_at:
        raise RegistrationRefused(Problem(Code.DECIDED, _("This request has been carried out already.")))
    if found := objections(request.person, now):
        raise RegistrationRefused(*found)
    _leave(request.person, by, now)
    person = Person.objects.select_for_update(no_key=True).get(pk=request.person_id)
    about = _about(person)
    for holding in holdings():
        if holding.forget:
            holding.forget(holding.rows(about))
    _blank_logs(person, about)
    _blank_mails(person, about)
    _blank_person(person, now)
    _blank_memberships(person, about, now)
    _close_account(about)
    request.done_at, request.done_by = now, by
    request.save(update_fields=["done_at", "done_by"])
    return request


def _about(person: Person) -> Subject:
    """Also by the addresses to which the person was invited, but for those that are of other accounts."""
    about = subject(person=person)
    invited = Invitation.objects.filter(delegate__in=about.delegates).exclude(email="")
    addresses = {address.lower() for address in invited.values_list("email", flat=True)}
    others = User.objects.exclude(person=person).annotate(address=Lower("email")).filter(address__in=addresses)
    addresses -= set(others.values_list("address", flat=True))
    return replace(about, addresses=sorted(addresses.union(about.addresses)))


def _leave(person: Person, by: User | None, now: datetime) -> None:
    """Out of places and waiting lists, then out of the delegations, heads included."""
    members = Delegate.objects.filter(_going_on(now, "delegation__forum__"), person=person)
    lock_delegates(members.values_list("pk", flat=True))
    forums = members.values("delegation__forum")
    lock(Seating.objects.filter(session__forum__in=forums).values_list("pk", flat=True))
    held = Registration.objects.active().filter(delegate__in=members, attended_at=None)
    for registration in held.select_related("delegation__category").order_by("seating"):
        give_up(registration=registration, by=by, now=now)
    for delegate in members.present().select_related("person", "delegation__party", "delegation__category"):
        decide(delegate=delegate, to=State.WITHDRAWN, by=by, now=now)


def _blank_person(person: Person, now: datetime) -> None:
    delete_on_commit(person.photograph.storage, [person.photograph.name or ""])
    Person.objects.filter(pk=person.pk).update(
        honorific="",
        given_name="",
        family_name="",
        arabic_name="",
        photograph="",
        may_be_listed=False,
        protocol_rank=None,
        erased_at=now,
    )
    DistinctPersons.objects.filter(Q(first=person) | Q(second=person)).delete()


def _blank_memberships(person: Person, about: Subject, now: datetime) -> None:
    Delegate.objects.filter(person=person).update(
        function="", needs="", languages=[], starts_on=None, ends_on=None, has_temporary_pass=False
    )
    AccreditationChange.objects.filter(delegate__person=person).update(reason="")
    invited = Invitation.objects.filter(pk__in=_invitations(about).values("pk"))
    invited.pending().update(withdrawn_at=now)
    invited.update(email="")


def _invitations(about: Subject):
    found = Q(delegate__in=about.delegates) | Q(accepted_by=about.user, accepted_by__isnull=False)
    for address in about.addresses:
        found |= Q(email__iexact=address)
    return Invitation.objects.filter(found)


def _blank_mails(person: Person, about: Subject) -> None:
    """Those to the person, also the addresses; what was not sent yet never will be.

    Those to others that name the person lose their text, once they are sent.
    """
    for name in filter(None, {str(person), inert(person), person.arabic_name}):
        naming = Email.objects.filter(message__contains=name)
        for mail in naming.select_for_update().filter(status=STATUS.queued):
            mail.headers = {**(mail.headers or {}), KEY_HEADER: "1"}
            mail.save(update_fields=["headers"])
        naming.exclude(status=STATUS.queued).update(message=ERASED, html_message="")
    mails = Email.objects.filter(mailed(about))
    Log.objects.filter(email__in=mails.values("pk")).delete()
    ids = list(mails.values_list("pk", flat=True))
    Email.objects.filter(pk__in=ids).exclude(status=STATUS.sent).update(status=STATUS.failed)
    Email.objects.filter(pk__in=ids).update(subject=ERASED, message=ERASED, html_message="", to=[ERASED])


def _blank_logs(person: Person, about: Subject) -> None:
    """The log of the administration names the rows that were changed, and who had which role in a session."""
    invitations = list(_invitations(about).values_list("pk", flat=True))
    rows = {Person: [about.person], User: [about.user], Delegate: about.delegates, Invitation: invitations}
    for model, keys in rows.items():
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).update(object_repr=ERASED)
    role = json.dumps(f": {person}")[1:]
    LogEntry.objects.filter(change_message__contains=role).update(change_message="")


def _close_account(about: Subject) -> None:
    """The row stays, because other rows say that the account asked or decided; nobody gets in by it any more."""
    if about.user is None:
        return
    user = User.objects.get(pk=about.user)
    EmailAddress.objects.filter(user=user).delete()
    FocalPoint.objects.filter(user=user).delete()
    user.email, user.is_active, user.last_login = f"erased-{user.pk}@erased.invalid", False, None
    user.calendar_key = None
    user.set_unusable_password()
    user.save()
