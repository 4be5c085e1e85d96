"""Print runs: many prints of a kind in order, made once, and what came of them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import User
from people.queue import send_on_commit
from people.sorting import party_key
from programme import releases
from programme.releases import Published
from registrations.models import Delegate, Delegation

from .builds import waiting
from .kinds import KINDS, Audience, Kind, members_of
from .models import Document, PrintRun, PrintRunItem, PrintRunPart
from .run_standing import Standing, standing_of_run
from .services import DocumentError, is_staff, want_many
from .sheets import Ink, Sheet
from .tasks import build_run_part

__all__ = ["PART", "Standing", "again", "make_run", "make_supplement", "standing_of_run"]

PART = 25  # prints in a file, so that a builder's memory does not grow with the run
Wanted = tuple[str, str]  # subject and language


@transaction.atomic
def make_run(
    *,
    kind: str,
    by: User | None,
    language: str = "",
    categories: Collection[str] = (),
    delegations: Collection[str] = (),
    subjects: Collection[str] = (),
    separators: bool = True,
    duplex: bool = True,
    sheet: str = "",
    ink: str = Ink.COLOUR,
    forum: str = "",
) -> PrintRun:
    """A run of the prints of `kind`, in `language` or each in that of its delegate's account.

    Taken are `subjects`, else of what is for delegates or delegations those of `categories` (codes) and `delegations`
    (UUIDs), all where neither is named; in the order of delegations. `by` is None for commands. Raises `DocumentError`
    when nothing is to be printed, `PermissionDenied` for those who are not staff.
    """
    wanted = KINDS.get(kind)
    if by is not None and not is_staff(by):
        raise PermissionDenied
    if wanted is None or language not in {"", *dict(settings.LANGUAGES)} or ink not in Ink:
        raise DocumentError(_("There is no such print."))
    if (sheet or wanted.sheets[0]) not in wanted.sheets:
        raise DocumentError(_("This is not printed on such a sheet."))
    published = releases.current(forum)
    if published is None:
        raise DocumentError(_("No programme has been published yet."))
    return _run(
        published,
        wanted,
        _wanted(published, wanted, language, categories, delegations, subjects),
        Sheet(sheet or wanted.sheets[0]),
        Ink(ink),
        language=language,
        chosen={"categories": list(categories), "delegations": [str(one) for one in delegations]},
        has_separators=separators,
        is_duplex=duplex,
        requested_by=by,
    )


@transaction.atomic
def make_supplement(*, run: PrintRun, by: User | None) -> PrintRun:
    """What is missing of `run` or shows what is no longer so, in its order, asked for again as it is now.

    Raises `DocumentError` when nothing is, or nothing can be printed of it any more.
    """
    if by is not None and not is_staff(by):
        raise PermissionDenied
    published = releases.current(run.forum.slug)
    standing = standing_of_run(run)
    shown = sorted([*standing.stale, *standing.missing], key=lambda one: one.position)
    lacking = [one.document for one in shown]
    if published is None or not lacking:
        raise DocumentError(_("Nothing is missing of this run, and all of it holds."))
    return _run(
        published,
        KINDS[run.kind],
        [(document.subject, document.language) for document in lacking],
        Sheet(lacking[0].sheet),
        Ink(lacking[0].ink),
        language=run.language,
        chosen=run.chosen,
        has_separators=run.has_separators,
        is_duplex=run.is_duplex,
        requested_by=by,
        supplement_of=run,
    )


def _run(
    published: Published, kind: Kind[Any], wanted: Collection[Wanted], sheet: Sheet, ink: Ink, **fields: Any
) -> PrintRun:
    made: dict[Wanted, Document] = {}
    for language in sorted({language for _subject, language in wanted}):
        own = [subject for subject, of in wanted if of == language]
        rows = want_many(
            kind=kind,
            subjects=own,
            language=language,
            by=fields["requested_by"],
            published=published,
            sheet=sheet,
            ink=ink,
        )
        made |= {(subject, language): row for subject, row in rows.items()}
    documents = [made[one] for one in wanted if one in made]
    if not documents:
        raise DocumentError(_("There is nothing to print of what was chosen."))
    now = timezone.now()
    run = PrintRun.objects.create(
        forum_id=published.forum_id,
        kind=kind.name,
        words_in=fields["language"] or get_language() or settings.LANGUAGE_CODE,
        created_at=now,
        **fields,
    )
    for number, first in enumerate(range(0, len(documents), PART), 1):
        group = documents[first : first + PART]
        part = PrintRunPart.objects.create(run=run, number=number, total=len(group), queued_at=now, hinted_at=now)
        PrintRunItem.objects.bulk_create(
            PrintRunItem(part=part, position=position, document=row) for position, row in enumerate(group, first + 1)
        )
        send_on_commit(build_run_part, part=str(part.uuid))
    return run


def _wanted(
    published: Published,
    kind: Kind[Any],
    language: str,
    categories: Collection[str],
    delegations: Collection[str],
    subjects: Collection[str],
) -> list[Wanted]:
    fallback = language or settings.LANGUAGE_CODE
    if kind.audience is Audience.STAFF:
        offered = [subject.key for subject in kind.subjects(published.programme)]
        return [(subject, fallback) for subject in subjects or offered]
    rows = Delegation.objects.filter(forum=published.forum_id).select_related("party", "category")
    if categories:
        rows = rows.filter(category__code__in=categories)
    if delegations:
        rows = rows.filter(uuid__in=delegations)
    ordered = sorted(rows, key=lambda row: (row.category.position, party_key(row.party, fallback)))
    if kind.audience is Audience.DELEGATION:
        found = [(str(row.uuid), fallback) for row in ordered]
    else:
        members = members_of({row.pk for row in ordered})
        spoken = dict(Delegate.objects.filter(delegation__in=members).values_list("uuid", "person__user__language"))
        found = [
            (one.uuid, language or spoken[UUID(one.uuid)] or fallback)
            for row in ordered
            for one in members.get(row.pk, ())
        ]
    return [one for one in found if one[0] in subjects] if subjects else found


def again(*, part: PrintRunPart) -> None:
    """Try a file that failed once more."""
    if PrintRunPart.objects.failed().filter(pk=part.pk).update(**waiting()):
        send_on_commit(build_run_part, part=str(part.uuid))
