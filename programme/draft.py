"""The live tables as a snapshot: a draft is a release that has no number yet."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model, Prefetch

from people.models import Party, Person
from roundtables.models import Roundtable
from schedule.models import Forum, ForumChair, Role, Room, Session, Venue
from themes.models import Commitment, Reference, Section, Theme
from workshops.models import CommonSpaceSession, SideEvent, SpecialSession, Workshop

from . import snapshot as nodes
from .snapshot import SCHEMA, Programme, Text
from .texts import typed

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def draft(forum: Forum) -> Programme:
    """Read the programme of `forum` as it stands in the live tables.

    Takes a fixed number of queries, however many sessions there are. Run it inside one
    REPEATABLE READ transaction when the result is to be published.
    """
    extras = _extras(forum)
    roundtables = {
        roundtable.pk: roundtable
        for roundtable in Roundtable.objects.filter(forum=forum)
        .select_related("theme")
        .prefetch_related("expected_outcomes", "guiding_questions__commitments")
    }
    sessions = (
        Session.objects.filter(forum=forum)
        .select_related("venue", "room", "parent", "forum")
        .prefetch_related(Prefetch("roles", Role.objects.select_related("party", "person")), "commitments", "papers")
    )
    found = [_session(session, roundtables.get(session.pk), extras.get(session.pk, {})) for session in sessions]
    return Programme(
        schema=SCHEMA,
        forum=_forum(forum),
        venues=tuple(_venue(venue) for venue in _venues(forum)),
        themes=tuple(
            nodes.ThemeNode(
                uuid=str(theme.uuid),
                number=theme.number,
                title=_text(theme, "title"),
                rationale=_text(theme, "rationale"),
                commitments=_keys(theme.commitments.all()),  # type: ignore[attr-defined]
            )
            for theme in Theme.objects.filter(forum=forum).order_by("number").prefetch_related("commitments")
        ),
        sessions=tuple(sorted(found, key=lambda session: session.sort_key)),
        sections=tuple(
            nodes.SectionNode(
                uuid=str(section.uuid),
                kind=section.kind,
                slug=section.slug,
                numeral=section.numeral,
                heading=_text(section, "heading"),
                body=_text(section, "body"),
                commitments=_keys(section.commitments.all()),
            )
            for section in Section.objects.filter(forum=forum)
            .order_by("kind", "position")
            .prefetch_related("commitments")
        ),
        references=tuple(
            nodes.ReferenceNode(
                uuid=str(reference.uuid),
                key=reference.key,
                number=reference.number,
                text=_text(reference, "text"),
                urls=tuple(reference.urls.split()),
            )
            for reference in Reference.objects.filter(forum=forum).order_by("number")
        ),
        commitments=tuple(
            nodes.CommitmentNode(
                key=commitment.key,
                kind=commitment.kind,
                instrument=commitment.instrument,
                number=commitment.number,
                name=_text(commitment, "short_name"),
                official=_text(commitment, "official_name"),
            )
            for commitment in Commitment.objects.all()
        ),
    )


def _text(row: Model, field: str) -> Text:
    values = {language: typed(getattr(row, f"{field}_{language}") or "") for language in LANGUAGES}
    return {language: value for language, value in values.items() if value}


def _keys(commitments: Iterable[Commitment]) -> tuple[str, ...]:
    return tuple(commitment.key for commitment in commitments)


def _party(party: Party) -> nodes.PartyNode:
    return nodes.PartyNode(
        code=party.code, kind=party.kind, name=_text(party, "short_name"), sort_key=_text(party, "sort_key")
    )


def _person(person: Person) -> nodes.PersonNode:
    return nodes.PersonNode(
        uuid=str(person.uuid),
        honorific=typed(person.honorific),
        given_name=typed(person.given_name),
        family_name=typed(person.family_name),
        arabic_name=typed(person.arabic_name),
    )


def _forum(forum: Forum) -> nodes.ForumNode:
    chairs = ForumChair.objects.filter(forum=forum).select_related("party")
    fields: dict[str, Any] = {
        name: _text(forum, name)
        for name in ("acronym", "name", "edition", "title", "overarching_theme", "principles", "city")
    }
    return nodes.ForumNode(
        slug=forum.slug,
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        zone=forum.time_zone,
        co_chairs=tuple(_party(chair.party) for chair in chairs),
        **fields,
    )


def _venues(forum: Forum) -> Iterable[Venue]:
    rooms = Room.objects.order_by("position", "slug")
    return Venue.objects.filter(forum=forum).order_by("slug").prefetch_related(Prefetch("rooms", rooms))


def _venue(venue: Venue) -> nodes.VenueNode:
    return nodes.VenueNode(
        slug=venue.slug,
        name=_text(venue, "name"),
        city=_text(venue, "city"),
        zone=venue.time_zone,
        address=_text(venue, "address"),
        rooms=tuple(
            nodes.RoomNode(
                uuid=str(room.uuid),
                slug=room.slug,
                name=_text(room, "name"),
                capacity=room.capacity,
                capacity_confirmed=room.capacity_confirmed,
            )
            for room in venue.rooms.all()
        ),
    )


def _extras(forum: Forum) -> dict[int, Text]:
    """The one text that workshops, side-events, Common Space and special sessions add."""
    found: dict[int, Text] = {}
    for model, field in (
        (Workshop, "partners"),
        (SideEvent, "partners"),
        (CommonSpaceSession, "focus"),
        (SpecialSession, "focus"),
    ):
        found.update({row.pk: _text(row, field) for row in model.objects.filter(forum=forum)})
    return found


def _session(session: Session, roundtable: Roundtable | None, extra: Text) -> nodes.SessionNode:
    of_roundtable: dict[str, Any] = {}
    if roundtable:
        of_roundtable = {
            "theme": roundtable.theme.number,
            "number": roundtable.number,
            "outcomes": tuple(
                nodes.ParagraphNode(uuid=str(outcome.uuid), text=_text(outcome, "text"))
                for outcome in roundtable.expected_outcomes.all()
            ),
            "questions": tuple(
                nodes.QuestionNode(
                    uuid=str(question.uuid),
                    text=_text(question, "text"),
                    commitments=_keys(question.commitments.all()),
                )
                for question in roundtable.guiding_questions.all()
            ),
        }
    return nodes.SessionNode(
        uuid=str(session.uuid),
        kind=session.kind,
        slug=session.slug,
        title=_text(session, "title"),
        summary=_text(session, "summary"),
        host=_text(session, "host"),
        parent=str(session.parent.uuid) if session.parent else "",
        position=session.position,
        venue=session.venue.slug if session.venue else "",
        room=session.room.slug if session.room else "",
        zone=session.venue.time_zone if session.venue else session.forum.time_zone,
        timing=session.timing,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        day_part=session.day_part,
        month=session.month.replace(day=1) if session.month else None,
        to_confirm=tuple(session.to_confirm),
        cancelled_at=session.cancelled_at,
        entry=session.entry,
        entry_note=_text(session, "entry_note"),
        media=session.media,
        record=session.record,
        floor_languages=tuple(session.floor_languages),
        interpretation=tuple(session.interpretation),
        listed=session.listed,
        roles=tuple(
            nodes.RoleNode(
                kind=role.kind,
                party=_party(role.party) if role.party else None,
                person=_person(role.person) if role.person and not role.person.erased_at else None,
            )
            for role in session.roles.all()
        ),
        commitments=_keys(session.commitments.all()),  # type: ignore[attr-defined]
        extra=extra,
        papers=tuple(
            nodes.PaperNode(
                uuid=str(paper.uuid),
                position=paper.position,
                language=paper.language,
                title=typed(paper.title),
                digest=paper.digest,
                pages=paper.pages,
                in_packs=paper.in_packs,
            )
            for paper in session.papers.all()
        ),
        **of_roundtable,
    )
