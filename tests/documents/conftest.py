from dataclasses import dataclass

import pytest
from django.test import Client

from documents.kinds import KINDS
from people.models import User
from programme import releases, services
from programme.models import Release
from registrations.models import Delegate, Registration, Seating
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Forum
from tests.registrations import scene


@dataclass
class Desk:
    """Marrakesh with release 1, a print desk's staff, and two delegates of two delegations."""

    forum: Forum
    release: Release
    staff: User
    wanjiru: Delegate
    kofi: Delegate

    def account(self, delegate: Delegate) -> User:
        return User.objects.get(person=delegate.person)

    def roundtable(self, number: str) -> Roundtable:
        theme, place = number.split(".")
        return Roundtable.objects.get(forum=self.forum, theme__number=theme, place=place)

    def reword(self, number: str, position: int, text: str, language: str = "en") -> None:
        question = GuidingQuestion.objects.get(roundtable=self.roundtable(number), position=position)
        setattr(question, f"text_{language}", text)
        question.save()

    def publish(self) -> Release:
        made = services.publish(forum=self.forum, by=None, base=services.newest(self.forum).number)
        releases.shelf.clear()
        return made

    def give_place(self, delegate: Delegate, number: str, place: str = "table") -> Registration:
        session = self.roundtable(number).session_ptr
        seating = Seating.objects.filter(session=session).first() or scene.seat(session, behind=10)
        return Registration.objects.create(
            seating=seating,
            delegate=delegate,
            delegation=delegate.delegation,
            person=delegate.person,
            place=place,
            status="confirmed",
            requested_at=scene.NOW,
            confirmed_at=scene.NOW,
        )


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def desk(published: Release) -> Desk:
    forum = published.forum
    kenya, ghana = scene.make_delegation(forum, "KEN"), scene.make_delegation(forum, "GHA")
    # Data that could leak: a second forum in which the same parties meet
    scene.make_delegation(scene.make_forum("quito-2020", is_current=False), "KEN")
    return Desk(
        forum=forum,
        release=published,
        staff=User.objects.create_superuser("desk@example.org", "a good password"),
        wanjiru=scene.make_delegate(kenya, "Mfano", email="wanjiru@example.org"),
        kofi=scene.make_delegate(ghana, "Mensah", email="kofi@example.org"),
    )


@pytest.fixture
def slugs(published: Release) -> dict[str, str]:
    """Addresses of the roundtables by number."""
    programme = releases.read(published).programme
    return {session.number: session.slug for session in programme.roundtables}


@pytest.fixture
def kinds():
    return KINDS


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(desk):
    return client_of(desk.staff)


@pytest.fixture
def wanjiru(desk):
    return client_of(desk.account(desk.wanjiru))
