"""The letter drawn by lot: once, on record, and never changed."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from people.models import Party, User
from people.sorting import from_letter, initial
from registrations import services
from registrations.models import LetterDraw
from tests.registrations import scene


@pytest.fixture
def organiser(client, summit):
    user = User.objects.create_superuser("organiser@example.org")
    client.force_login(user)
    return user


def draw(summit, by, **fields):
    fields = {"forum": summit.forum, "session": None, "language": "en", "by": by, "now": scene.NOW, **fields}
    return services.draw_letter(**fields)


def test_letter_is_one_with_which_a_party_begins(summit, organiser):
    letters = {draw(summit, organiser, reason=f"Try {n}").letter for n in range(40)}

    assert letters == {"K", "G", "I"}


def test_letter_is_drawn_once_for_the_forum_and_for_each_session(summit, organiser):
    first = draw(summit, organiser)
    own = draw(summit, organiser, session=summit.a.session)

    for session in (None, summit.a.session):
        with pytest.raises(services.RegistrationRefused, match="Say why it is drawn again"):
            draw(summit, organiser, session=session)
    again = draw(summit, organiser, reason="The list was incomplete")

    assert LetterDraw.objects.in_force(summit.forum.slug) == {None: again, summit.a.session_id: own}
    assert LetterDraw.objects.count() == 3
    for change in (lambda: LetterDraw.objects.update(letter="Z"), first.delete):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


def test_no_letter_is_drawn_where_nobody_takes_part(summit, organiser):
    with pytest.raises(services.RegistrationRefused, match="enter the delegations"):
        draw(summit, organiser, forum=scene.make_forum("geneva-2021", is_current=False))


def test_order_begins_with_the_letter_and_comes_round(db):
    parties = [
        Party(code=code, short_name_en=code, short_name_fr=code) for code in ("Zambia", "Egypt", "Kenya", "Ghana")
    ]
    parties.append(Party(code="ARE", short_name_en="United Arab Emirates", short_name_fr="Émirats arabes unis"))

    english, french = (
        [party.code for party in sorted(parties, key=from_letter("H", language))] for language in ("en", "fr")
    )

    assert english == ["Kenya", "ARE", "Zambia", "Egypt", "Ghana"]
    assert french == ["Kenya", "Zambia", "Egypt", "ARE", "Ghana"]
    assert [initial(parties[-1], language) for language in ("en", "fr")] == ["U", "E"]


def test_organisers_draw_in_the_administration(client, summit, organiser):
    address = reverse("admin:registrations_letterdraw_add")
    fields = {"forum": summit.forum.pk, "session": "", "language": "fr", "reason": ""}

    assert client.post(address, fields).status_code == 302
    refused = client.post(address, fields).content.decode()
    shown = client.get(reverse("admin:registrations_letterdraw_change", args=[LetterDraw.objects.get().pk]))

    assert "Say why it is drawn again" in refused
    found = LetterDraw.objects.get()
    assert (found.drawn_by, found.language) == (organiser, "fr")
    assert found.letter in shown.content.decode()
    elsewhere = client.post(address, {**fields, "session": summit.stranger.delegation.forum.sessions.get().pk})
    assert "This session is of another forum." in elsewhere.content.decode()
