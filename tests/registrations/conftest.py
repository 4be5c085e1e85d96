from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress

from documents.services import request_document
from people.models import User
from registrations import services
from registrations.models import Delegate, Delegation, FocalPoint, Invitation, Letter, Seating
from registrations.models.nominations import digest_of
from registrations.services.photographs import keep_photograph
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


@pytest.fixture
def full(summit, settings, tmp_path):
    """Wanjiru with everything that can be held about somebody; Kofi has as much."""
    settings.MEDIA_ROOT = tmp_path
    organiser = User.objects.create_user("organiser@example.org")
    for delegate, email in ((summit.wanjiru, "wanjiru@example.org"), (summit.kofi, "kofi@example.org")):
        account = User.objects.get(email=email)
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
        delegate.needs, delegate.function = f"Step-free way, peanuts of {email}", f"Adviser of {email}"
        delegate.save()
        keep_photograph(person=delegate.person, picture=scene.picture())
        services.decide(delegate=delegate, to="withdrawn", by=organiser, now=scene.NOW, reason=f"Ill: {email}")
        services.accredit(delegate=delegate, by=organiser, now=scene.NOW)
        services.register(seating=summit.a, delegate=delegate, by=account, now=scene.NOW)
        services.name_head(delegate=delegate, starts_at=None, by=None, now=scene.NOW)
        FocalPoint.objects.create(user=account, delegation=delegate.delegation)
        Letter.objects.create(
            delegation=delegate.delegation, file="letters/x.pdf", name=f"note of {delegate.delegation}.pdf",
            media_type="application/pdf", uploaded_at=scene.NOW, uploaded_by=account,
        )  # fmt: skip
        Invitation.objects.create(
            delegation=delegate.delegation, email=email, key_digest=digest_of(email), invited_at=scene.NOW,
            invited_by=organiser, expires_at=scene.TEN,
        )  # fmt: skip
        request_document(kind="participant_pack", subject=str(delegate.uuid), language="en", by=account)
    return summit
