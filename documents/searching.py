"""The prints that a search of the desk finds."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Delegate, Delegation

from .kinds import KINDS
from .models import SAME_THING, Document, DocumentQuerySet
from .standing import out_of_date
from .subjects import delegates_called, delegations_called

STALE = "stale"


@dataclass(frozen=True)
class Search:
    """Each that is empty asks for nothing. `asked_since` and `changed_since` are moments."""

    words: str = ""
    kind: str = ""
    language: str = ""
    state: str = ""
    asked_since: datetime | None = None
    changed_since: datetime | None = None


def found_by(search: Search, documents: DocumentQuerySet, published: Published | None) -> DocumentQuerySet:
    """Of `documents`, of all prints of one thing only the newest."""
    found = documents.newest_of_each()
    for word in search.words.split():
        found = found.filter(_says(word, published))
    if search.kind:
        found = found.filter(kind=search.kind)
    if search.language:
        found = found.filter(language=search.language)
    if search.asked_since:
        found = found.filter(queued_at__gte=search.asked_since)
    if search.changed_since:
        found = found.filter(_changed_since(search.changed_since))
    if search.state in (STALE, Document.State.READY):
        stale = out_of_date(found.ready().light())
        return found.filter(pk__in=stale) if search.state == STALE else found.ready().exclude(pk__in=stale)
    return found.filter(state=search.state) if search.state else found


def _says(word: str, published: Published | None) -> Q:
    """In title or symbol; or the name of kind, session, person or party has it, in any language."""
    folded = word.casefold()
    kinds = [name for name, kind in KINDS.items() if folded in str(kind.label).casefold()]
    people = [
        rows.annotate(key=Cast("uuid", CharField())).values("key")
        for rows in (
            Delegate.objects.filter(delegates_called(word)),
            Delegation.objects.filter(delegations_called(word)),
        )
    ]
    return (
        Q(title__icontains=word)
        | Q(symbol__icontains=word)
        | Q(kind__in=kinds)
        | Q(subject__in=people[0])
        | Q(subject__in=people[1])
        | Q(subject__in=_sessions(folded, published.programme) if published else [])
    )


def _sessions(word: str, programme: Programme) -> list[str]:
    return [
        key
        for session in programme.listed
        if word == session.number
        or any(word in text.casefold() for text in (*session.title.values(), *session.host.values()))
        for key in (session.slug, session.uuid)
    ]


def _changed_since(moment: datetime) -> Q:
    """Made anew since: what the programme says of it, or the register when an older print shows something else."""
    older = Document.objects.filter(**{field: OuterRef(field) for field in SAME_THING}, pk__lt=OuterRef("pk")).exclude(
        digest=OuterRef("digest")
    )
    of_release = [name for name, kind in KINDS.items() if not kind.of_register]
    return Q(kind__in=of_release, edition__created_at__gte=moment) | Q(Exists(older), read_at__gte=moment)
