"""The release written out for searches: a row for each thing and language that says something of its own."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, Value
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .. import present, reading, times
from ..feeds.plain import clean, plain, prose
from ..models import SearchEntry
from ..snapshot import CommitmentNode, Programme, SessionNode, Text, ThemeNode, digest
from .things import Kind, Thing, things
from .words import PRIVATE, folded

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ROUNDTABLE = ("RT", "TR", "MR")  # as it is written for short in English, French and Spanish
INSTRUMENT = {"SDG": "SDG ODD ODS", "GCM": "GCM PMM", "NYD": "NYD"}
SEPARATOR = " · "
CONFIG = Func(Value("programme_"), F("language"), function="concat")  # of the language of a row


def write(forum_id: int, programme: Programme) -> None:
    """Write what changed, in a fixed number of queries."""
    wanted = {row.digest: row for row in rows(forum_id, programme)}
    stored = dict(SearchEntry.objects.filter(forum=forum_id).order_by().values_list("digest", "pk"))
    gone = [pk for digest, pk in stored.items() if digest not in wanted]
    SearchEntry.objects.filter(pk__in=gone).delete()
    SearchEntry.objects.bulk_create(row for digest, row in wanted.items() if digest not in stored)
    SearchEntry.objects.filter(forum=forum_id, vector=None).update(
        vector=SearchVector("title", "keys", config=CONFIG, weight="A")
        + SearchVector("text", config=CONFIG, weight="C")
        + SearchVector("within", config=CONFIG, weight="D")
    )


def rows(forum_id: int, programme: Programme) -> list[SearchEntry]:
    every = list(things(programme))
    names = {thing.key: _names(programme, thing) for thing in every}
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            for position, thing in enumerate(every):
                row = _row(programme, thing, code, names)
                if row.title or row.text:
                    row.forum_id, row.position = forum_id, position
                    row.plain = " ".join(sorted(set(folded(f"{row.title} {row.text}").split())))
                    row.digest = _digest(row)
                    found.append(row)
    return found


def _digest(row: SearchEntry) -> str:
    parts = (row.language, row.kind, row.key, str(row.position), row.title, row.keys, row.text, row.within)
    return digest("\0".join(parts).encode())


def _names(programme: Programme, thing: Thing) -> str:
    """Its number with its name in every language, so that “TR 1.2” is found on an English page too."""
    node = thing.node
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            if thing.kind is Kind.ROUNDTABLE and isinstance(node, SessionNode):
                found.append(plain(reading.name(node)))
            elif isinstance(node, ThemeNode):
                found.append(_("Theme %(number)s") % {"number": node.number})
    if thing.kind is Kind.ROUNDTABLE and isinstance(node, SessionNode):
        found += [f"{short} {node.number}" for short in ROUNDTABLE]
    elif thing.kind is Kind.COMMITMENT:
        found.append(_places(programme, [thing.key]))
    return " ".join(dict.fromkeys(found))


def _row(programme: Programme, thing: Thing, code: str, names: dict[str, str]) -> SearchEntry:
    node = thing.node
    title, text, within = "", "", ""
    match thing.kind:
        case Kind.ROUNDTABLE | Kind.SESSION if isinstance(node, SessionNode):
            title = _own(node.title, code)
            text = _of_session(programme, node, code)
            within = _places(programme, [*node.commitments, *(k for q in node.questions for k in q.commitments)])
        case Kind.THEME | Kind.SECTION:
            title = _own(getattr(node, "title", None) or getattr(node, "heading", {}), code)
            text = _own(getattr(node, "rationale", None) or getattr(node, "body", {}), code)
            within = _places(programme, getattr(node, "commitments", ()))
        case Kind.COMMITMENT if isinstance(node, CommitmentNode):
            title = _own(node.name, code)
            text = _own(node.official, code)
        case Kind.ROOM if thing.venue:
            title = _own(getattr(node, "name", {}), code)
            text = _own(thing.venue.name, code) if title else ""
        case _ if thing.session:
            text = _own(getattr(node, "text", {}), code)
            within = f"{names[thing.session.uuid]} {_places(programme, getattr(node, 'commitments', ()))}"
    return SearchEntry(
        language=code, kind=thing.kind, key=thing.key, title=title, text=text, within=within, keys=names[thing.key]
    )


def _own(text: Text, code: str) -> str:
    """The text in this language only, in one line."""
    return " ".join(PRIVATE.sub("", prose(text.get(code, ""))).split())


def _of_session(programme: Programme, node: SessionNode, code: str) -> str:
    """What its page says of it: texts of this language, and who and where as the page shows them."""
    texts = [_own(text, code) for text in (node.summary, node.host, node.extra)]
    said = pgettext("a role and who has it", "{role}: {holders}")
    roles = [said.format(role=one.label, holders=plain(one.words)) for one in present.roles(node) if one.words]
    serves = [plain(words) for words in present.commitments_of(programme, node)]
    papers = [clean(paper.title) for paper in node.papers if paper.language == code]
    place = plain(times.where(node, programme, long=True))
    found = [*texts, *roles, *papers, place, *serves]
    return SEPARATOR.join(PRIVATE.sub("", part) for part in found if part)


def _places(programme: Programme, keys: Iterable[str]) -> str:
    """Commitments as they are cited for short: “SDG 10.7”."""
    return " ".join(
        f"{short} {node.number}"
        for node in programme.committed(tuple(keys))
        for short in INSTRUMENT.get(node.instrument, node.instrument).split()
    )
