import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from people.models import User
from programme import releases
from programme import services as publishing
from programme.models import PublishedSession
from registrations import services
from registrations.forms import joining
from registrations.models import Delegate, Delegation, Registration
from schedule.models import Session
from tests.registrations import scene

SEAT = "/en/sessions/a/seat/"
HTMX = {"HX-Request": "true"}


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)


def text(response):
    return " ".join(response.content.decode().split())


def test_panel_tells_a_reader_how_many_are_left_and_offers_to_sign_in(client, summit):
    response = client.get(SEAT, headers=HTMX)

    assert response.status_code == 200
    assert '<span class="left">2</span> places left at the table' in text(response)
    assert f"{reverse('account_login')}?next=/en/sessions/a/" in text(response)
    assert "<html" not in text(response)
    assert "no-store" in response["Cache-Control"]


def test_panel_is_a_whole_page_without_javascript(client, summit):
    page = text(client.get(SEAT))

    assert "<html" in page
    assert '<a href="/en/sessions/a/">A</a>' in page


def test_panel_of_a_session_without_seats_is_empty(client, summit):
    assert client.get("/en/sessions/unseated/seat/", headers=HTMX).content == b""
    assert "No place is needed" in text(client.get("/en/sessions/unseated/seat/"))


def test_panel_of_what_is_not_listed_or_not_there_is_not_found(client, summit):
    Session.objects.filter(slug="b").update(listed=False)
    scene.publish(summit.forum)

    assert client.get("/en/sessions/b/seat/").status_code == 404
    assert client.get("/en/sessions/nowhere/seat/").status_code == 404


def test_panel_offers_a_place_with_the_share_of_the_delegation(wanjiru_client, summit):
    register(summit.a, summit.kamau)

    page = text(wanjiru_client.get(SEAT, headers=HTMX))

    assert "Kenya holds 1 of its 2 places." in page
    assert "csrfmiddlewaretoken" in page
    assert "Take a place" in page


def test_post_takes_a_place_with_javascript(wanjiru_client, summit):
    response = wanjiru_client.post(SEAT, headers=HTMX)

    assert "Your place is confirmed." in text(response)
    assert Registration.objects.get().delegate == summit.wanjiru


def test_post_takes_a_place_without_javascript(wanjiru_client, summit):
    response = wanjiru_client.post(SEAT, follow=True)

    assert response.redirect_chain == [(SEAT, 302)]
    assert "Your place is confirmed." in text(response)


def test_post_needs_the_token_of_the_fragment(summit):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(email="wanjiru@example.org"))
    fragment = client.get(SEAT, headers=HTMX)
    token = fragment.context["csrf_token"]

    assert client.post(SEAT, headers=HTMX).status_code == 403
    assert client.post(SEAT, {"csrfmiddlewaretoken": str(token)}, headers=HTMX).status_code == 200
    assert Registration.objects.count() == 1


def test_post_sends_who_is_not_signed_in_to_sign_in(client, summit):
    assert client.post(SEAT).url.startswith(reverse("account_login"))
    assert client.post(SEAT, headers=HTMX)["HX-Redirect"].startswith(reverse("account_login"))
    assert not Registration.objects.exists()


def test_panel_names_and_links_the_session_in_the_way(wanjiru_client, summit):
    register(summit.b, summit.wanjiru)
    summit.a.table_seats = summit.a.behind_seats = 0
    summit.a.save()

    page = text(wanjiru_client.get(SEAT, headers=HTMX))

    assert 'At this hour you hold a place in <a href="/en/sessions/b/">B</a>.' in page
    assert "disabled" in page


def test_post_against_a_rule_says_so_without_javascript(wanjiru_client, summit):
    register(summit.b, summit.wanjiru)

    page = text(wanjiru_client.post(SEAT, follow=True))

    assert "At this hour you hold a place in B." in page
    assert Registration.objects.count() == 1


def test_panel_offers_the_waiting_list_when_full(client, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.wanjiru)
    client.force_login(User.objects.get(email="kofi@example.org"))

    page = text(client.get(SEAT, headers=HTMX))
    after = text(client.post(SEAT, headers=HTMX))

    assert "Join the waiting list" in page
    assert "You are on the waiting list." in after


def test_panel_ranks_no_government(client, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    for delegate in (summit.wanjiru, summit.kofi):
        register(summit.a, delegate)
    client.force_login(User.objects.get(email="kofi@example.org"))

    assert "before you" not in text(client.get(SEAT, headers=HTMX))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("submitted", "Your accreditation is being looked at."),
        ("returned", "Your entry was returned to be mended."),
        ("declined", "Your accreditation was declined."),
        ("withdrawn", "Your delegation has withdrawn you."),
    ],
)
def test_panel_says_what_accreditation_lacks(wanjiru_client, summit, state, sentence):
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(
        **{"state": state, "accredited_at": None, f"{state}_at": scene.NOW}
    )

    assert sentence in text(wanjiru_client.get(SEAT, headers=HTMX))


