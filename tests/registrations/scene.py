"""A small forum with seats: two sessions at one hour, one later, and always a second forum beside it."""

import io
from datetime import UTC, date, datetime, timedelta

from PIL import Image

from people.models import Party, Person, User
from programme import services as publishing
from programme.models import Release
from registrations.models import Delegate, Delegation, DelegationCategory, Seating
from schedule.models import Forum, Session

NOW = datetime(2018, 11, 20, 9, tzinfo=UTC)
TEN = datetime(2018, 12, 6, 9, tzinfo=UTC)  # 10:00 in Marrakesh
HOUR = timedelta(hours=1)


def make_forum(slug="marrakesh-2018", *, is_current=True) -> Forum:
    return Forum.objects.create(
        slug=slug,
        acronym="GFMD",
        name="Global Forum on Migration and Development",
        edition="Eleventh Summit",
        title=f"Eleventh GFMD, {slug}",
        overarching_theme="Honouring international commitments",
        city="Marrakesh",
        starts_on=date(2018, 12, 5),
        ends_on=date(2018, 12, 7),
        time_zone="Africa/Casablanca",
        privacy_version="2018-10-01",
        privacy_notice="We keep what we need.",
        is_current=is_current,
    )


def make_session(forum: Forum, slug: str, *, starts_at=TEN, hours=2, **fields) -> Session:
    fields = {"kind": Session.Kind.OTHER, "entry": Session.Entry.ALL, "title": slug.capitalize(), **fields}
    return Session.objects.create(
        forum=forum,
        slug=slug,
        timing="timed",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        **fields,
    )


def publish(forum: Forum) -> Release:
    last = publishing.newest(forum)
    return publishing.publish(forum=forum, by=None, base=last.number if last else None)


def seat(session: Session, *, table=10, behind=0, **fields) -> Seating:
    return Seating.objects.create(session=session, table_seats=table, behind_seats=behind, **fields)


def make_party(code: str, kind=Party.Kind.MEMBER_STATE) -> Party:
    return Party.objects.create(code=code, kind=kind, short_name=code.capitalize(), short_name_en=code.capitalize())


# governments, places at the table, behind it: as the migration has them
CATEGORIES = {"member-state": (True, 1, 1), "un-entity": (False, 0, 1), "business": (False, 0, 1)}


def category(code: str) -> DelegationCategory:
    """Made by a migration, but gone once a test has emptied the database after itself."""
    is_government, table, behind = CATEGORIES[code]
    name = "United Nations entity or international organisation" if code == "un-entity" else code
    fields = {"is_government": is_government, "table_places": table, "behind_places": behind, "name_en": name}
    # First come, without a letter: what is kept or asked for is said by the test that needs it
    first_come = {"places_are_kept": False, "needs_letter": False}
    return DelegationCategory.objects.update_or_create(
        code=code, defaults=first_come, create_defaults={**fields, **first_come}
    )[0]


def make_delegation(forum: Forum, code: str, kind="member-state") -> Delegation:
    party = Party.objects.filter(code=code).first() or make_party(code)
    return Delegation.objects.create(forum=forum, party=party, category=category(kind))


def make_delegate(delegation: Delegation, name: str, *, state="accredited", email="") -> Delegate:
    person = Person.objects.create(family_name=name)
    if email:
        User.objects.create_user(email, person=person)
    return Delegate.objects.create(
        person=person, delegation=delegation, state=state, **{"submitted_at": None, f"{state}_at": NOW}
    )


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "navy").save(out, "JPEG")
    return out.getvalue()


def half_a_picture() -> bytes:
    """One that begins as it should."""
    whole = picture()
    return whole[: len(whole) // 2]
