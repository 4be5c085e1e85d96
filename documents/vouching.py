"""What anybody may read who has a print in hand: whether it holds, since when it does not, and what changed.

Only releases are compared, so that nothing can be told of the persons and places that a print shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programme import releases
from programme.models import Release, Withdrawal
from programme.releases import Published, with_news

from .editions import Key, superseded_at
from .kinds import FILES, KINDS, READERS, Audience, words
from .kinds.extracts import Extract, Slot
from .models import Document
from .standing import newest_edition, standing


@dataclass(frozen=True)
class Vouched:
    """In the language of the reader. `name` is that of the kind where that of the print could name somebody.

    `status` says whether the paper is provisional or issued, `superseded_by` under which symbol it was issued anew.
    """

    document: Document
    name: str
    edition: str
    holds: bool
    may_hold: bool
    of_programme: bool
    is_own: bool
    newest: str
    status: str
    superseded_by: str
    since: str = ""
    changes: tuple[str, ...] = ()


def vouch(document: Document) -> Vouched:
    """Of a print that is ready. A draft never holds: nobody has published what it shows."""
    kind, now, forum = KINDS[document.kind], standing(document), document.forum
    found = Vouched(
        document=document,
        name=now.kind if kind.of_register or document.is_draft else now.name,
        edition=now.edition,
        holds=now.holds and not document.is_draft,
        may_hold=now.may_hold,
        of_programme=kind.of_programme,
        is_own=kind.audience is Audience.DELEGATE,
        newest=newest_edition(forum),
        status=now.status,
        superseded_by=str(now.newest) if now.is_superseded else "",
    )
    published = releases.current(forum.slug)
    if found.holds or found.may_hold or document.is_draft or published is None:
        return found
    keys = [
        Key(reader, subject, document.language)
        for reader, subject in kind.readings(document.subject, kind.load(document.extract))
    ]
    since = _superseded_at(document, published, keys)
    return replace(
        found,
        since=words.moment(since, forum.time_zone, forum.starts_on.year) if since else "",
        changes=tuple(_told(document, published, keys)),
    )


def _superseded_at(document: Document, published: Published, keys: list[Key]) -> datetime | None:
    """None when no release did: then it was the register, whose past nobody is told."""
    if document.edition.number > published.number:
        return Withdrawal.objects.values_list("withdrawn_at", flat=True).get(release=document.edition_id)
    return superseded_at(published, keys, document.edition.number)


def _told(document: Document, published: Published, keys: list[Key]) -> Iterator[str]:
    """What the two releases say differently of that which the print reads of them, time and place before papers.

    What differs in the language of the print decides. It is told in texts of the reader's language where just the same
    differs in them, else in those of the print.
    """
    then, language = with_news(Release.objects.get(pk=document.edition_id)), get_language() or "en"
    told = set()
    for key in sorted(keys, key=lambda key: key.reader != "slot"):
        in_print, in_words = (
            [READERS[key.reader](release, key.subject, of) for release in (then, published)]
            for of in (document.language, language)
        )
        if in_print[0] is None or in_print[0] == in_print[1] or key.reader == "forum":
            continue
        changed = _changed(*in_print)
        old, new = in_words if changed and changed == _changed(*in_words) else in_print
        if key.reader == document.kind:
            yield from KINDS[key.reader].told(old, new) if new else [_("no longer in the programme")]
            continue
        place = getattr(in_words[0], "slot", in_words[0])
        if key.reader == FILES:
            place = READERS["slot"](then, key.subject, language)
        if not isinstance(place, Slot):  # it is about no session
            yield _("practical information")
        elif key.reader == FILES:
            yield words.told(words.called(place), _("background papers"))
        elif place.uuid not in told:
            told.add(place.uuid)
            yield words.told(words.called(place), words.listed(_details(old, new, published)))


def _changed(old: Extract | None, new: Extract | None) -> set[tuple[object, ...]]:
    """Where the two differ: of which session, and in what."""
    return {path for path, _value in {*_leaves(old)} ^ {*_leaves(new)}}


def _leaves(value: object, *path: object) -> Iterator[tuple[tuple[object, ...], object]]:
    """Each value and where it stands. A session is found again in another place; marks of language are left out."""
    if isinstance(value, Extract):
        place = getattr(value, "slot", value)
        if own := getattr(place, "uuid", "") or getattr(place, "key", ""):
            path = (own,)
        for name in value.__struct_fields__:
            if name not in ("language", "in_english") and not name.endswith("_language"):
                yield from _leaves(getattr(value, name), *path, name)
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _leaves(part, *path, number)
    else:
        yield path, value


def _details(old: object, new: object | None, published: Published) -> list[str]:
    """Of a session, or of a paper about one, that is bound into a print."""
    if new is None:
        return [_("no longer in the programme")]
    if isinstance(old, Slot) and isinstance(new, Slot):
        return words.changes(old, new, READERS["forum"](published, "", ""))  # type: ignore[arg-type]
    return [_("concept note")]