def test_panel_sends_an_account_without_delegation_to_join_one(client, summit):
    client.force_login(User.objects.get(email="stranger@example.org"))  # of Kenya, at the other forum

    assert "Join your delegation" in text(client.get(SEAT, headers=HTMX))
    assert client.post(SEAT, headers=HTMX).status_code == 200
    assert not Registration.objects.exists()


def test_names_on_the_panel_are_text(wanjiru_client, summit):
    for name in ("<b>Eve</b>", "{braces}"):
        register(summit.a, scene.make_delegate(summit.kenya, name))

    page = text(wanjiru_client.get(SEAT, headers=HTMX))

    assert "&lt;b&gt;Eve&lt;/b&gt;, {braces}" in page


def test_release_asks_once_more_then_gives_up(wanjiru_client, summit):
    registration = register(summit.a, summit.wanjiru)
    address = reverse("registrations:release", args=[registration.uuid])

    asked = text(wanjiru_client.get(address))
    done = wanjiru_client.post(address, follow=True)

    assert "Give up your place?" in asked
    assert done.redirect_chain == [("/en/my/", 302)]
    registration.refresh_from_db()
    assert registration.status == "released"


def test_release_in_the_panel_stays_in_the_panel(wanjiru_client, summit):
    registration = register(summit.a, summit.wanjiru)
    address = reverse("registrations:release", args=[registration.uuid])

    assert "<html" not in text(wanjiru_client.get(address, headers=HTMX))
    assert "Take a place" in text(wanjiru_client.post(address, headers=HTMX))


def test_release_in_the_panel_of_a_session_that_is_not_shown_any_more_leads_to_my_programme(wanjiru_client, summit):
    registration = register(summit.a, summit.wanjiru)
    PublishedSession.objects.filter(session=summit.a.session).update(listed=False)

    answer = wanjiru_client.post(reverse("registrations:release", args=[registration.uuid]), headers=HTMX)

    assert answer["HX-Redirect"] == "/en/my/"
    registration.refresh_from_db()
    assert registration.status == "released"


def test_release_of_another_delegates_place_is_not_found(wanjiru_client, summit):
    for delegate in (summit.kofi, summit.kamau):
        registration = register(summit.a, delegate)
        address = reverse("registrations:release", args=[registration.uuid])
        assert wanjiru_client.get(address).status_code == 404
        assert wanjiru_client.post(address).status_code == 404
    assert Registration.objects.active().count() == 2


def test_my_shows_identity_state_and_places(wanjiru_client, summit):
    register(summit.a, summit.wanjiru)
    register(summit.a, summit.kofi)

    page = text(wanjiru_client.get("/en/my/"))

    assert "Mfano" in page
    assert "Accredited" in page
    assert "Thursday 6 December" in page
    assert "Your place is confirmed" in page
    assert "Kenya holds 1 place here." in page
    assert "Mensah" not in page


def test_my_is_empty_with_a_way_on(wanjiru_client, summit):
    assert "No places yet" in text(wanjiru_client.get("/en/my/"))


def test_my_warns_of_an_overlap_that_a_release_caused(wanjiru_client, summit):
    register(summit.a, summit.wanjiru)
    register(summit.c, summit.wanjiru)
    services.follow_releases(now=scene.NOW)
    session = Session.objects.get(pk=summit.a.session_id)
    session.starts_at, session.ends_at = session.starts_at + 3 * scene.HOUR, session.ends_at + 3 * scene.HOUR
    session.save()
    scene.publish(summit.forum)
    services.follow_releases(now=scene.NOW)

    assert "two of your places are at one hour" in text(wanjiru_client.get("/en/my/"))


def test_my_needs_a_sign_in(client, summit):
    assert client.get("/en/my/").url.startswith(reverse("account_login"))


@pytest.mark.parametrize("places", [1, 6])
def test_my_takes_the_same_queries_at_one_and_at_many_places(wanjiru_client, summit, places, django_assert_num_queries):
    for number in range(places):
        session = scene.make_session(summit.forum, f"s{number}", starts_at=scene.TEN + (24 + number * 3) * scene.HOUR)
        scene.seat(session)
    scene.publish(summit.forum)
    for number in range(places):
        seating = Session.objects.get(slug=f"s{number}").seating
        register(seating, summit.wanjiru)
    wanjiru_client.get("/en/my/")

    with django_assert_num_queries(6):
        wanjiru_client.get("/en/my/")


@pytest.fixture
def gone(summit):
    """Wanjiru’s place in a session that a withdrawal took out of the programme."""
    session = scene.make_session(summit.forum, "late", starts_at=scene.TEN + 9 * scene.HOUR)
    withdrawn = scene.publish(summit.forum)
    registration = register(scene.seat(session), summit.wanjiru)
    publishing.withdraw(release=withdrawn, by=None, reason="Too early")
    releases.shelf.clear()
    return registration


def test_my_shows_a_place_whose_session_left_the_programme(wanjiru_client, gone):
    page = text(wanjiru_client.get("/en/my/"))

    assert "<h3>A session no longer in the programme</h3>" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_release_gives_up_a_place_whose_session_left_the_programme(wanjiru_client, gone, headers):
    address = reverse("registrations:release", args=[gone.uuid])

    assert "A session no longer in the programme" in text(wanjiru_client.get(address, headers=headers))
    response = wanjiru_client.post(address, headers=headers)

    assert response.headers.get("HX-Redirect" if headers else "Location") == "/en/my/"
    gone.refresh_from_db()
    assert gone.status == "released"


