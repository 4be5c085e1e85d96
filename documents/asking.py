"""Asking for many prints in one act."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from people.models import User
from programme import releases
from programme.releases import Published

from .kinds import KINDS, Audience
from .models import Document
from .recording import record_each
from .services import EDIT, DocumentError, audiences, is_staff
from .sheets import Ink, Sheet

MOST = 2500


@dataclass(frozen=True)
class Wanted:
    """One print. Without a `forum` of the current one, without a `sheet` on the first of the kind.

    `label` is how a report calls it.
    """

    kind: str
    subject: str
    language: str
    sheet: str = ""
    ink: str = Ink.COLOUR
    draft: bool = False
    forum: str = ""
    label: str = field(default="", compare=False)


@dataclass
class Asked:
    """What came of it: the rows, and of each print that cannot be made what was wanted and why not."""

    documents: list[Document] = field(default_factory=list)
    refused: list[tuple[Wanted, str]] = field(default_factory=list)

    @property
    def moving(self) -> int:
        return sum(document.is_moving for document in self.documents)


@transaction.atomic
def request_documents(*, wanted: Iterable[Wanted], by: User | None) -> Asked:
    """Ask for all of them; what cannot be printed is reported and keeps nobody else waiting.

    The number of queries grows with kinds, languages and papers, not with the prints.

    Raises `PermissionDenied` when one is not theirs to have, `DocumentError` when they are too many.
    """
    each = list(dict.fromkeys(wanted))
    if len(each) > MOST:
        raise DocumentError(
            _("These are %(count)s prints; %(most)s can be asked for at once. Choose fewer.")
            % {"count": len(each), "most": MOST}
        )
    _may(each, by)
    asked = Asked()
    batches = defaultdict(list)
    for one in each:
        if why := _objection(one):
            asked.refused.append((one, why))
        else:
            batches[one.forum, one.draft, one.kind, one.language, one.sheet, one.ink].append(one)
    published = {(forum, draft): _published(forum, draft) for forum, draft, *_what in batches}
    for (forum, draft, *_what), batch in batches.items():
        shown = published[forum, draft]
        if shown is None:
            asked.refused += [(one, _("No programme has been published yet.")) for one in batch]
        else:
            _ask(asked, batch, shown, by)
    return asked


def again(*, documents: Iterable[Document], by: User) -> Asked:
    """Ask for the same prints as things are now."""
    return request_documents(wanted=[wanted_of(row) for row in documents], by=by)


def wanted_of(row: Document) -> Wanted:
    return Wanted(
        kind=row.kind,
        subject=row.subject,
        language=row.language,
        sheet=row.sheet,
        ink=row.ink,
        draft=row.is_draft,
        forum=row.forum.slug,
        label=row.title,
    )


def _may(wanted: list[Wanted], by: User | None) -> None:
    if by is None or is_staff(by):
        allowed = by is None or by.has_perm(EDIT) or not any(one.draft for one in wanted)
    else:
        theirs = audiences(by)
        personal = {name for name, kind in KINDS.items() if kind.audience is not Audience.STAFF}
        allowed = all(not one.draft and one.kind in personal and one.subject in theirs for one in wanted)
    if not allowed:
        raise PermissionDenied


def _objection(one: Wanted) -> str:
    """What is wrong with the wish itself."""
    kind = KINDS.get(one.kind)
    if kind is None or one.language not in dict(settings.LANGUAGES) or one.ink not in Ink:
        return _("There is no such print.")
    if one.sheet and one.sheet not in kind.sheets:
        return _("This is not printed on such a sheet.")
    return ""


def _published(forum: str, draft: bool) -> Published | None:
    current = releases.current(forum)
    return releases.preview(forum) if draft and current else current


def _ask(asked: Asked, batch: list[Wanted], published: Published, by: User | None) -> None:
    """Those of one kind in one language on one paper."""
    kind, language = KINDS[batch[0].kind], batch[0].language
    now = timezone.now()
    for one in batch:
        kind.enter(published, one.subject, now)
    with translation.override(language):
        extracts = kind.extracts(published, {one.subject for one in batch}, language)
    asked.refused += [(one, kind.missing) for one in batch if one.subject not in extracts]
    rows = record_each(
        kind,
        language,
        extracts,
        by=by,
        published=published,
        sheet=Sheet(batch[0].sheet or kind.sheets[0]),
        ink=Ink(batch[0].ink),
    )
    asked.documents += [rows[one.subject] for one in batch if one.subject in rows]
