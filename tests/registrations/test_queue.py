"""The organisers’ queue: decisions about many at once, seen states, lists accepted, who is told."""

import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from post_office.models import Email

from people.models import Person, User
from registrations import services
from registrations.models import Delegate, DelegationCategory, FocalPoint, Letter
from registrations.services import RegistrationRefused
from tests.registrations import scene

NOW = scene.NOW
LIST = "admin:registrations_delegate_changelist"
DECIDE = "admin:registrations_delegate_decide"


@pytest.fixture
def organiser(client, summit):
    client.force_login(User.objects.create_superuser("organiser@example.org"))
    return client


@pytest.fixture
def newcomers(summit):
    return [
        scene.make_delegate(summit.kenya, "Sampuli", state="submitted", email="sampuli@example.org"),
        scene.make_delegate(summit.kenya, "Mgeni", state="submitted"),
    ]


def look_after(delegation, email="focal@example.org"):
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    FocalPoint.objects.create(delegation=delegation, user=user)


def state_of(delegate):
    return Delegate.objects.get(pk=delegate.pk).state


def choose(client, action, delegates):
    return client.post(reverse(LIST), {"action": action, "_selected_action": [one.pk for one in delegates]})


def send(client, page, **typed):
    """Send the form of the page with what it carries."""
    form = page.context["form"]
    fields = {"to": form["to"].value(), "seen": form["seen"].value(), "back": page.context["back"], **typed}
    return client.post(reverse(DECIDE), fields, follow=True)


def test_chosen_are_listed_before_anything_is_decided(organiser, newcomers):
    page = choose(organiser, "accredit_chosen", newcomers)

    words = page.content.decode()
    assert ("Sampuli" in words, "Mgeni" in words) == (True, True)
    assert [state_of(one) for one in newcomers] == ["submitted", "submitted"]


def test_what_was_done_and_what_was_skipped_and_why_is_reported(organiser, summit, newcomers):
    page = send(organiser, choose(organiser, "accredit_chosen", [newcomers[0], summit.wanjiru])).content.decode()

    assert state_of(newcomers[0]) == "accredited"
    assert "1 delegate is accredited." in page
    assert "Mfano is “Accredited” already." in page


@pytest.mark.parametrize("action", ["return_chosen", "decline_chosen"])
def test_reason_is_asked_for(organiser, summit, action):
    guest = scene.make_delegate(summit.observers, "Gast", state="submitted")
    page = choose(organiser, action, [guest])

    again = send(organiser, page, reason=" ")

    assert again.context["form"].errors.keys() == {"reason"}
    assert state_of(guest) == "submitted"
    send(organiser, again, reason="The name is missing.")
    assert state_of(guest) == {"return_chosen": "returned", "decline_chosen": "declined"}[action]
    assert guest.changes.get().reason == "The name is missing."


def test_page_of_one_delegate_leads_to_its_decisions(organiser, summit, newcomers):
    page = organiser.get(reverse("admin:registrations_delegate_change", args=[newcomers[0].pk])).content.decode()

    address = f"{reverse(DECIDE)}?to=returned&delegate={newcomers[0].pk}"
    assert address.replace("&", "&amp;") in page
    assert "to=declined" not in page  # governments name their own
    send(organiser, organiser.get(address), reason="The function is missing.")
    assert state_of(newcomers[0]) == "returned"


@pytest.mark.parametrize("query", ["", "?to=accredited", "?to=nonsense&delegate=1", "?to=accredited&delegate=x"])
def test_page_without_a_decision_or_delegates_is_not_there(organiser, query):
    assert organiser.get(reverse(DECIDE) + query).status_code == 404


def test_tampered_states_are_not_there(organiser, newcomers):
    for seen in ("1:nonsense", "x:submitted", ""):
        assert organiser.post(reverse(DECIDE), {"to": "accredited", "seen": [seen]}).status_code == 404


def test_of_two_organisers_one_decides(organiser, newcomers):
    """Both pages were opened before either was sent."""
    page = choose(organiser, "accredit_chosen", newcomers)
    other = choose(organiser, "return_chosen", newcomers[:1])
    send(organiser, page)

    late = send(organiser, other, reason="Too late")

    words = late.content.decode()
    assert "Sampuli: somebody else decided meanwhile." in words
    assert state_of(newcomers[0]) == "accredited"
    assert newcomers[0].changes.count() == 1
    assert not Email.objects.filter(subject__startswith="Your entry is to be mended").exists()


