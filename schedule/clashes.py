"""Who would have to be in two places at once. A warning, never a refusal: organisers know better."""

from collections.abc import Iterable
from dataclasses import dataclass

from people.models import Person

from .models import Role, Session


@dataclass(frozen=True)
class PersonClash:
    person: Person
    session: Session
    other: Session


def person_clashes(session: Session) -> list[PersonClash]:
    """Persons with a role in `session` and in another one at the same time; a session and its parts are one."""
    if session.is_cancelled or not session.starts_at:
        return []
    here = Role.objects.filter(session=session, person__isnull=False).values("person")
    there: Iterable[Role] = (
        Role.objects.filter(
            person__in=here, session__in=Session.objects.overlapping(session.starts_at, session.ends_at)
        )
        .exclude(session=session)
        .exclude(session__parent=session)
        .select_related("person", "session")
        .order_by("person", "session", "pk")
    )
    pairs = {
        (role.person_id, role.session_id): PersonClash(role.person, session, role.session)  # type: ignore[arg-type]
        for role in there
        if role.session_id != session.parent_id
    }
    return list(pairs.values())
