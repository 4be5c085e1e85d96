"""A focal point places delegates in the grid, and releases places of the delegation."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from post_office.models import Email

from people.models import User
from registrations import rules, services
from registrations.models import Delegate, DelegationCategory, DelegationHead, FocalPoint, Registration
from schedule.models import Session
from tests.registrations import scene

NOW = scene.NOW
HTMX = {"HX-Request": "true"}


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=NOW)


def text(response):
    return " ".join(response.content.decode().split())


def cell(response, seating, delegate):
    """The text of one cell, its tags left out."""
    [inner] = re.findall(rf'<td id="c{seating.pk}-{delegate.pk}"[^>]*>(.*?)</td>', text(response))
    return " ".join(re.sub(r'<b class="of">.*?</b>|<span class="hush">.*?</span>|<[^>]+>', " ", inner).split())


def head(response, seating):
    """The text of the head of a row."""
    rows = re.findall(r'<th scope="row".*?</th>', text(response))
    [row] = [row for row in rows if f'abbr="{seating.session.title}"' in row]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


@pytest.fixture
def focal(client, summit):
    """Signed in: the focal point of Kenya. Ghana has one of its own."""
    user, other = (User.objects.create_user(f"{name}@example.org") for name in ("focal", "accra"))
    FocalPoint.objects.create(user=user, delegation=summit.kenya)
    FocalPoint.objects.create(user=other, delegation=summit.ghana)
    client.force_login(user)
    return client


@pytest.fixture
def address(summit):
    return reverse("registrations:delegation-places", args=[summit.kenya.uuid])


@pytest.fixture
def kept(summit):
    """Kenya’s places in all three sessions, one at the table and one behind it, are to be named."""
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True)
    services.arrange_places(forum=summit.forum, now=NOW)
    return Registration.objects.filter(seating=summit.a, delegation=summit.kenya)


def take(seating, delegate):
    return {"act": f"take {seating.session.uuid} {delegate.uuid}"}


def of_place(verb, registration, delegate):
    return {"act": f"{verb} {registration.uuid} {delegate.uuid}"}


def test_grid_shows_each_delegate_at_each_session(focal, address, summit):
    register(summit.a, summit.wanjiru)

    page = focal.get(address)

    assert cell(page, summit.a, summit.wanjiru) == "At the table Take out"
    assert cell(page, summit.b, summit.wanjiru) == "At this hour in A ."
    assert cell(page, summit.c, summit.wanjiru) == "Seat at the table"
    assert cell(page, summit.a, summit.kamau) == "Seat behind it"
    assert "1 of 2 places left for Kenya" in head(page, summit.a)
    assert "1 seat free at the table 1 seat free behind the table" in head(page, summit.a)
    assert "Thursday 6 December" in text(page)
    assert "Mensah" not in text(page)


def test_grid_says_why_not(focal, address, summit):
    late = scene.make_delegate(summit.kenya, "Late", state="submitted")
    away = scene.make_delegate(summit.kenya, "Away")
    Delegate.objects.filter(pk=away.pk).update(starts_on="2018-12-07")
    heads = scene.make_session(summit.forum, "heads", starts_at=scene.TEN + 8 * scene.HOUR, entry="heads")
    invited = scene.make_session(summit.forum, "invited", starts_at=scene.TEN + 8 * scene.HOUR, entry="invitation")
    heads, invited = scene.seat(heads), scene.seat(invited)
    DelegationHead.objects.create(delegation=summit.kenya, delegate=summit.kamau, period=(None, None))
    scene.publish(summit.forum)

    page = focal.get(address)

    assert cell(page, summit.a, late) == "Not accredited yet."
    assert cell(page, summit.a, away) == "Entered for other days."
    assert cell(page, heads, summit.wanjiru) == "This session is for heads of delegation only."
    assert cell(page, heads, summit.kamau) == "Seat at the table"
    assert cell(page, invited, summit.kamau) == "–"
    assert "This session is by invitation." in head(page, invited)


def test_grid_names_who_has_the_places_when_none_is_left(focal, address, summit):
    third = scene.make_delegate(summit.kenya, "Sampuli")
    for delegate in (summit.wanjiru, summit.kamau):
        register(summit.a, delegate)

    page = focal.get(address)

    assert "Kenya has all of its 2 places here in use: Mfano, Kielezo." in head(page, summit.a)
    assert cell(page, summit.a, third) == "No place left."


def test_grid_counts_as_left_what_can_be_given(focal, address, summit, kept):
    """A place that was released is nobody's, and goes when the seats are taken."""

    services.release(registration=kept.get(place="behind"), by=None, now=NOW)
    assert "2 of 2 places left for Kenya" in head(focal.get(address), summit.a)
    assert register(summit.a, summit.observer).place == "behind"

    assert "1 of 2 places left for Kenya" in head(focal.get(address), summit.a)
    register(summit.a, summit.wanjiru)
    page = focal.get(address)
    assert "All places that Kenya may have here are taken." in head(page, summit.a)
    assert cell(page, summit.a, summit.kamau) == "Put on the waiting list"


