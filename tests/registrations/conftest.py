from dataclasses import dataclass

import pytest

from people.models import User
from registrations.models import Delegate, Delegation, Seating
from schedule.models import Forum, Session
from tests.registrations import scene


@dataclass
class Summit:
    """Kenya and Ghana beside an observer; a and b at one hour, c later. A second forum has the same parties."""

    forum: Forum
    other_forum: Forum
    a: Seating
    b: Seating
    c: Seating
    kenya: Delegation
    ghana: Delegation
    observers: Delegation
    wanjiru: Delegate
    kamau: Delegate
    kofi: Delegate
    observer: Delegate
    stranger: Delegate  # of Kenya at the other forum


@pytest.fixture
def summit(db, settings) -> Summit:
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    return make_summit()


def make_summit() -> Summit:
    forum, other_forum = scene.make_forum(), scene.make_forum("quito-2020", is_current=False)
    sessions: list[Session] = [
        scene.make_session(forum, "a"),
        scene.make_session(forum, "b"),
        scene.make_session(forum, "c", starts_at=scene.TEN + 4 * scene.HOUR),
        scene.make_session(forum, "unseated", starts_at=scene.TEN + 7 * scene.HOUR),
    ]
    scene.seat(scene.make_session(other_forum, "a"))
    scene.publish(forum)
    scene.publish(other_forum)
    a, b, c = (scene.seat(session, table=2, behind=1) for session in sessions[:3])
    kenya, ghana = scene.make_delegation(forum, "kenya"), scene.make_delegation(forum, "ghana")
    observers = scene.make_delegation(forum, "iom", "un-entity")
    kenya_elsewhere = scene.make_delegation(other_forum, "kenya")
    return Summit(
        forum, other_forum, a, b, c, kenya, ghana, observers,
        wanjiru=scene.make_delegate(kenya, "Mfano", email="wanjiru@example.org"),
        kamau=scene.make_delegate(kenya, "Kielezo"),
        kofi=scene.make_delegate(ghana, "Mensah", email="kofi@example.org"),
        observer=scene.make_delegate(observers, "Muster", email="observer@example.org"),
        stranger=scene.make_delegate(kenya_elsewhere, "Otherwise", email="stranger@example.org"),
    )  # fmt: skip


@pytest.fixture
def wanjiru_client(client, summit):
    client.force_login(User.objects.get(email="wanjiru@example.org"))
    return client
