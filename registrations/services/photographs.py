from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from people.models import Person, User
from people.uploads import delete_on_commit

from ..models import Delegate, Delegation


@transaction.atomic
def keep_photograph(*, person: Person, picture: bytes) -> Person:
    """Keep a JPEG made by `people.uploads.photograph`; the one before goes. Its name tells nothing."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk, erased_at=None)
    delete_on_commit(person.photograph.storage, [person.photograph.name or ""])
    person.photograph.save(f"{uuid4().hex}.jpg", ContentFile(picture), save=False)
    person.save(update_fields=["photograph"])
    return person


@transaction.atomic
def remove_photograph(*, person: Person) -> Person:
    """Twice is once."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    delete_on_commit(person.photograph.storage, [person.photograph.name or ""])
    person.photograph = ""
    person.save(update_fields=["photograph"])
    return person


def may_see_photograph(user: User, person: Person) -> bool:
    """The person, the focal points of their delegations at the current forum, and organisers."""
    return (
        user.person_id == person.pk
        or user.has_perm("registrations.change_delegate")
        or Delegate.objects.present()
        .filter(person=person, delegation__in=Delegation.objects.looked_after_by(user))
        .exists()
    )