def test_latin_names_stay_whole_in_an_arabic_sentence(focal, address, summit):
    for delegate in (summit.wanjiru, summit.kamau):
        register(summit.a, delegate)

    assert "\u2068Mfano\u2069، \u2068Kielezo\u2069" in text(focal.get(address.replace("/en/", "/ar/")))


def test_grid_marks_a_cancelled_session(focal, address, summit):
    register(summit.a, summit.wanjiru)
    session = Session.objects.get(pk=summit.a.session_id)
    session.cancelled_at = NOW
    session.save()
    scene.publish(summit.forum)

    page = focal.get(address)

    assert "<del>A</del>" in text(page)
    assert "This session is cancelled." in head(page, summit.a)
    assert cell(page, summit.a, summit.kamau) == "–"


def test_waiter_in_the_grid_is_told_the_rule_and_no_rank(focal, address, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.kofi)
    register(summit.a, summit.wanjiru)

    page = focal.get(address)

    assert (
        cell(page, summit.a, summit.wanjiru)
        == "Waiting list All places that Kenya may have here are taken. Take off the list"
    )
    assert "before" not in cell(page, summit.a, summit.wanjiru)


def test_post_takes_a_place_and_tells_the_delegate(focal, address, summit):
    answer = focal.post(address, take(summit.a, summit.wanjiru), follow=True)

    registration = Registration.objects.get()
    assert (registration.delegate, registration.requested_by.email) == (summit.wanjiru, "focal@example.org")
    assert answer.redirect_chain == [(f"{address}#c{summit.a.pk}-{summit.wanjiru.pk}", 302)]
    assert "Mfano has a place in A: At the table." in text(answer)
    assert [email.to for email in Email.objects.all()] == [["wanjiru@example.org"]]


def test_post_for_a_delegate_without_account_sends_nothing(focal, address, summit):
    focal.post(address, take(summit.a, summit.kamau))
    focal.post(address, of_place("out", Registration.objects.get(), summit.kamau))

    assert Registration.objects.get().delegate is None
    assert not Email.objects.exists()


def test_post_refused_is_said_at_the_cell_and_aloud(focal, address, summit):
    register(summit.b, summit.wanjiru)

    for headers in ({}, HTMX):
        page = focal.post(address, take(summit.a, summit.wanjiru), headers=headers)
        assert page.status_code == 200
        assert '<p class="refused">' in text(page)
        assert cell(page, summit.a, summit.wanjiru) == "At this hour in B . At this hour in B."
        assert 'role="status">Mfano, A: At this hour in B.</div>' in text(page)
        assert f'<td id="c{summit.a.pk}-{summit.wanjiru.pk}" tabindex="-1" autofocus>' in text(page)
    assert Registration.objects.count() == 1


def test_limit_is_explained_to_whoever_comes_late(focal, address, summit):
    third = scene.make_delegate(summit.kenya, "Sampuli")
    for delegate in (summit.wanjiru, summit.kamau):
        register(summit.a, delegate)

    page = focal.post(address, take(summit.a, third), headers=HTMX)

    assert "Kenya has all of its 2 places here in use: Mfano, Kielezo." in cell(page, summit.a, third)


def test_delegate_is_named_for_the_place_that_was_chosen(focal, address, summit, kept):
    page = focal.get(address)
    assert cell(page, summit.a, summit.wanjiru) == "Seat at the table Seat behind it"
    assert "At the table: to be named" in head(page, summit.a)
    behind = kept.get(place="behind")

    answer = focal.post(address, of_place("name", behind, summit.wanjiru), headers=HTMX)

    behind.refresh_from_db()
    assert behind.delegate == summit.wanjiru
    assert cell(answer, summit.a, summit.wanjiru) == "Behind the table Take out"
    assert cell(answer, summit.a, summit.kamau) == "Seat at the table"
    assert cell(answer, summit.b, summit.wanjiru) == "At this hour in A ."
    assert "Mfano has a place in A: Behind the table." in text(answer)
    assert [email.subject for email in Email.objects.all()] == ["Your place is confirmed: A"]


