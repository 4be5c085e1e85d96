"""What a focal point does for a delegation: its letters, and what is said of its delegates."""

import uuid
from datetime import datetime
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Person, User
from people.uploads import delete_on_commit, media_type

from ..models import Delegate, Delegation, Letter
from ..problems import Code, Problem, RegistrationRefused
from .accreditation import decide
from .filling import fill_waits_of
from .locks import retried
from .membership import Profile
from .photographs import keep_photograph

MANY_LETTERS = 20
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
NAMES = ("honorific", "given_name", "family_name", "arabic_name")


@transaction.atomic
def upload_letter(*, delegation: Delegation, file: UploadedFile, by: User, now: datetime) -> Letter:
    """Keep a letter, in the store under a name that tells nothing; what was to follow is here by that.

    Raises `UploadRefused` for what is neither a PDF nor a picture, `RegistrationRefused` when there are
    very many letters.
    """
    kind = media_type(file)
    delegation = Delegation.objects.select_for_update(no_key=True, of=("self",)).get(pk=delegation.pk)
    if delegation.letters.count() >= MANY_LETTERS:
        raise RegistrationRefused(
            Problem(
                Code.TOO_MANY, _("There are {n} letters already. Remove one that is not needed."), {"n": MANY_LETTERS}
            )
        )
    stem = PurePath(file.name or "").stem[:100]
    letter = Letter(
        delegation=delegation, name=f"{stem}{ENDINGS[kind]}", media_type=kind, uploaded_at=now, uploaded_by=by
    )
    letter.file.save(f"{uuid.uuid4().hex}{ENDINGS[kind]}", file)
    delegation.announce_letter(follows=False)
    return letter


@transaction.atomic
def remove_letter(*, letter: Letter) -> None:
    delete_on_commit(letter.file.storage, [letter.file.name or ""])
    letter.delete()


def names_are_open(delegate: Delegate) -> bool:
    """Whether the delegation may still mend the name: not once it is accredited, nor when another shares the person."""
    shared = delegate.person.memberships.exclude(pk=delegate.pk)
    is_open = delegate.state != Delegate.State.ACCREDITED and delegate.person.erased_at is None
    return is_open and not shared.exists()


def is_spoken_for(person: Person) -> bool:
    """Whether a focal point may say what the person would: only for one without an account."""
    return person.erased_at is None and not User.objects.filter(person=person).exists()


@retried
@transaction.atomic
def edit_delegate(*, delegate: Delegate, profile: Profile, now: datetime) -> Delegate:
    """Mend an entry. The name only as long as it is open, needs only for a person without an account.

    Who waits for a place on a day that is entered only now gets it if it is free. Needs left empty stay as
    they are: nobody reads them here. Raises `RegistrationRefused` for a name that is settled, and for a
    delegate who has left.
    """
    delegate = (
        Delegate.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=delegate.pk)
    )
    person = delegate.person
    if not delegate.is_present:
        raise RegistrationRefused(
            Problem(Code.NOT_FREE, _("{person} is not in the delegation any more."), {"person": person})
        )
    if renamed := [name for name in NAMES if getattr(person, name) != getattr(profile, name)]:
        if not names_are_open(delegate):
            raise RegistrationRefused(
                Problem(
                    Code.DECIDED, _("{person}: the name is settled. Ask an organiser to mend it."), {"person": person}
                )
            )
        for name in renamed:
            setattr(person, name, getattr(profile, name))
        person.save(update_fields=renamed)
    delegate.function, delegate.languages = profile.function, list(profile.languages)
    delegate.starts_on, delegate.ends_on = profile.starts_on, profile.ends_on
    if profile.needs and is_spoken_for(person):
        delegate.needs = profile.needs
    delegate.save(update_fields=["function", "languages", "starts_on", "ends_on", "needs"])
    fill_waits_of(delegate, now)
    return delegate


def send_again(*, delegate: Delegate, by: User, now: datetime) -> Delegate:
    """Lay before the organisers anew what they returned, or what the delegation had withdrawn.

    What they declined is theirs to take up again. Raises `RegistrationRefused` for that, and as `decide` does.
    """
    if delegate.state == Delegate.State.DECLINED:
        raise RegistrationRefused(
            Problem(
                Code.DECIDED,
                _("{person}: the accreditation was declined. Ask an organiser."),
                {"person": delegate.person},
            )
        )
    return decide(delegate=delegate, to=Delegate.State.SUBMITTED, by=by, now=now)


@transaction.atomic
def speak_for(*, person: Person, photograph: bytes | None, may_be_listed: bool | None) -> None:
    """Keep what a person without an account gave the focal point; nothing for one who says so themself."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not is_spoken_for(person):
        return
    person.may_be_listed = may_be_listed
    person.save(update_fields=["may_be_listed"])
    if photograph:
        keep_photograph(person=person, picture=photograph)
