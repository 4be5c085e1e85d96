"""A session on the agenda is drawn again when something of it has changed, and only then."""

import pytest
from django.test import Client

from programme import cards, releases
from schedule.models import Room, Session
from themes.models import Theme

from .test_views import publish

PROGRAMME = "/en/programme/"


@pytest.fixture
def drawn(monkeypatch):
    """Slugs of the sessions that were drawn since the last time it was asked, by opening a page."""
    found = []
    draw = cards._draw
    monkeypatch.setattr(cards, "_draw", lambda slot, *rest: found.append(slot.session.slug) or draw(slot, *rest))
    monkeypatch.setattr(cards, "_drawn", {})
    monkeypatch.setattr(releases, "ASK_EVERY", 0)

    def on(path: str, client: Client) -> list[str]:
        found.clear()
        assert client.get(path).status_code == 200
        return list(found)

    return on


def test_a_release_draws_what_it_changed_and_nothing_else(client, published, marrakesh, drawn):
    first = drawn(PROGRAMME, client)
    assert len(first) == len(set(first)) > 20
    Theme.objects.filter(number=1).update(title_en="A theme, reworded")
    publish(marrakesh)
    assert drawn(PROGRAMME, client) == []

    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    publish(marrakesh)
    assert drawn(PROGRAMME, client) == ["opening"]
    assert drawn("/fr/programme/", client) == first

    Room.objects.filter(slug="roseraie").update(name_en="The Rose Garden")
    publish(marrakesh)
    assert drawn(PROGRAMME, client) == first
    assert "The Rose Garden" in client.get(PROGRAMME).content.decode()


def test_a_part_belongs_to_its_card_and_an_address_to_each_forum(client, published, marrakesh, drawn):
    drawn(PROGRAMME, client)
    assert drawn("/en/marrakesh-2018/programme/", client)
    part = Session.objects.exclude(parent=None).exclude(parent__slug="").first()
    Session.objects.filter(pk=part.pk).update(title_en="A part, reworded")
    publish(marrakesh)
    assert drawn(PROGRAMME, client) == [part.parent.slug]


def test_a_draft_is_drawn_anew_each_time(admin_client, published, drawn):
    drawn(PROGRAMME, admin_client)
    first, again = (drawn("/en/preview/programme/", admin_client) for _ in range(2))
    assert first == again
    assert len(first) > 20