def test_place_kept_for_a_successor_is_offered_to_nobody_else(focal, address, summit, kept):
    kept.update(reserved_for=scene.make_delegate(summit.kenya, "Next", state="submitted"))

    page = focal.get(address)

    assert "At the table: kept for Next until accredited" in head(page, summit.a)
    assert cell(page, summit.a, summit.wanjiru) == "No place left."


def test_taking_out_leaves_a_place_to_be_named_and_tells_the_delegate(focal, address, summit):
    registration = register(summit.a, summit.wanjiru)

    answer = focal.post(address, of_place("out", registration, summit.wanjiru), headers=HTMX)

    registration.refresh_from_db()
    assert (registration.status, registration.delegate) == ("confirmed", None)
    assert cell(answer, summit.a, summit.wanjiru) == "Seat at the table"
    assert "to be named" in head(answer, summit.a)
    mail = Email.objects.last()
    assert (mail.to, mail.subject) == (["wanjiru@example.org"], "You no longer hold a place: A")


def test_taking_off_the_waiting_list_tells_the_delegate(focal, address, summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.kofi)
    waits = register(summit.a, summit.wanjiru)

    focal.post(address, of_place("out", waits, summit.wanjiru))

    waits.refresh_from_db()
    assert waits.status == "released"
    assert Email.objects.last().subject == "You no longer wait for a place: A"


def test_who_was_there_is_not_taken_out(focal, address, summit):
    registration = register(summit.a, summit.wanjiru)
    Registration.objects.update(attended_at=NOW)

    assert cell(focal.get(address), summit.a, summit.wanjiru) == "At the table"
    page = focal.post(address, of_place("out", registration, summit.wanjiru), headers=HTMX)
    assert "it stays on record" in cell(page, summit.a, summit.wanjiru)
    assert not Email.objects.filter(subject__contains="no longer").exists()


@pytest.mark.parametrize("verb", ["out", "name"])
def test_place_that_changed_meanwhile_is_looked_at_again(focal, address, summit, verb):
    registration = register(summit.a, summit.wanjiru)
    services.release(registration=registration, by=None, now=NOW)

    page = focal.post(address, of_place(verb, registration, summit.wanjiru), headers=HTMX)

    assert '<p class="refused">' in text(page)
    registration.refresh_from_db()
    assert registration.status == "released"


def test_taking_out_leaves_somebody_else_where_they_are(focal, address, summit):
    registration = register(summit.a, summit.wanjiru)
    services.vacate(registration=registration, by=None, now=NOW)
    services.name(registration=registration, delegate=summit.kamau, by=None, now=NOW)

    focal.post(address, of_place("out", registration, summit.wanjiru))

    registration.refresh_from_db()
    assert registration.delegate == summit.kamau


def applied(page: str, fragment: str) -> str:
    """`page` with the grid and the region above it as they are in `fragment`."""
    return re.sub(r'<div class="hush" id="told".*</form>\s*</div>', lambda _: fragment, page)


def test_fragment_equals_the_page(focal, address, summit, kept):
    before = text(focal.get(address))

    focal.post(address, of_place("name", kept.first(), summit.wanjiru), headers=HTMX)
    fragment = text(focal.get(address, headers=HTMX))
    after = text(focal.get(address))

    assert fragment.startswith("<div")
    assert before != after
    token = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')
    assert token.sub("", applied(before, fragment)) == token.sub("", after)


def test_fragment_comes_only_when_it_differs_from_what_was_seen(focal, address, summit):
    [seen] = re.findall(r"\?seen=(\w+)", text(focal.get(address)))

    assert focal.get(f"{address}?seen={seen}", headers=HTMX).status_code == 204
    register(summit.a, summit.kofi)
    assert "1 seat free at the table" in head(focal.get(f"{address}?seen={seen}", headers=HTMX), summit.a)
    assert focal.get(f"{address}?seen={seen}").status_code == 200


@pytest.fixture
def crowd(summit):
    """Kenya with more delegates than stand side by side."""
    return [scene.make_delegate(summit.kenya, f"Wa{number}") for number in range(12)]


def choice(response, seating):
    """What the list of a session offers: names under the words for the seat."""
    [listed] = re.findall(rf'<select [^>]*name="act-{seating.pk}".*?</select>', text(response))
    groups = re.findall(r'<optgroup label="(.*?)">(.*?)</optgroup>', listed)
    return {words: re.findall(r"\u2068?(\w+)\u2069?</option>", options) for words, options in groups}