def test_list_of_those_who_wait_begins_with_the_longest(organiser, summit):
    waiting = [scene.make_delegate(summit.ghana, f"Waits {n}", state="submitted") for n in range(3)]
    for days, delegate in enumerate(waiting):
        Delegate.objects.filter(pk=delegate.pk).update(submitted_at=NOW - days * 24 * scene.HOUR)

    page = organiser.get(reverse(LIST), {"state__exact": "submitted"})

    assert [one.pk for one in page.context["cl"].result_list] == [one.pk for one in reversed(waiting)]


def test_list_of_delegations_says_what_each_lacks(organiser, summit):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)
    type(summit.kenya).objects.filter(pk=summit.kenya.pk).update(letter_follows=True)
    for state in ("submitted", "declined", "withdrawn"):
        scene.make_delegate(summit.kenya, state.capitalize(), state=state)
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=NOW)
    here = reverse("admin:registrations_delegation_changelist")

    page = organiser.get(here, {"q": "Kenya", "forum__id__exact": summit.forum.pk}).content.decode()

    cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td class=\"field-.*?</td>", page)]
    assert cells == ["Member State", "2 of 3", "To follow", "Yes", "–"]
    for lacking in ("letter=missing", "head=none"):
        found = organiser.get(f"{here}?{lacking}&forum__id__exact={summit.forum.pk}").context["cl"].result_list
        assert [str(delegation) for delegation in found] == ["Ghana"]


def test_missing_letters_are_found(organiser, summit):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)
    type(summit.kenya).objects.filter(pk=summit.kenya.pk).update(letter_follows=True)

    page = organiser.get(reverse(LIST), {"letter": "missing"})

    assert [one.pk for one in page.context["cl"].result_list] == [summit.kofi.pk, summit.stranger.pk]


def mails():
    return {(row.to[0], row.subject) for row in Email.objects.all()}


def test_accounts_and_focal_points_are_told_once_of_many_decisions(summit, newcomers):
    look_after(summit.kenya)

    services.decide_each(
        delegates=newcomers, to=Delegate.State.RETURNED, by=None, now=NOW, reason="The functions are missing."
    )

    assert mails() == {
        ("focal@example.org", "Entries to mend: Kenya"),
        ("sampuli@example.org", "Your entry is to be mended: delegation of Kenya"),
    }
    to_focal_point = Email.objects.get(to="focal@example.org")
    assert "Mgeni" in to_focal_point.message
    assert "The functions are missing." in to_focal_point.message
    assert reverse("registrations:delegation") in to_focal_point.message


def test_focal_point_of_two_delegations_is_told_once(summit, newcomers):
    look_after(summit.kenya)
    look_after(summit.ghana)
    guest = scene.make_delegate(summit.ghana, "Hoho", state="submitted")

    services.decide_each(delegates=[*newcomers, guest], to=Delegate.State.ACCREDITED, by=None, now=NOW)

    assert ("focal@example.org", "Delegates are accredited: Kenya, Ghana") in mails()
    assert Email.objects.filter(to="focal@example.org").count() == 1


def test_focal_point_who_is_a_delegate_is_told_once(summit, newcomers):
    look_after(summit.kenya, "sampuli@example.org")

    services.decide_each(delegates=newcomers, to=Delegate.State.ACCREDITED, by=None, now=NOW)

    assert mails() == {("sampuli@example.org", "Delegates are accredited: Kenya")}


def test_declined_are_told_why(summit):
    guest = scene.make_delegate(summit.observers, "Gast", state="submitted", email="gast@example.org")

    services.decide(delegate=guest, to=Delegate.State.DECLINED, by=None, now=NOW, reason="The list was closed.")

    mail = Email.objects.get()
    assert mail.subject == "Your accreditation was declined: delegation of Iom"
    assert "The list was closed." in mail.message


def test_withdrawal_is_told_to_the_delegate_alone(summit, newcomers):
    look_after(summit.kenya)

    services.decide_each(delegates=newcomers, to=Delegate.State.WITHDRAWN, by=None, now=NOW)

    assert [row.to for row in Email.objects.all()] == [["sampuli@example.org"]]


def test_refusals_stop_none_of_the_others(summit, newcomers):
    guest = scene.make_delegate(summit.observers, "Gast", state="submitted")

    decided = services.decide_each(
        delegates=[newcomers[0], guest], to=Delegate.State.DECLINED, by=None, now=NOW, reason="Closed"
    )

    assert [one.pk for one in decided.done] == [guest.pk]
    assert [(one.pk, "governments name their own" in str(why)) for one, why in decided.refused] == [
        (newcomers[0].pk, True)
    ]


