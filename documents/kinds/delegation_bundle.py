"""The packs of all accredited delegates of a delegation, with a tick list in front and a separator sheet for each."""

from collections.abc import Collection
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme, digest
from registrations.models import Delegation

from . import words
from .base import Audience, Bound, Kind, Listed, Marks, Paper, Subject, Tick
from .bearers import uuids
from .extracts import Extract, ForumExtract, forum_extract
from .pack_extract import Member, members_of
from .participant_pack import ParticipantPack
from .places import in_language


class PackInBundle(Extract, frozen=True, kw_only=True):
    """A pack by the digest of what it shows: when that changes, so does the bundle."""

    delegate: str
    name: str
    function: str = ""
    digest: str


class BundleExtract(Extract, frozen=True, kw_only=True):
    """`reads` are the readers and subjects of all the packs: see `Kind.readings`."""

    forum: ForumExtract
    delegation: str
    party: str
    code: str
    packs: tuple[PackInBundle, ...]
    reads: tuple[tuple[str, str], ...]


class DelegationBundle(Kind[BundleExtract]):
    name = "delegation_bundle"
    label = gettext_lazy("Packs of a delegation")
    template = "documents/print/delegation_bundle.html"
    reads = BundleExtract
    audience = Audience.DELEGATION
    of_register = True

    @property
    def missing(self) -> str:
        return _("No delegate of this delegation is accredited.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return []

    def extract(self, published: Published, subject: str, language: str) -> BundleExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, BundleExtract]:
        rows = Delegation.objects.filter(uuid__in=uuids(subjects), forum=published.forum_id).select_related("party")
        delegations = {row.pk: row for row in rows}
        members = members_of(delegations)
        pack = ParticipantPack()
        packs = pack.extracts(published, [one.uuid for found in members.values() for one in found], language)
        forum = forum_extract(published.programme, language)

        def bundle(row: Delegation, found: tuple[Member, ...]) -> BundleExtract:
            own = {one.uuid: packs[one.uuid] for one in found}
            return BundleExtract(
                forum=forum,
                delegation=str(row.uuid),
                party=in_language(row.party, "short_name", language),
                code=row.party.code,
                packs=tuple(
                    PackInBundle(
                        delegate=one.uuid, name=one.name, function=one.function, digest=digest(own[one.uuid].encode())
                    )
                    for one in found
                ),
                reads=tuple(sorted({key for uuid, extract in own.items() for key in pack.readings(uuid, extract)})),
            )

        return {str(delegations[pk].uuid): bundle(delegations[pk], found) for pk, found in members.items()}

    def readings(self, subject: str, extract: BundleExtract) -> list[tuple[str, str]]:
        return list(extract.reads)

    def title(self, extract: BundleExtract) -> str:
        return _("Packs of the delegation: %(party)s") % {"party": extract.party}

    def filename(self, subject: str, extract: BundleExtract) -> str:
        return f"packs-{slugify(extract.code)}"

    def listed(self, extract: BundleExtract) -> Listed:
        return Listed(extract.party)

    def papers(self, extract: BundleExtract) -> list[Paper]:
        return [
            Paper(ParticipantPack.name, pack.delegate, f"P{number}", Listed(pack.name, extract.party, pack.function))
            for number, pack in enumerate(extract.packs, 1)
        ]

    def context(self, extract: BundleExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        rows = [
            Tick(number, pack.name, "", pack.function, pages=bound.pages)
            for number, (pack, bound) in enumerate(zip(extract.packs, papers, strict=True), 1)
        ]
        return {"print": marks, "party": extract.party, "rows": rows}

    def changes_of_register(self, old: BundleExtract, new: BundleExtract) -> list[str]:
        before, after = ({pack.delegate: pack.name for pack in extract.packs} for extract in (old, new))
        added, taken_out = _("added"), _("taken out")  # not inside the f-strings: makemessages does not look there
        found = [words.told(name, added) for uuid, name in after.items() if uuid not in before]
        return found + [words.told(name, taken_out) for uuid, name in before.items() if uuid not in after]

    def changes(self, old: BundleExtract, new: BundleExtract) -> list[str]:
        before, new_pack = {pack.delegate: pack.digest for pack in old.packs}, _("another pack")
        return self.changes_of_register(old, new) + [
            words.told(pack.name, new_pack)
            for pack in new.packs
            if before.get(pack.delegate, pack.digest) != pack.digest
        ]