def test_of_many_delegates_the_placed_stand_side_by_side_and_the_others_in_lists(focal, address, summit, crowd):
    register(summit.a, summit.wanjiru)

    page = focal.get(address)

    assert [delegate.person.family_name for delegate in page.context["grid"].delegates] == ["Mfano"]
    assert cell(page, summit.a, summit.wanjiru) == "At the table Take out"
    assert choice(page, summit.a) == {"Seat behind it": ["Kielezo", *(f"Wa{number}" for number in range(12))]}
    assert "Mfano" not in choice(page, summit.b)["Seat at the table"]  # at this hour she is in a
    assert "Mfano" in choice(page, summit.c)["Seat at the table"]


def test_one_of_many_is_placed_from_the_list_of_a_session(focal, address, summit, crowd):
    chosen = {"row": summit.a.pk, f"act-{summit.a.pk}": f"take {summit.a.session.uuid} {crowd[3].uuid}"}

    page = focal.post(address, chosen, headers=HTMX)

    assert "Wa3 has a place in A: At the table." in text(page)
    assert cell(page, summit.a, crowd[3]) == "At the table Take out"
    assert Registration.objects.confirmed().get().delegate == crowd[3]


def test_nobody_chosen_is_said_at_the_session(focal, address, summit, crowd):
    page = focal.post(address, {"row": summit.a.pk, f"act-{summit.a.pk}": ""})

    assert "Choose a delegate first." in head(page, summit.a)
    assert "Choose a delegate first." not in head(page, summit.c)
    assert not Registration.objects.exists()


def test_refusal_is_said_at_the_delegate_who_has_no_column(focal, address, summit, crowd):
    for delegate in (summit.wanjiru, summit.kamau):
        register(summit.a, delegate)
    late = {"row": summit.a.pk, f"act-{summit.a.pk}": f"take {summit.a.session.uuid} {crowd[3].uuid}"}

    page = focal.post(address, late, headers=HTMX)

    assert "Kenya has all of its 2 places here in use" in cell(page, summit.a, crowd[3])


@pytest.mark.parametrize("many", [1, 5])
def test_grid_takes_the_same_queries_at_one_and_at_many(focal, address, summit, many, django_assert_num_queries):
    for number in range(many):
        starts_at = scene.TEN + (24 + 3 * number) * scene.HOUR
        scene.seat(scene.make_session(summit.forum, f"s{number}", starts_at=starts_at), table=1, behind=1)
    scene.publish(summit.forum)
    for number in range(many):
        seating = Session.objects.get(slug=f"s{number}").seating
        register(seating, scene.make_delegate(summit.kenya, f"Mfano {number}"))
        register(seating, summit.kofi)
        assert register(seating, summit.kamau).is_waiting
    focal.get(address)

    with django_assert_num_queries(9):
        focal.get(address)


def test_grid_without_delegates_or_sessions_says_what_will_stand_there(focal, address, summit):
    Session.objects.update(listed=False)
    scene.publish(summit.forum)
    assert "No session is open to registration" in text(focal.get(address))

    Delegate.objects.filter(delegation=summit.kenya).update(state="withdrawn", accredited_at=None, withdrawn_at=NOW)
    assert "No delegates yet" in text(focal.get(address))


def test_other_delegations_are_not_found(focal, address, summit):
    theirs = register(summit.a, summit.kofi)
    ours = register(summit.a, summit.wanjiru)
    elsewhere = summit.stranger.delegation
    unknown = uuid4()

    for uuid in (summit.ghana.uuid, elsewhere.uuid, unknown):
        there = reverse("registrations:delegation-places", args=[uuid])
        assert focal.get(there).status_code == 404
        assert focal.post(there, take(summit.c, summit.kofi)).status_code == 404
    for data in (
        take(summit.c, summit.kofi),
        take(summit.c, summit.stranger),
        take(Session.objects.get(forum=summit.other_forum).seating, summit.wanjiru),
        of_place("out", theirs, summit.kofi),
        of_place("out", theirs, summit.wanjiru),
        of_place("name", theirs, summit.wanjiru),
        {"act": f"out {unknown} {summit.wanjiru.uuid}"},
        {"act": f"out {ours.uuid} {unknown}"},
        {"act": "out"},
        {},
    ):
        assert focal.post(address, data).status_code == 404
    for uuid in (theirs.uuid, unknown):
        assert focal.get(reverse("registrations:place-release", args=[uuid])).status_code == 404
        assert focal.post(reverse("registrations:place-release", args=[uuid])).status_code == 404
    assert set(Registration.objects.confirmed()) == {theirs, ours}


def test_delegate_who_is_no_focal_point_finds_no_grid(client, summit, address):
    client.force_login(User.objects.get(email="wanjiru@example.org"))
    registration = register(summit.a, summit.wanjiru)

    assert client.get(address).status_code == 404
    assert client.get(reverse("registrations:place-release", args=[registration.uuid])).status_code == 404