def test_list_is_accepted_as_it_was_seen(summit, newcomers):
    elsewhere = scene.make_delegate(summit.ghana, "Hoho", state="submitted")

    decided = services.accept_list(delegation=summit.kenya, delegates=[newcomers[0], elsewhere], by=None, now=NOW)

    assert [one.pk for one in decided.done] == [newcomers[0].pk]
    assert [state_of(one) for one in [*newcomers, elsewhere]] == ["accredited", "submitted", "submitted"]


def test_list_without_its_letter_is_not_accepted(summit, newcomers):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)
    summit.kenya.category.refresh_from_db()

    with pytest.raises(RegistrationRefused, match="The note verbale or letter of Kenya is not here yet"):
        services.accept_list(delegation=summit.kenya, delegates=newcomers, by=None, now=NOW)

    summit.kenya.letter_follows = True
    summit.kenya.save()
    newcomers = Delegate.objects.filter(pk__in=[one.pk for one in newcomers])
    assert len(services.accept_list(delegation=summit.kenya, delegates=newcomers, by=None, now=NOW).done) == 2


def put_letter(delegation, content=b"%PDF-1.7 a note", media_type="application/pdf"):
    return Letter.objects.create(
        delegation=delegation, file=ContentFile(content, "note"), name="note verbale.pdf", media_type=media_type,
        uploaded_at=NOW,
    )  # fmt: skip


def test_list_is_accepted_on_a_page_that_shows_it(organiser, summit, newcomers):
    put_letter(summit.kenya)
    address = reverse("admin:registrations_delegation_accept", args=[summit.kenya.pk])
    page = organiser.get(address)
    late = scene.make_delegate(summit.kenya, "Late", state="submitted")

    answer = organiser.post(address, {"seen": page.context["form"]["seen"].value()}, follow=True).content.decode()

    assert "note verbale.pdf" in page.content.decode()
    assert "2 delegates are accredited." in answer
    assert [state_of(one) for one in [*newcomers, late]] == ["accredited", "accredited", "submitted"]


def test_list_without_its_letter_is_refused_on_the_page(organiser, summit, newcomers):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)
    address = reverse("admin:registrations_delegation_accept", args=[summit.kenya.pk])
    seen = organiser.get(address).context["form"]["seen"].value()

    answer = organiser.post(address, {"seen": seen}, follow=True).content.decode()

    assert "The note verbale or letter of Kenya is not here yet" in answer
    assert organiser.post(address, {"seen": ["nonsense"]}).status_code == 404


def test_page_of_a_delegation_shows_letters_delegates_and_places(organiser, summit, django_assert_max_num_queries):
    address = reverse("admin:registrations_delegation_change", args=[summit.kenya.pk])
    letter = put_letter(summit.kenya)
    services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=NOW)
    organiser.get(address)
    with django_assert_max_num_queries(100) as few:
        page = organiser.get(address).content.decode()

    assert reverse("admin:registrations_delegation_letter", args=[letter.uuid]) in page
    assert ("Mfano" in page, "Kielezo" in page, "At the table" in page) == (True, True, True)

    for number in range(6):
        delegate = scene.make_delegate(summit.kenya, f"Specimen {number}")
        services.grant_exception(
            seating=summit.a, delegate=delegate, place="table", authorised_by="Chair", authorised_at=NOW,
            reason="Speaks", by=User.objects.get(email="organiser@example.org"), now=NOW,
        )  # fmt: skip
    put_letter(summit.kenya)
    with django_assert_max_num_queries(len(few)):
        organiser.get(address)


@pytest.mark.parametrize(
    ("media_type", "shown"),
    [("application/pdf", True), ("image/png", True), ("image/jpeg", True), ("text/html", False)],
)
def test_letter_is_shown_in_place_and_can_do_nothing(organiser, summit, media_type, shown):
    letter = put_letter(summit.kenya, b"%PDF-1.7 <script>alert(1)</script>", media_type)

    answer = organiser.get(reverse("admin:registrations_delegation_letter", args=[letter.uuid]))

    assert answer["Content-Disposition"].split(";")[0] == ("inline" if shown else "attachment")
    assert answer["Content-Type"] == (media_type if shown else "application/octet-stream")
    assert answer["X-Content-Type-Options"] == "nosniff"
    sandbox = "" if media_type == "application/pdf" else "; sandbox"  # in which Chromium would show no PDF
    assert answer["Content-Security-Policy"] == f"default-src 'none'{sandbox}"
    assert "no-store" in answer["Cache-Control"]


def test_letter_is_for_those_who_may_see_it(client, summit):
    letter = put_letter(summit.kenya)
    user = User.objects.create_user("staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_delegation"))
    client.force_login(user)

    page = client.get(reverse("admin:registrations_delegation_change", args=[summit.kenya.pk])).content.decode()

    assert "note verbale.pdf" not in page
    assert client.get(reverse("admin:registrations_delegation_letter", args=[letter.uuid])).status_code == 403
    assert client.get(reverse("admin:registrations_delegation_accept", args=[summit.kenya.pk])).status_code == 403


