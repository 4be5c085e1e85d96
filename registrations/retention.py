"""What is held for one forum only is erased once it is over for long enough."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from post_office.models import STATUS, Email, Log

from people.models import Person
from people.uploads import delete_on_commit
from schedule.models import Forum

from .models import AccreditationChange, Delegate, Invitation, Letter
from .personal import Holding, Subject, holdings


@dataclass(frozen=True)
class Rule:
    """`rows` are those of a forum that still hold what `forget` takes out of them."""

    name: str
    rows: Callable[[Forum], QuerySet[Any]]
    forget: Callable[[QuerySet[Any]], object]


def erased_from(forum: Forum) -> date:
    """The first day on which what was held for the forum may go."""
    return forum.ends_on + timedelta(days=settings.RETENTION_DAYS + 1)


def is_due(forum: Forum, now: datetime) -> bool:
    return now.astimezone(forum.zone).date() >= erased_from(forum)


def count(forum: Forum) -> dict[str, int]:
    """How many rows each rule would blank or delete. Reads only."""
    return {rule.name: rule.rows(forum).count() for rule in rules()}


@transaction.atomic
def apply(forum: Forum) -> dict[str, int]:
    """Carry out every rule, and return how many rows each has changed. The second time these are none."""
    done = {}
    for rule in rules():
        rows = rule.rows(forum)
        done[rule.name] = rows.count()
        rule.forget(rows)
    return done


def rules() -> Iterator[Rule]:
    yield Rule("needs", _needs, lambda rows: rows.update(needs=""))
    yield Rule("photographs", _photographs, _forget_photographs)
    yield Rule("reasons of decisions", _reasons, lambda rows: rows.update(reason=""))
    yield Rule("letters", _letters, _forget_letters)
    yield Rule("addresses of invitations", _addresses, _forget_addresses)
    yield Rule("texts of mails", _mails, _forget_mails)
    for holding in holdings():
        if holding.forget:
            yield Rule(holding.name, _of_delegates(holding), holding.forget)


def _needs(forum: Forum) -> QuerySet[Delegate]:
    return Delegate.objects.filter(delegation__forum=forum).exclude(needs="")


def _photographs(forum: Forum) -> QuerySet[Person]:
    """But of those who come to a later forum, who need not send it again."""
    memberships = Delegate.objects.filter(person=OuterRef("pk"))
    later = memberships.filter(delegation__forum__ends_on__gt=forum.ends_on)
    return Person.objects.filter(Exists(memberships.filter(delegation__forum=forum)), ~Exists(later)).exclude(
        photograph=""
    )


def _forget_photographs(persons: QuerySet[Person]) -> None:
    delete_on_commit(Person._meta.get_field("photograph").storage, persons.values_list("photograph", flat=True))
    persons.update(photograph="")


def _reasons(forum: Forum) -> QuerySet[AccreditationChange]:
    return AccreditationChange.objects.filter(delegate__delegation__forum=forum).exclude(reason="")


def _letters(forum: Forum) -> QuerySet[Letter]:
    return Letter.objects.filter(delegation__forum=forum)


def _forget_letters(letters: QuerySet[Letter]) -> None:
    delete_on_commit(Letter._meta.get_field("file").storage, letters.values_list("file", flat=True))
    letters.delete()


def _addresses(forum: Forum) -> QuerySet[Invitation]:
    return Invitation.objects.filter(delegation__forum=forum).exclude(email="")


def _forget_addresses(invitations: QuerySet[Invitation]) -> None:
    ids = list(invitations.values_list("pk", flat=True))
    found = Invitation.objects.filter(pk__in=ids)
    for invitation in found.pending():
        Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=invitation.expires_at)
    found.update(email="")


def _mails(forum: Forum) -> QuerySet[Email]:
    """Written until the forum was over. Subjects, times and recipients stay: they say who was told."""
    end = datetime.combine(forum.ends_on + timedelta(days=1), time(), forum.zone)
    return Email.objects.filter(created__lt=end, status__in=[STATUS.sent, STATUS.failed]).exclude(
        message="", html_message=""
    )


def _forget_mails(mails: QuerySet[Email]) -> None:
    Log.objects.filter(email__in=mails.values("pk")).delete()
    mails.update(message="", html_message="")


def _of_delegates(holding: Holding) -> Callable[[Forum], QuerySet[Any]]:
    def rows(forum: Forum) -> QuerySet[Any]:
        members = Delegate.objects.filter(delegation__forum=forum).values_list("pk", flat=True)
        return holding.rows(Subject(person=None, delegates=tuple(members)))

    return rows
