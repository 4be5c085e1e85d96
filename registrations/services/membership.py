from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Person, User
from programme import dates

from ..models import AccreditationChange, Delegate, Delegation
from ..problems import Code, Problem, RegistrationRefused


@dataclass(frozen=True)
class Profile:
    """What a delegate says of themselves."""

    family_name: str
    given_name: str = ""
    honorific: str = ""
    function: str = ""
    languages: tuple[str, ...] = ()
    needs: str = ""


def find_delegation(*, key: str, now: datetime) -> Delegation:
    """The delegation that `key` opens. Raises `RegistrationRefused` when it opens none, or no longer."""
    delegation = Delegation.objects.with_key(key).select_related("forum", "party").first()
    if delegation is None:
        raise RegistrationRefused(
            Problem(Code.KEY_UNKNOWN, _("No delegation has this key. Look at the letter of your focal point again."))
        )
    if delegation.key_has_expired(now):
        ended = dates.day(delegation.key_expires_at.astimezone(delegation.forum.zone), get_language() or "en")
        raise RegistrationRefused(
            Problem(
                Code.KEY_EXPIRED,
                _("This key ended on {day}. Ask your focal point for the new one."),
                {"day": ended},
            )
        )
    return delegation


@transaction.atomic
def join_delegation(*, key: str, user: User, profile: Profile, now: datetime) -> Delegate:
    """Make the account's person a delegate, to be accredited, and keep that the privacy notice was agreed to.

    A person who is a member already stays what they are; a known person keeps the name they have.
    Raises `RegistrationRefused` as `find_delegation` does.
    """
    delegation = find_delegation(key=key, now=now)
    user = User.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=user.pk)
    if user.person is None:
        user.person = Person.objects.create(
            honorific=profile.honorific, given_name=profile.given_name, family_name=profile.family_name
        )
    user.privacy_version, user.privacy_agreed_at = delegation.forum.privacy_version, now
    user.save(update_fields=["person", "privacy_version", "privacy_agreed_at"])
    delegate, is_new = Delegate.objects.get_or_create(
        person=user.person,
        delegation=delegation,
        defaults={
            "function": profile.function,
            "languages": list(profile.languages),
            "needs": profile.needs,
            "submitted_at": now,
        },
    )
    if is_new:
        AccreditationChange.objects.create(delegate=delegate, new=Delegate.State.SUBMITTED, by=user, at=now)
    return delegate
