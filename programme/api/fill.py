"""Nodes of a release as answers. Texts are plain: no control characters, nothing that turns their direction."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from .. import texts
from ..changes import SessionChange
from ..feeds.event import address
from ..feeds.plain import clean, prose
from ..releases import Edition, Published
from ..snapshot import PartyNode, Programme, RoleNode, RoomNode, SessionNode, Text, ThemeNode, VenueNode
from . import shapes
from .fields import ByLanguage


def line(value: str) -> str:
    return " ".join(clean(value).split())


def lines(text: Text) -> ByLanguage:
    """Of a title or a name."""
    return {code: line(value) for code, value in text.items() if value}  # type: ignore[misc]


def proses(text: Text) -> ByLanguage:
    """Of a text in paragraphs; the marks of its footnotes are told apart, as `references`."""
    return {code: prose(value) for code, value in text.items() if value}  # type: ignore[misc]


def numbers(programme: Programme, *content: Text) -> list[int]:
    """Of the references that these texts cite, in whatever language."""
    keys = {key for text in content for value in text.values() for key in texts.cited(value)}
    return sorted(programme.reference_numbers[key] for key in keys if key in programme.reference_numbers)


def url(name: str, release: Published, **kwargs: Any) -> str:
    return settings.BASE_URL + reverse(f"api:{name}", kwargs={"forum": release.programme.forum.slug, **kwargs})


def pages(release: Published, name: str, **kwargs: Any) -> ByLanguage:
    kwargs = {"forum": release.programme.forum.slug, **kwargs}
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = settings.BASE_URL + reverse(f"programme:{name}", kwargs=kwargs)
    return found  # type: ignore[return-value]


def pages_of(release: Published, session: SessionNode) -> ByLanguage:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = address(release, session)
    return found  # type: ignore[return-value]


def party(node: PartyNode) -> shapes.Party:
    return shapes.Party(code=node.code, name=lines(node.name))


def role(node: RoleNode) -> shapes.Role:
    holder = node.person
    return shapes.Role(
        kind=node.kind,
        party=party(node.party) if node.party else None,
        person=shapes.Person(name=line(holder.name), arabic_name=line(holder.arabic_name) or None) if holder else None,
    )


def place(programme: Programme, session: SessionNode) -> shapes.Place | None:
    venue, held_in = programme.place(session)
    if venue is None:
        return None
    return shapes.Place(
        venue=venue.slug,
        venue_name=lines(venue.name),
        city=lines(venue.city),
        room=held_in.slug if held_in else None,
        room_name=lines(held_in.name) if held_in else None,
    )


def _slot(programme: Programme, node: SessionNode) -> dict[str, Any]:
    return {
        "uuid": node.uuid,
        "slug": node.slug,
        "kind": node.kind,
        "number": node.number or None,
        "title": lines(node.title),
        "timing": node.timing,
        "starts_at": node.local_start,
        "ends_at": node.local_end,
        "starts_on": node.starts_on,
        "ends_on": (node.ends_on or node.starts_on) if node.starts_on else None,
        "day_part": node.day_part or None,
        "month": f"{node.month:%Y-%m}" if node.month else None,
        "time_zone": node.zone,
        "to_confirm": list(node.to_confirm),
        "cancelled_at": node.cancelled_at,
        "place": place(programme, node),
    }


def change(found: SessionChange, old: Programme, new: Programme) -> shapes.Change:
    return shapes.Change(
        verbs=list(found.verbs),
        before=shapes.Slot(**_slot(old, found.before)) if found.before else None,
        after=shapes.Slot(**_slot(new, found.after)) if found.after else None,
    )


def session(release: Published, node: SessionNode) -> shapes.Session:
    programme = release.programme
    whole = programme.by_uuid.get(node.parent)
    return shapes.Session(
        **_slot(programme, node),
        url=url("session", release, slug=node.slug),
        page=pages_of(release, node),
        theme=node.theme,
        part_of=whole.slug if whole and whole.listed else None,
        summary=proses(node.summary),
        host=lines(node.host),
        entry=node.entry or None,
        entry_note=lines(node.entry_note),
        media=node.media or None,
        record=node.record or None,
        floor_languages=list(node.floor_languages),
        interpretation=list(node.interpretation),
        roles=[role(holder) for holder in node.roles],
        commitments=list(node.commitments),
        references=numbers(programme, node.summary),
        outcomes=[
            shapes.Outcome(uuid=one.uuid, text=proses(one.text), references=numbers(programme, one.text))
            for one in node.outcomes
        ],
        questions=[
            shapes.Question(
                uuid=one.uuid,
                number=number,
                text=proses(one.text),
                commitments=list(one.commitments),
                references=numbers(programme, one.text),
            )
            for number, one in enumerate(node.questions, 1)
        ],
        papers=[
            shapes.Paper(
                language=paper.language,
                title=line(paper.title),
                pages=paper.pages,
                file=pages(release, "paper", slug=node.slug, uuid=paper.uuid)["en"],
            )
            for paper in node.papers
        ],
    )


def theme(release: Published, node: ThemeNode) -> shapes.Theme:
    programme = release.programme
    return shapes.Theme(
        url=url("theme", release, number=node.number),
        page=pages(release, "theme", number=node.number),
        uuid=node.uuid,
        number=node.number,
        title=lines(node.title),
        rationale=proses(node.rationale),
        roundtables=[held.number for held in programme.roundtables if held.theme == node.number],
        commitments=list(node.commitments),
        references=numbers(programme, node.rationale),
    )


def room(venue: VenueNode, node: RoomNode) -> shapes.Room:
    return shapes.Room(
        uuid=node.uuid,
        slug=node.slug,
        name=lines(node.name),
        capacity=node.capacity if node.capacity_confirmed else None,
        venue=venue.slug,
        venue_name=lines(venue.name),
        city=lines(venue.city),
        address=lines(venue.address),
        time_zone=venue.zone,
    )


def rooms(programme: Programme) -> list[shapes.Room]:
    """Those in which something is held that may be seen."""
    used = {(held.venue, held.room) for held in programme.listed}
    return [room(venue, node) for venue in programme.venues for node in venue.rooms if (venue.slug, node.slug) in used]


def commitments(programme: Programme) -> list[shapes.Commitment]:
    """Those that something in view serves, and the instruments that these are places of."""
    found = []
    for node in programme.commitments:
        themes = [one.number for one in programme.themes if node.key in one.commitments]
        sessions = [one.slug for one in programme.listed if node.key in one.commitments]
        questions = [
            shapes.Asked(roundtable=held.number, question=number)
            for held in programme.roundtables
            for number, one in enumerate(held.questions, 1)
            if node.key in one.commitments
        ]
        found.append(
            shapes.Commitment(
                key=node.key,
                kind=node.kind,
                instrument=node.instrument,
                number=node.number or None,
                name=lines(node.name),
                official=lines(node.official),
                themes=themes,
                sessions=sessions,
                questions=questions,
            )
        )
    in_sections = {key for section in programme.sections for key in section.commitments}
    served = [one for one in found if one.themes or one.sessions or one.questions or one.key in in_sections]
    wanted = {one.key for one in served} | {one.instrument for one in served}
    return [one for one in found if one.key in wanted]


def references(programme: Programme) -> list[shapes.Reference]:
    """Those that a text in view cites."""
    content: list[Text] = [one.rationale for one in programme.themes] + [one.body for one in programme.sections]
    for held in programme.listed:
        content += [held.summary, *(one.text for one in held.outcomes), *(one.text for one in held.questions)]
    cited = set(numbers(programme, *content))
    return [
        shapes.Reference(
            number=node.number,
            text=proses(node.text),
            urls=[clean(link) for link in node.urls if link.startswith(("https://", "http://"))],
        )
        for node in programme.references
        if node.number in cited
    ]


def release(shown: Published, edition: Edition) -> shapes.Release:
    first, newest = shown.history[-1].number, shown.history[0].number
    return shapes.Release(
        url=url("release", shown, number=edition.number),
        page=pages(shown, "changes", number=edition.number),
        number=edition.number,
        published_at=edition.published_at,
        note=prose(edition.note),
        is_newest=edition.number == newest,
        changes=url("changes", shown, number=edition.number) if edition.number != first else None,
    )


def forum(shown: Published) -> shapes.Forum:
    node = shown.programme.forum
    return shapes.Forum(
        url=url("forum", shown),
        page=pages(shown, "home"),
        slug=node.slug,
        is_current=shown.is_current_forum,
        release=shown.number,
        published_at=shown.published_at,
        acronym=lines(node.acronym),
        name=lines(node.name),
        edition=lines(node.edition),
        title=lines(node.title),
        overarching_theme=lines(node.overarching_theme),
        principles=proses(node.principles),
        city=lines(node.city),
        starts_on=node.starts_on,
        ends_on=node.ends_on,
        time_zone=node.zone,
        co_chairs=[party(one) for one in node.co_chairs],
    )
