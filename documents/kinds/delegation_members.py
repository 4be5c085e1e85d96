"""The accredited delegates of a delegation, who heads it first. By itself, and in the pack of each of them."""

from collections.abc import Collection
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Delegation

from . import words
from .base import Audience, Bound, Kind, Listed, Marks, Subject
from .bearers import uuids
from .extracts import forum_extract
from .naming import plainly, short
from .pack_extract import MembersExtract, members_of
from .places import in_language


class DelegationMembers(Kind[MembersExtract]):
    name = "delegation_members"
    label = gettext_lazy("Members of a delegation")
    template = "documents/print/delegation_members.html"
    reads = MembersExtract
    audience = Audience.DELEGATION
    of_register = True
    of_programme = False

    @property
    def missing(self) -> str:
        return _("No delegate of this delegation is accredited.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return []

    def extract(self, published: Published, subject: str, language: str) -> MembersExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, MembersExtract]:
        rows = Delegation.objects.filter(uuid__in=uuids(subjects), forum=published.forum_id).select_related("party")
        delegations = {row.pk: row for row in rows}
        forum = forum_extract(published.programme, language)
        return {
            str(delegations[pk].uuid): MembersExtract(
                forum=forum,
                delegation=str(delegations[pk].uuid),
                party=in_language(delegations[pk].party, "short_name", language),
                code=delegations[pk].party.code,
                members=members,
            )
            for pk, members in members_of(delegations).items()
        }

    def title(self, extract: MembersExtract) -> str:
        return _("Members of the delegation: %(party)s") % {"party": extract.party}

    def filename(self, subject: str, extract: MembersExtract) -> str:
        return f"delegation-{plainly(extract.party, slugify(extract.code) or short(subject))}"

    def listed(self, extract: MembersExtract) -> Listed:
        return Listed(extract.party)

    def context(self, extract: MembersExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {"print": marks, "party": extract.party, "members": extract.members}

    def changes(self, old: MembersExtract, new: MembersExtract) -> list[str]:
        before, after = ({one.uuid: one for one in extract.members} for extract in (old, new))
        # Not inside the f-strings: makemessages does not look there
        added, taken_out, entry = _("added"), _("taken out"), _("another entry")
        found = [words.told(one.name, added) for uuid, one in after.items() if uuid not in before]
        found += [words.told(one.name, taken_out) for uuid, one in before.items() if uuid not in after]
        found += [words.told(one.name, entry) for uuid, one in after.items() if before.get(uuid, one) != one]
        return found
