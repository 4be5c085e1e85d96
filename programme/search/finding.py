"""What a question finds in the release that readers see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import F, Func, IntegerField, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from people.direction import LATIN

from ..models import SearchEntry
from ..reading import FALLBACK, language
from ..releases import Published
from .entries import CONFIG, LANGUAGES
from .things import Kind, Thing, things
from .words import WORD, asked, expression, folded

START, STOP, GAP = "\ue000", "\ue001", "\ue002"
UNMARKED = str.maketrans("", "", START + STOP)
MOST = 50  # things shown
RANKED = 400  # rows looked at: a thing may have one in each language

GROUPS = {
    Kind.ROUNDTABLE: Kind.ROUNDTABLE,
    Kind.SESSION: Kind.SESSION,
    Kind.QUESTION: Kind.QUESTION,
    Kind.OUTCOME: Kind.QUESTION,
    Kind.THEME: Kind.THEME,
    Kind.SECTION: Kind.THEME,
    Kind.ROOM: Kind.ROOM,
    Kind.COMMITMENT: Kind.COMMITMENT,
}


@dataclass(frozen=True)
class Hit:
    """A thing, with the words found in its title (if there) and the places of its text."""

    thing: Thing
    title: SafeString
    text: SafeString
    rank: float


@dataclass(frozen=True)
class Findings:
    """`instead` are the words that were looked for when those asked for are nowhere; `some`: not all of them."""

    hits: tuple[Hit, ...] = ()
    instead: str = ""
    some: bool = False
    more: bool = False

    @cached_property
    def groups(self) -> list[tuple[Kind, list[Hit]]]:
        """By kind, the best first."""
        best = sorted(self.hits, key=lambda hit: -hit.rank)
        order = list(dict.fromkeys(GROUPS[hit.thing.kind] for hit in best))
        best.sort(key=lambda hit: order.index(GROUPS[hit.thing.kind]))
        return [(kind, list(group)) for kind, group in groupby(best, key=lambda hit: GROUPS[hit.thing.kind])]


def find(release: Published, question: str) -> Findings:
    """All words; else the nearest words there are; else any of them. At most eight queries, however much there is."""
    words = asked(question)
    if not words:
        return Findings()
    if found := _found(release, expression(words)):
        return _read(release, found, expression(words))
    better = _nearest(release.forum_id, words)
    nearest = [better.get(word, word) for word in words]
    instead = " ".join(nearest) if nearest != words else ""
    if instead and (found := _found(release, expression(nearest))):
        return _read(release, found, expression(nearest), instead=instead)
    any_of_them = expression(nearest, every=False)
    found = _found(release, any_of_them) if len(words) > 1 else []
    return _read(release, found, any_of_them, some=True) if found else Findings()


Row = tuple[int, str, float]


def _query(text: str) -> SearchQuery:
    """In the language of each row."""
    return SearchQuery(text, config=CONFIG, search_type="raw")


def _found(release: Published, text: str) -> list[Row]:
    """(row, key, rank): of each thing the row in the reader’s language, else in English, else the one there is."""
    matches = Q()
    for code in LANGUAGES:
        matches |= Q(language=code, vector=SearchQuery(text, config=f"programme_{code}", search_type="raw"))
    own = SearchQuery(text, config=f"programme_{language()}", search_type="raw")
    rows = (
        SearchEntry.objects.filter(matches, forum=release.forum_id)
        .alias(asked=Func(own, function="numnode", output_field=IntegerField()))
        .filter(asked__gt=0)  # “the” is no question in English, though it is a rare word in Spanish
        .annotate(rank=SearchRank(F("vector"), _query(text), normalization=1))
        .order_by("-rank", "position", "pk")
        .values_list("pk", "key", "language", "rank")[:RANKED]
    )
    preferred = [language(), FALLBACK]
    chosen: dict[str, Row] = {}
    for pk, key, code, rank in sorted(
        rows, key=lambda row: preferred.index(row[2]) if row[2] in preferred else len(preferred)
    ):
        chosen.setdefault(key, (pk, key, rank if code == preferred[0] else rank / 2))
    return sorted(chosen.values(), key=lambda row: -row[2])


def _read(release: Published, found: Sequence[Row], text: str, *, instead: str = "", some: bool = False) -> Findings:
    query = _query(text)
    options: dict[str, Any] = {"start_sel": START, "stop_sel": STOP, "config": CONFIG}
    ranks = {pk: rank for pk, _key, rank in found[:MOST]}
    rows = SearchEntry.objects.filter(pk__in=ranks).annotate(
        title_found=SearchHeadline("title", query, highlight_all=True, **options),
        text_found=SearchHeadline(
            "text", query, max_words=30, min_words=12, max_fragments=2, fragment_delimiter=GAP, **options
        ),
    )
    shown = {thing.key: thing for thing in things(release.programme)}
    hits = [
        Hit(shown[row.key], marked(row.title_found, row.language), _places(row), ranks[row.pk])
        for row in rows
        if row.key in shown
    ]
    return Findings(tuple(hits), instead=instead, some=some, more=len(found) > MOST)


def _places(row: Any) -> SafeString:
    """The passages of a row, with ellipses where its text goes on."""
    passages = row.text_found.split(GAP)
    bare = [passage.translate(UNMARKED) for passage in passages]
    places = format_html_join(" … ", "{}", ((marked(passage.strip(), row.language),) for passage in passages))
    before = "" if row.text.startswith(bare[0]) else "… "
    after = "" if row.text.endswith(bare[-1]) else " …"
    return format_html("{}{}{}", before, places, after)


def marked(found: str, code: str) -> SafeString:
    """What `ts_headline` gave back, with what was found in <mark>, Latin words in Arabic isolated, and its language."""
    text, hits, on = [], [], False
    for character in found:
        if character in (START, STOP):
            on = character == START
        else:
            text.append(character)
            hits.append(on)
    whole = "".join(text)
    from_the_right = get_language_info(code)["bidi"]
    runs, at, parts = LATIN.split(whole) if from_the_right else [whole], 0, []
    for number, run in enumerate(runs):
        inner = _run(run, hits[at : at + len(run)])
        parts.append(format_html('<bdi dir="ltr">{}</bdi>', inner) if number % 2 else inner)
        at += len(run)
    content = format_html_join("", "{}", ((part,) for part in parts))
    if code == language() or not whole:
        return content
    direction = "rtl" if from_the_right else "ltr"
    return format_html('<span lang="{}" dir="{}">{}</span>', code, direction, content)


def _run(run: str, hits: Iterable[bool]) -> SafeString:
    pieces = [
        (hit, "".join(character for character, _hit in group))
        for hit, group in groupby(zip(run, hits, strict=True), key=lambda pair: pair[1])
    ]
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if hit else piece,) for hit, piece in pieces)
    )


NEAREST = """
SELECT DISTINCT ON (asked.word) asked.word, near.word, entry.title || ' ' || entry.text
FROM unnest(%s::text[]) AS asked(word)
CROSS JOIN LATERAL (
    SELECT title, text, plain FROM programme_searchentry
    WHERE forum_id = %s AND language = %s AND asked.word <%% plain
    ORDER BY word_similarity(asked.word, plain) DESC LIMIT 5
) AS entry
CROSS JOIN LATERAL regexp_split_to_table(entry.plain, ' ') AS near(word)
WHERE similarity(near.word, asked.word) > 0.35
ORDER BY asked.word, similarity(near.word, asked.word) DESC, near.word
"""


def _nearest(forum_id: int, words: Sequence[str]) -> dict[str, str]:
    """For words that are misspelled the nearest in the reader’s language, as it is written there."""
    plain = {folded(word): word for word in words if not word[0].isdigit()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
        cursor.execute(NEAREST, [list(plain), forum_id, language()])
        rows = cursor.fetchall()
    found = {}
    for word, near, text in rows:
        if word != near:
            written = (one for one in WORD.findall(text) if folded(one) == near)
            found[plain[word]] = next(written, near)
    return found
