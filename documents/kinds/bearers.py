"""Who bears a badge: persons by their accredited memberships, as badges and packs name them."""

import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID

from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from people.models import Person
from registrations.badges import code_of
from registrations.models import Delegate

from .extracts import Extract
from .naming import plainly, short
from .places import in_language


class Bearer(Extract, frozen=True, kw_only=True):
    """A delegate as a badge names them. `photograph` is the name of its file, `also` are the other parties
    of the same person; `uuid` that of the delegate."""

    uuid: str
    honorific: str = ""
    given_name: str = ""
    family_name: str
    arabic_name: str = ""
    function: str = ""
    party: str
    category: str
    colour: str = ""
    badge: str = ""  # missing in extracts of before badges had a code
    also: tuple[str, ...] = ()
    photograph: str = ""
    has_temporary_pass: bool = False

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.honorific, self.given_name, self.family_name]))

    @property
    def has_latin_name(self) -> bool:
        names = [name for name in (self.given_name, self.family_name) if name]
        return bool(names) and all(map(_is_latin, names))

    @property
    def picture(self) -> str:
        """Under which name a template shows the photograph; empty without one."""
        return f"{self.uuid}.jpg" if self.photograph and not self.has_temporary_pass else ""


def uuids(subjects: Collection[str]) -> list[UUID]:
    """Those that are written as one."""
    found = []
    for subject in subjects:
        with suppress(ValueError):
            found.append(UUID(subject))
    return found


def memberships(forum: str, **chosen: object) -> list[list[Delegate]]:
    """Accredited delegates by person, with all memberships of each person of whom any is `chosen`.

    The first is the one that the badge names: a person has one badge, whichever membership it is asked for.
    One query.
    """
    everyone = (
        Delegate.objects.accredited()
        .filter(delegation__forum__slug=forum)
        .select_related("person", "delegation__party", "delegation__category")
        .order_by("delegation__category__position", "delegation__party__sort_key_en", "position", "pk")
    )
    if chosen:
        everyone = everyone.filter(person__in=everyone.filter(**chosen).order_by().values("person"))
    groups: dict[int, list[Delegate]] = {}
    for delegate in everyone:
        groups.setdefault(delegate.person_id, []).append(delegate)
    return list(groups.values())


def bearer(group: list[Delegate], language: str) -> Bearer:
    """`group` are the memberships of one person; a pass is temporary when none of them is more than that."""
    delegate, *others = group
    person, delegation = delegate.person, delegate.delegation
    return Bearer(
        uuid=str(delegate.uuid),
        honorific=person.honorific,
        given_name=person.given_name,
        family_name=person.family_name,
        arabic_name=person.arabic_name,
        function=delegate.function,
        party=in_language(delegation.party, "short_name", language),
        category=in_language(delegation.category, "name", language),
        colour=delegation.category.colour,
        badge=code_of(person),
        also=tuple(in_language(other.delegation.party, "short_name", language) for other in others),
        photograph=person.photograph.name or "",
        has_temporary_pass=all(one.has_temporary_pass for one in group),
    )


def of_person(subject: str, bearer: Bearer) -> str:
    """In the name of a file."""
    return plainly(f"{bearer.family_name} {bearer.given_name}", short(subject))


def pictures(bearers: Iterable[Bearer]) -> dict[str, File]:
    field = Person._meta.get_field("photograph")
    return {one.picture: FieldFile(Person(), field, one.photograph) for one in bearers if one.picture}


def refusal(bearer: Bearer) -> str:
    if bearer.has_latin_name:
        return ""
    return _("%(name)s has no name in Latin letters. Enter it first: those at the door must be able to read it.") % {
        "name": bearer.name
    }


def changes(old: Bearer, new: Bearer) -> list[str]:
    """What the badge says otherwise, a word for each."""
    told = {
        _("name"): lambda one: (one.name, one.arabic_name),
        _("delegation"): lambda one: (one.party, one.also, one.category),
        _("function"): lambda one: one.function,
        _("photograph"): lambda one: (one.photograph, one.has_temporary_pass),
    }
    return [name for name, of in told.items() if of(old) != of(new)]


def _is_latin(name: str) -> bool:
    return any(unicodedata.name(sign, "").startswith("LATIN") for sign in name)