def release_address(registration):
    return reverse("registrations:place-release", args=[registration.uuid])


def test_release_of_a_kept_place_warns_then_gives_it_to_the_next_in_line(focal, summit, kept):
    place = kept.get(place="behind")
    waits = register(summit.a, summit.observer)
    assert waits.is_waiting

    page = text(focal.get(release_address(place)))
    answer = focal.post(release_address(place), {"delegate": ""}, follow=True)

    assert "Behind the table: to be named" in page
    assert "This place is kept for Kenya. Once released it cannot be had back" in page
    assert "Released: the place in A." in text(answer)
    place.refresh_from_db()
    waits.refresh_from_db()
    assert (place.status, waits.status) == ("released", "confirmed")


def test_release_of_a_named_place_says_whose_it_is_and_tells_them(focal, summit):
    registration = register(summit.a, summit.wanjiru)

    page = text(focal.get(release_address(registration)))
    focal.post(release_address(registration), {"delegate": str(summit.wanjiru.uuid)})

    assert 'At the table: <bdi translate="no">Mfano</bdi>' in page
    assert "You may ask for another one" in page
    registration.refresh_from_db()
    assert registration.status == "released"
    assert Email.objects.last().subject == "You no longer hold a place: A"


def test_release_of_a_place_that_was_given_to_somebody_meanwhile_asks_again(focal, summit, kept):
    place = kept.get(place="table")
    services.name(registration=place, delegate=summit.wanjiru, by=None, now=NOW)

    answer = focal.post(release_address(place), {"delegate": ""}, follow=True)

    assert answer.redirect_chain == [(release_address(place), 302)]
    assert "Somebody has changed this place meanwhile." in text(answer)
    assert Registration.objects.get(pk=place.pk).is_confirmed


def test_release_twice_is_once(focal, address, summit, kept):
    place = kept.get(place="table")

    for _twice in range(2):
        answer = focal.post(release_address(place), {"delegate": ""}, follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert "Released already: the place in A." in text(answer)


def test_release_of_a_place_where_somebody_was_is_not_offered(focal, summit):
    registration = register(summit.a, summit.wanjiru)
    Registration.objects.update(attended_at=NOW)

    page = text(focal.get(release_address(registration)))
    answer = focal.post(release_address(registration), {"delegate": str(summit.wanjiru.uuid)}, follow=True)

    assert "Release the place" not in page
    assert "it stays on record" in text(answer)


@pytest.fixture
def waits(summit):
    """Wanjiru waits in a, where Ghana has the one place."""
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    register(summit.a, summit.kofi)
    return register(summit.a, summit.wanjiru)


def test_waiting_rule_seats_full(waits):
    assert str(rules.waiting_rule(waits)) == "All places that Kenya may have here are taken."


def test_waiting_rule_places_of_the_delegation_in_use(summit, waits):
    summit.a.table_seats = 2
    summit.a.save()
    services.grant_exception(
        seating=summit.a, delegate=summit.kamau, place="table", authorised_by="Chair", authorised_at=NOW,
        reason="Asked", by=User.objects.first(), now=NOW,
    )  # fmt: skip
    DelegationCategory.objects.filter(code="member-state").update(table_places=1)

    assert str(rules.waiting_rule(waits)) == "Kenya has its one place here in use: Kielezo."


def test_waiting_rule_another_place_at_this_hour(summit, waits):
    register(summit.b, summit.wanjiru)

    assert str(rules.waiting_rule(waits)).startswith("At this hour you hold a place in B.")


def test_waiting_rule_not_admitted(summit, waits):
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(starts_on="2018-12-07")

    assert str(rules.waiting_rule(waits)).startswith("Your delegation has entered you for other days.")
    Session.objects.filter(slug="a").update(entry="heads")
    scene.publish(summit.forum)
    assert str(rules.waiting_rule(waits)) == "This session is for heads of delegation only."


def test_waiting_rule_cancelled(summit, waits):
    Session.objects.filter(slug="a", forum=summit.forum).update(cancelled_at=NOW)
    scene.publish(summit.forum)

    assert str(rules.waiting_rule(waits)) == "This session is cancelled."


def test_waiting_rules_take_the_same_queries_at_one_and_at_many(summit, waits, django_assert_num_queries):
    many = [waits, register(summit.a, scene.make_delegate(scene.make_delegation(summit.forum, "peru"), "Quispe"))]

    for some in (many[:1], many):
        with django_assert_num_queries(6):
            assert len(rules.waiting_rules(some)) == len(some)
