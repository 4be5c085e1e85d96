"""Badges of a delegation, of a category or of everybody, as one print run."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.files import File
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import structs

from people.sorting import party_key
from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Delegate, Delegation, DelegationCategory

from ..failures import Failure
from ..sheets import Sheet
from . import words
from .badge import face, hindrance, leaves
from .base import Bound, Kind, Marks, Subject
from .bearers import Bearer, bearer, changes, memberships, pictures, uuids
from .extracts import Extract, ForumExtract, forum_extract
from .naming import plainly, short
from .places import in_language, plural_in

AT_ONCE = 48  # badges in the memory: with more each takes longer
ON_A_SHEET = 4


class Withheld(Extract, frozen=True, kw_only=True):
    name: str
    reason: Failure


class BadgesExtract(Extract, frozen=True, kw_only=True):
    """`of` names the delegation or the category, `code` is that of the delegation's party; both empty for everybody.
    `persons` are the delegates by UUID."""

    forum: ForumExtract
    of: str = ""
    code: str = ""
    bearers: tuple[Bearer, ...]
    persons: tuple[str, ...]
    withheld: tuple[Withheld, ...] = ()


class Badges(Kind[BadgesExtract]):
    """Those that cannot be printed are left out, and named on a last sheet: nobody waits for another's badge."""

    name = "badges"
    label = gettext_lazy("Badges, many at once")
    template = "documents/print/badges.html"
    styles = ("badge",)
    reads = BadgesExtract
    sheets = (Sheet.A6, Sheet.A4_FOUR)
    of_register = True
    of_programme = False

    @property
    def missing(self) -> str:
        return _("Nobody is accredited there yet.")

    def subjects(self, programme: Programme) -> list[Subject]:
        """Everybody, then categories and delegations, where somebody is accredited."""
        language = words.language()
        there = Delegate.objects.accredited().filter(delegation__forum__slug=programme.forum.slug)
        delegations = Delegation.objects.filter(pk__in=there.values("delegation")).select_related("party")
        categories = DelegationCategory.objects.filter(delegations__in=delegations).distinct()
        ordered = sorted(delegations, key=lambda one: party_key(one.party, language))
        return [
            Subject("", _("Everybody accredited")),
            *(Subject(f"category/{one.code}", plural_in(one, language).text) for one in categories),
            *(Subject(f"delegation/{one.uuid}", in_language(one.party, "short_name", language)) for one in ordered),
        ]

    def extract(self, published: Published, subject: str, language: str) -> BadgesExtract | None:
        forum = published.programme.forum.slug
        groups = [group for group in memberships(forum, **_chosen(subject)) if _is_of(group[0], subject)]
        if not groups:
            return None
        groups.sort(key=lambda group: _place(group[0], language))
        delegation = groups[0][0].delegation
        return BadgesExtract(
            forum=forum_extract(published.programme, language),
            of=_name_of(delegation, subject, language),
            code=delegation.party.code if subject.startswith("delegation/") else "",
            bearers=tuple(bearer(group, language) for group in groups),
            persons=tuple(str(delegate.uuid) for group in groups for delegate in group),
        )

    def printable(self, extract: BadgesExtract, unreadable: Collection[str]) -> BadgesExtract:
        found = [(one, hindrance(one, unreadable)) for one in extract.bearers]
        return structs.replace(
            extract,
            bearers=tuple(one for one, reason in found if not reason),
            withheld=tuple(Withheld(name=one.name, reason=reason) for one, reason in found if reason),
        )

    def pieces(self, extract: BadgesExtract) -> list[BadgesExtract]:
        starts = range(0, max(len(extract.bearers), 1), AT_ONCE)
        *pieces, last = (
            structs.replace(extract, bearers=extract.bearers[start : start + AT_ONCE], withheld=()) for start in starts
        )
        return [*pieces, structs.replace(last, withheld=extract.withheld)]

    def title(self, extract: BadgesExtract) -> str:
        return _("Badges: %(of)s") % {"of": extract.of or _("Everybody accredited")}

    def filename(self, subject: str, extract: BadgesExtract) -> str:
        return "-".join(filter(None, ["badges", plainly(extract.of, slugify(extract.code) or short(subject))]))

    def media(self, extract: BadgesExtract) -> Mapping[str, File]:
        return pictures(extract.bearers)

    def context(self, extract: BadgesExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        faces = [face(one, marks.ink) for one in extract.bearers]
        on_one = ON_A_SHEET if marks.sheet == Sheet.A4_FOUR else 1
        return {
            "print": marks,
            **leaves(faces, on_one),
            "withheld": [(one.name, Failure(one.reason).label) for one in extract.withheld],
        }

    def changes(self, old: BadgesExtract, new: BadgesExtract) -> list[str]:
        before = {one.uuid: one for one in old.bearers}
        after = {one.uuid: one for one in new.bearers}
        found = {
            one.name: changes(before[uuid], one) if uuid in before else [_("added")] for uuid, one in after.items()
        }
        found |= {one.name: [_("taken out")] for uuid, one in before.items() if uuid not in after}
        return [words.told(name, words.listed(details)) for name, details in found.items() if details]


def _chosen(subject: str) -> dict[str, object]:
    return {} if not subject else {"delegation__in": _delegations(subject)}


def _delegations(subject: str):
    what, _slash, which = subject.partition("/")
    if what == "category":
        return Delegation.objects.filter(category__code=which)
    return Delegation.objects.filter(uuid__in=uuids([which] if what == "delegation" else []))


def _is_of(delegate: Delegate, subject: str) -> bool:
    """A badge lies with the delegation that it names, so that nobody has it twice."""
    delegation = delegate.delegation
    return subject in ("", f"category/{delegation.category.code}", f"delegation/{delegation.uuid}")


def _place(delegate: Delegate, language: str) -> tuple[object, ...]:
    delegation = delegate.delegation
    return delegation.category.position, party_key(delegation.party, language), delegate.position, delegate.pk


def _name_of(delegation: Delegation, subject: str, language: str) -> str:
    if subject.startswith("category/"):
        return plural_in(delegation.category, language).text
    return in_language(delegation.party, "short_name", language) if subject else ""