# At the desk

DESK = "admin:registrations_delegate_on_the_spot"


def test_newcomer_is_accredited_on_the_spot(organiser, summit):
    typed = {"delegation": summit.kenya.pk, "family_name": "Ghafla", "function": "Adviser", "has_temporary_pass": "on"}

    answer = organiser.post(reverse(DESK), typed, follow=True)

    delegate = Delegate.objects.get(person__family_name="Ghafla")
    assert "Ghafla is accredited." in answer.content.decode()
    assert (delegate.state, delegate.has_temporary_pass, delegate.function) == ("accredited", True, "Adviser")
    assert [(one.new, one.by.email) for one in delegate.changes.all()] == [
        ("submitted", "organiser@example.org"),
        ("accredited", "organiser@example.org"),
    ]


def test_known_person_joins_a_second_delegation_on_the_spot(organiser, summit):
    organiser.post(reverse(DESK), {"delegation": summit.ghana.pk, "person": summit.wanjiru.person_id})

    delegate = Delegate.objects.get(person=summit.wanjiru.person, delegation=summit.ghana)
    assert (delegate.state, delegate.has_temporary_pass) == ("accredited", False)


def test_entry_that_waits_is_accredited_on_the_spot(organiser, summit, newcomers):
    organiser.post(reverse(DESK), {"delegation": summit.kenya.pk, "person": newcomers[1].person_id})

    assert state_of(newcomers[1]) == "accredited"
    assert Delegate.objects.filter(person=newcomers[1].person).count() == 1


def test_desk_says_what_is_lacking(organiser, summit):
    neither = organiser.post(reverse(DESK), {"delegation": summit.kenya.pk})
    both = {"delegation": summit.kenya.pk, "person": summit.kofi.person_id, "family_name": "Ghafla"}
    elsewhere = organiser.post(reverse(DESK), {"delegation": summit.stranger.delegation_id, "family_name": "Ghafla"})

    assert neither.context["form"].errors.keys() == {"family_name"}
    assert organiser.post(reverse(DESK), both).context["form"].errors.keys() == {"family_name"}
    assert elsewhere.context["form"].errors.keys() == {"delegation"}
    again = organiser.post(reverse(DESK), {"delegation": summit.kenya.pk, "person": summit.wanjiru.person_id})
    assert "is “Accredited” already." in again.content.decode()


def test_nobody_is_entered_where_a_letter_is_owed(organiser, summit):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)

    page = organiser.post(reverse(DESK), {"delegation": summit.kenya.pk, "family_name": "Ghafla"}).content.decode()

    assert "is not here yet" in page
    assert not Person.objects.filter(family_name="Ghafla").exists()


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "red").save(out, "PNG")
    return SimpleUploadedFile("face.png", out.getvalue())


def change(client, delegate, **typed):
    rows = {"changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0}
    address = reverse("admin:registrations_delegate_change", args=[delegate.pk])
    return client.post(address, {"position": 1, **rows, **typed}, follow=True)


def test_photograph_is_put_in_on_the_page_of_the_delegate(organiser, summit):
    change(organiser, summit.wanjiru, photograph=picture())

    person = Person.objects.get(pk=summit.wanjiru.person_id)
    with person.photograph.open() as file:
        assert file.read(3) == b"\xff\xd8\xff"  # a JPEG of our own making
    page = organiser.get(reverse("admin:registrations_delegate_change", args=[summit.wanjiru.pk])).content.decode()
    assert reverse("registrations:photograph", args=[person.uuid]) in page
    history = organiser.get(reverse("admin:registrations_delegate_history", args=[summit.wanjiru.pk]))
    assert "Photograph" in history.content.decode()


def test_what_is_no_picture_is_refused(organiser, summit):
    page = change(organiser, summit.wanjiru, photograph=SimpleUploadedFile("face.png", b"%PDF-1.7")).content.decode()

    assert "A photograph is a picture" in page
    assert not Person.objects.get(pk=summit.wanjiru.person_id).photograph


def test_needs_are_read_with_the_right_to_them_only(client, summit):
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(needs="Step-free way")
    user = User.objects.create_user("desk@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_delegate", "change_delegate"]))
    client.force_login(user)
    address = reverse("admin:registrations_delegate_change", args=[summit.wanjiru.pk])

    assert "Step-free way" not in client.get(address).content.decode()
    user.user_permissions.add(Permission.objects.get(codename="read_needs"))
    assert "Step-free way" in client.get(address).content.decode()