def test_release_of_an_attended_place_says_why_not(wanjiru_client, summit):
    registration = register(summit.a, summit.wanjiru)
    Registration.objects.filter(pk=registration.pk).update(attended_at=scene.TEN)

    page = text(wanjiru_client.post(reverse("registrations:release", args=[registration.uuid]), follow=True))

    assert "it stays on record" in page
    assert "Give up the place" not in page
    assert "Give up the place" not in text(wanjiru_client.get(SEAT))


def test_second_delegation_is_acted_for_when_the_first_has_no_place_left(wanjiru_client, summit):
    second = Delegate.objects.create(
        person=summit.wanjiru.person, delegation=summit.ghana, state="accredited", submitted_at=None,
        accredited_at=scene.NOW,
    )  # fmt: skip
    for name in ("Kielezo", "Sampuli"):
        register(summit.a, scene.make_delegate(summit.kenya, name))

    assert "Ghana holds 0 of its 2 places." in text(wanjiru_client.get(SEAT, headers=HTMX))
    assert "Your place is confirmed." in text(wanjiru_client.post(SEAT, headers=HTMX))
    assert Registration.objects.get(person=summit.wanjiru.person).delegate == second


JOIN = {
    "family_name": "STRANGER",
    "function": "Adviser",
    "languages": ["en", "fr"],
    "needs": "None",
    "agreed": "on",
}


def test_my_joins_an_account_to_its_delegation(client, summit):
    user = User.objects.create_user("new@example.org")
    client.force_login(user)
    assert "Registration key of your delegation" in text(client.get("/en/my/"))

    response = client.post("/en/my/", {**JOIN, "registration_key": summit.kenya.registration_key}, follow=True)

    delegate = Delegate.objects.get(person__user=user)
    assert (delegate.delegation, delegate.state, delegate.languages) == (summit.kenya, "submitted", ["en", "fr"])
    assert "Accreditation is being looked at" in text(response)


def test_privacy_notice_that_is_not_translated_is_marked_as_english(client, summit):
    page = text(client.get("/ar/accounts/signup/"))

    assert '<div lang="en" dir="ltr"><p>We keep what we need.</p></div>' in page


@pytest.mark.parametrize(("key", "sentence"), [("NONSENSE", "No delegation has this key"), ("", "required")])
def test_my_refuses_a_key_that_opens_nothing(client, summit, key, sentence):
    client.force_login(User.objects.create_user("new@example.org"))

    assert sentence in text(client.post("/en/my/", {**JOIN, "registration_key": key}))


SIGN_UP = {
    **JOIN,
    "email": "new@example.org",
    "password1": "a-long-and-good-one-7",
    "password2": "a-long-and-good-one-7",
}


def test_signup_makes_account_person_and_delegate_together(client, summit):
    response = client.post(
        "/fr/accounts/signup/", {**SIGN_UP, "registration_key": summit.kenya.registration_key.lower()}
    )

    assert response.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert (user.person.family_name, user.privacy_version, user.language) == ("STRANGER", "2018-10-01", "fr")
    assert user.person.memberships.get().state == "submitted"


def test_signup_with_a_key_that_ended_makes_nothing(client, summit):
    Delegation.objects.filter(pk=summit.kenya.pk).update(key_expires_at=scene.NOW)

    response = client.post("/en/accounts/signup/", {**SIGN_UP, "registration_key": summit.kenya.registration_key})

    assert "This key ended on Tuesday 20 November." in text(response)
    assert not User.objects.filter(email="new@example.org").exists()


def test_signup_is_undone_when_the_key_ends_in_between(client, summit, monkeypatch):
    def ended(**_):
        raise services.RegistrationRefused()

    monkeypatch.setattr(joining, "join_delegation", ended)
    with pytest.raises(services.RegistrationRefused):
        client.post("/en/accounts/signup/", {**SIGN_UP, "registration_key": summit.kenya.registration_key})

    assert not User.objects.filter(email="new@example.org").exists()


def test_signup_shows_the_notice_and_needs_the_agreement(client, summit):
    assert "We keep what we need." in text(client.get("/en/accounts/signup/"))
    data = {**SIGN_UP, "registration_key": summit.kenya.registration_key, "agreed": ""}

    assert client.post("/en/accounts/signup/", data).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()


def test_concept_note_is_offered_to_those_who_may_print_it(wanjiru_client, summit):
    link = "/en/documents/ask/?kind=concept_note&amp;subject=a"
    PublishedSession.objects.filter(slug="a").update(kind="roundtable")
    staff = User.objects.create_user("desk@example.org", "x", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_document"))
    desk = Client()
    desk.force_login(staff)

    assert link not in text(wanjiru_client.get(SEAT, headers=HTMX))
    assert link in text(desk.get(SEAT, headers=HTMX))
