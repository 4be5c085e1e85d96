"""A person is taken out on request: places go on, the name goes, counts and issued papers stay."""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import translation
from post_office.models import STATUS, Email

from documents.models import Document
from people.mail import carries_key, deliver_next
from people.models import Person, User
from programme import releases
from programme.draft import draft
from registrations import services
from registrations.models import (
    Delegate,
    DelegationCategory,
    DelegationHead,
    ErasureRequest,
    FocalPoint,
    Invitation,
    Registration,
)
from registrations.services import RegistrationRefused
from registrations.services.erasing import ask_erasure, erase, objections, take_back_erasure
from registrations.services.invitations import invite
from schedule.models import Role
from tests.registrations import scene
from tests.registrations.conftest import make_summit
from tests.registrations.test_races import at_once


def account(email="wanjiru@example.org") -> User:
    return User.objects.get(email=email)


def ask(email="wanjiru@example.org") -> ErasureRequest:
    return ask_erasure(user=account(email), now=scene.NOW)


def carry_out(delegate: Delegate) -> Person:
    request = ErasureRequest.objects.create(person=delegate.person, asked_at=scene.NOW)
    erase(request=request, by=None, now=scene.NOW)
    return Person.objects.get(pk=delegate.person_id)


def rows_with(words: str) -> list[str]:
    """Tables in which any column of any row holds these words."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def text(response) -> str:
    return " ".join(response.content.decode().split())


# -- asking


def test_asking_twice_is_asking_once(summit):
    assert ask() == ask()


def test_request_can_be_taken_back(summit):
    ask()

    take_back_erasure(user=account())

    assert not ErasureRequest.objects.exists()
    assert account().person == summit.wanjiru.person


def test_account_without_a_person_can_ask_and_think_again(summit):
    user = User.objects.create_user("nobody@example.org")
    request = ask_erasure(user=user, now=scene.NOW)
    assert str(request.person) == "nobody@example.org"
    persons = Person.objects.count()

    take_back_erasure(user=account("nobody@example.org"))

    assert account("nobody@example.org").person is None
    assert Person.objects.count() == persons - 1


def test_account_without_a_person_is_erased(summit):
    User.objects.create_user("nobody@example.org")

    erase(request=ask("nobody@example.org"), by=None, now=scene.NOW)

    assert rows_with("nobody") == []


# -- places


def test_place_goes_to_the_next_in_line(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    waits = services.register(seating=summit.a, delegate=summit.kofi, by=None, now=scene.NOW)

    carry_out(summit.wanjiru)

    waits.refresh_from_db()
    assert waits.status == "confirmed"
    told = Email.objects.filter(message__contains="A place has become free").get()
    assert told.to == ["kofi@example.org"]


def test_kept_place_stays_with_the_delegation(summit):
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True)
    place = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)

    carry_out(summit.wanjiru)

    place.refresh_from_db()
    assert (place.status, place.delegate, place.person) == ("confirmed", None, None)


def test_waiting_lists_are_left(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    services.register(seating=summit.a, delegate=summit.kofi, by=None, now=scene.NOW)
    waits = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)

    carry_out(summit.wanjiru)

    waits.refresh_from_db()
    assert waits.status == "released"


def test_what_was_attended_stays_counted(summit):
    place = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    Registration.objects.filter(pk=place.pk).update(attended_at=scene.TEN)

    person = carry_out(summit.wanjiru)

    place.refresh_from_db()
    assert (place.status, place.attended_at, place.person) == ("confirmed", scene.TEN, person)


def test_places_at_a_forum_that_is_over_stay_as_they_were(summit):
    Delegate.objects.filter(pk=summit.stranger.pk).update(person=summit.wanjiru.person)
    there = scene.seat(scene.make_session(summit.other_forum, "past"))
    scene.publish(summit.other_forum)
    member = Delegate.objects.get(pk=summit.stranger.pk)
    place = services.register(seating=there, delegate=member, by=None, now=scene.NOW)
    type(summit.other_forum).objects.filter(pk=summit.other_forum.pk).update(
        starts_on="2017-06-28", ends_on="2017-06-30"
    )

    carry_out(summit.wanjiru)

    place.refresh_from_db()
    member.refresh_from_db()
    assert (place.status, place.delegate, member.state) == ("confirmed", member, "accredited")


def test_delegation_is_left_and_headed_no_longer(summit):
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=scene.NOW)

    carry_out(summit.wanjiru)

    summit.wanjiru.refresh_from_db()
    head = DelegationHead.objects.get(delegation=summit.kenya)
    assert (summit.wanjiru.state, head.delegate, head.period.upper) == ("withdrawn", summit.wanjiru, scene.NOW)


# -- the name


def test_no_row_of_any_table_holds_what_was_erased(full):
    full.wanjiru.person.arabic_name, full.wanjiru.person.given_name = "وانجيرو", "Wanjirú"
    full.wanjiru.person.save()
    EmailAddress.objects.create(user=account(), email="second@example.net", verified=True)
    EmailMessage("For you, Mfano", "Dear Mfano", to=["Second@example.net"]).send()
    for row in (full.wanjiru, full.wanjiru.person, account()):
        LogEntry.objects.create(
            user=account("organiser@example.org"), content_type=ContentType.objects.get_for_model(type(row)),
            object_id=row.pk, object_repr=str(row), action_flag=CHANGE,
        )  # fmt: skip
    for words in ("Mfano", "wanjiru", "وانجيرو", "second@example", "Adviser of wanj", "Ill: wanj"):
        assert rows_with(words) != []

    erase(request=ask(), by=account("organiser@example.org"), now=scene.NOW)

    for words in ("Mfano", "wanjir", "وانجيرو", "second@example", "Adviser of wanj", "Ill: wanj"):
        assert rows_with(words) == []
    assert set(rows_with("Mensah")) >= {"people_person", "documents_document"}
    assert Delegate.objects.get(pk=full.wanjiru.pk).needs == ""
    assert Delegate.objects.get(pk=full.kofi.pk).needs != ""


def test_role_in_the_log_of_the_administration_is_blanked(summit):
    said = '[{"changed": {"name": "role", "object": "Moderator: Mfano", "fields": ["person"]}}]'
    LogEntry.objects.create(
        user=account(), content_type=ContentType.objects.get_for_model(Role), object_id="1", object_repr="A",
        action_flag=CHANGE, change_message=said,
    )  # fmt: skip

    carry_out(summit.wanjiru)

    assert LogEntry.objects.get().change_message == ""


@pytest.mark.parametrize(("language", "words"), [("en", "Name withheld"), ("fr", "Nom non communiqué")])
def test_name_is_withheld_in_words_of_the_reader(summit, language, words):
    person = carry_out(summit.wanjiru)

    with translation.override(language):
        assert str(person) == words
    assert person.erased_at == scene.NOW


def test_photograph_and_personal_prints_are_deleted_from_storage(full, django_capture_on_commit_callbacks):
    [pack] = Document.objects.filter(audience=full.wanjiru.uuid)
    file = default_storage.save("documents/pack.pdf", ContentFile(b"%PDF"))
    Document.objects.filter(pk=pack.pk).update(
        state="ready", file=file, size=4, pages=1, sha256="x", finished_at=scene.NOW
    )
    photograph = Person.objects.get(pk=full.wanjiru.person_id).photograph.name
    assert default_storage.exists(photograph)

    with django_capture_on_commit_callbacks(execute=True):
        erase(request=ask(), by=None, now=scene.NOW)

    assert not default_storage.exists(photograph)
    assert not default_storage.exists(file)
    assert [document.audience for document in Document.objects.all()] == [full.kofi.uuid]
    assert default_storage.exists(Person.objects.get(pk=full.kofi.person_id).photograph.name)


def test_mail_that_was_not_sent_never_is(summit, settings, tmp_path):
    EmailMessage("For you", "Dear Mfano", to=["wanjiru@example.org"]).send()

    carry_out(summit.wanjiru)

    assert not deliver_next()
    assert set(Email.objects.values_list("status", "message")) == {(STATUS.failed, "(erased)")}


def test_mails_to_others_that_name_the_person_lose_their_text(summit):
    for words in ("Mfano is accredited", "Kielezo is accredited"):
        EmailMessage("Your delegates", words, to=["focal@example.org"]).send()
    Email.objects.update(status=STATUS.sent)
    EmailMessage("Soon", "Mfano is accredited", to=["focal@example.org"]).send()

    carry_out(summit.wanjiru)

    told = Email.objects.filter(subject="Your delegates").order_by("pk")
    assert [mail.message for mail in told] == ["(erased)", "Kielezo is accredited"]
    assert [mail.to for mail in told] == [["focal@example.org"]] * 2
    assert carries_key(Email.objects.get(subject="Soon"))  # is sent, then blanked


def test_invitations_are_withdrawn(full):
    erase(request=ask(), by=None, now=scene.NOW)

    [invitation] = Invitation.objects.filter(delegation=full.kenya)
    assert (invitation.email, invitation.withdrawn_at) == ("", scene.NOW)
    assert Invitation.objects.pending().get().email == "kofi@example.org"


@pytest.mark.parametrize("to", ["submitted", "accredited"])
def test_who_was_erased_does_not_come_back(summit, to):
    carry_out(summit.wanjiru)

    with pytest.raises(RegistrationRefused, match="does not come back"):
        services.decide(
            delegate=Delegate.objects.get(pk=summit.wanjiru.pk), to=Delegate.State(to), by=None, now=scene.NOW
        )


def test_no_page_says_the_name_any_more(client, full):
    """Those on which persons stand, to an organiser who looks after the delegation, too."""
    organiser = User.objects.create_superuser("all@example.com")
    FocalPoint.objects.create(user=organiser, delegation=full.kenya)
    client.force_login(organiser)
    delegate, admin = full.wanjiru, "/admin/registrations/"
    pages = [
        f"/en/delegation/{full.kenya.uuid}/",
        f"/en/delegation/delegates/{delegate.uuid}/",
        f"{admin}delegate/",
        f"{admin}delegate/{delegate.pk}/change/",
        f"{admin}delegation/{full.kenya.pk}/change/",
        f"{admin}registration/",
        f"{admin}erasurerequest/",
        f"/admin/people/person/{delegate.person_id}/change/",
        "/admin/people/user/",
        "/admin/documents/document/",
        "/admin/post_office/email/",
    ]
    Registration.objects.filter(person=delegate.person).update(attended_at=scene.TEN)
    request = ask()
    assert all("Mfano" in text(client.get(page)) for page in pages[:7])

    erase(request=request, by=organiser, now=scene.NOW)

    answers = {page: client.get(page) for page in pages}
    assert {page for page, answer in answers.items() if "Mfano" in text(answer)} == set()
    assert {page for page, answer in answers.items() if answer.status_code != 200} == set()
    assert all("Name withheld" in text(answers[page]) for page in pages[:8])


def test_request_is_carried_out_from_its_own_page(client, summit):
    client.force_login(User.objects.create_superuser("all@example.com"))
    request = ask()
    admin = "/admin/registrations/erasurerequest/"
    page = client.get(f"{admin}{request.pk}/change/").content.decode()
    assert f'formaction="{admin}"' in page
    assert 'name="_save"' not in page

    asked = client.post(admin, {"action": "carry_out", "_selected_action": request.pk})
    assert "Erase for good" in text(asked)
    client.post(admin, {"action": "carry_out", "_selected_action": request.pk, "confirmed": "1"})

    assert "formaction" not in client.get(f"{admin}{request.pk}/change/").content.decode()
    request.refresh_from_db()
    assert request.done_at is not None


def test_address_of_one_who_was_only_invited_goes_too(summit):
    """But not the mails of the account at an address that several share."""
    EmailMessage("For Kofi", "Dear Kofi", to=["kofi@example.org"]).send()
    for email in ("kamau@example.net", "kofi@example.org"):
        invite(
            delegation=summit.kenya, email=email, purpose=Invitation.Purpose.DELEGATE, language="en",
            delegate=summit.kamau, by=account(), now=scene.NOW,
        )  # fmt: skip
    assert set(rows_with("kamau@example.net")) == {"post_office_email", "registrations_invitation"}

    carry_out(summit.kamau)

    assert rows_with("kamau@example.net") == []
    to_be_blanked = Email.objects.filter(message__contains="Kielezo")
    assert [(mail.to, carries_key(mail)) for mail in to_be_blanked] == [(["kofi@example.org"], True)]
    assert Email.objects.get(subject="For Kofi").message == "Dear Kofi"


# -- the account


def test_account_is_closed(wanjiru_client, summit):
    FocalPoint.objects.create(user=account(), delegation=summit.kenya)
    assert wanjiru_client.get("/en/my/data/").status_code == 200

    carry_out(summit.wanjiru)

    assert wanjiru_client.get("/en/my/data/").status_code == 302
    user = User.objects.get(person=summit.wanjiru.person)
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert user.email == f"erased-{user.pk}@erased.invalid"
    assert not FocalPoint.objects.exists()
    User.objects.create_user("wanjiru@example.org")  # the address is free


# -- what stands in the way


def test_part_in_the_draft_stands_in_the_way(summit):
    Role.objects.create(session=summit.a.session, kind="moderator", person=summit.wanjiru.person)

    with pytest.raises(RegistrationRefused, match="Mfano has a part in the programme: A"):
        carry_out(summit.wanjiru)

    assert str(Person.objects.get(pk=summit.wanjiru.person_id)) == "Mfano"


def test_part_in_what_readers_see_stands_in_the_way(summit):
    role = Role.objects.create(session=summit.a.session, kind="moderator", person=summit.wanjiru.person)
    scene.publish(summit.forum)
    releases.shelf.clear()
    role.delete()
    assert [problem.code for problem in objections(summit.wanjiru.person, scene.NOW)] == ["in_programme"]

    scene.publish(summit.forum)
    releases.shelf.clear()

    assert objections(summit.wanjiru.person, scene.NOW) == []


def test_part_in_a_forum_that_is_over_stands_in_no_way_and_is_said_no_more(summit):
    session = summit.stranger.delegation.forum.sessions.first()
    Role.objects.create(session=session, kind="moderator", person=summit.wanjiru.person)
    type(summit.forum).objects.filter(pk=session.forum_id).update(starts_on="2017-06-28", ends_on="2017-06-30")

    carry_out(summit.wanjiru)

    [node] = [one for one in draft(type(summit.forum).objects.get(pk=session.forum_id)).sessions if one.roles]
    assert [role.person for role in node.roles] == [None]


def test_accounts_of_the_administration_are_not_erased(summit):
    User.objects.filter(email="wanjiru@example.org").update(is_staff=True)

    with pytest.raises(RegistrationRefused, match="may enter the administration"):
        carry_out(summit.wanjiru)


def test_second_time_is_refused_and_changes_nothing(summit):
    request = ask()
    erase(request=request, by=None, now=scene.NOW)

    with pytest.raises(RegistrationRefused, match="carried out already"):
        erase(request=request, by=None, now=scene.TEN)

    assert ErasureRequest.objects.get().done_at == scene.NOW


# -- pages


def test_page_says_what_is_given_up_and_asks(wanjiru_client, summit):
    services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    assert "Ask for erasure" in text(wanjiru_client.get("/en/my/data/"))
    assert "you give up 1 place or turn on a waiting list" in text(wanjiru_client.get("/en/my/data/erasure/"))

    page = text(wanjiru_client.post("/en/my/data/erasure/", follow=True))

    assert "Your request is with the organisers." in page
    assert ErasureRequest.objects.get().asked_by == account()
    assert Registration.objects.confirmed().count() == 1


def test_page_takes_the_request_back(wanjiru_client, summit):
    ask()

    page = text(wanjiru_client.post("/en/my/data/erasure/", {"take_back": "1"}, follow=True))

    assert "Your request is taken back." in page
    assert not ErasureRequest.objects.exists()


# -- administration


@pytest.fixture
def organiser_client(client, summit):
    user = User.objects.create_user("organiser@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name="organiser"))
    client.force_login(user)
    return client


LIST = "/admin/registrations/erasurerequest/"


def test_organiser_sees_what_goes_then_carries_it_out(organiser_client, summit):
    services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=scene.NOW)
    chosen = {"action": "carry_out", "_selected_action": [ask().pk]}
    assert "Mfano" in text(organiser_client.get(LIST))

    page = text(organiser_client.post(LIST, chosen))
    assert "Leaves the delegation of Kenya, with 1 place or turn on a waiting list." in page
    assert "It has no head from then on" in page
    assert str(Person.objects.get(pk=summit.wanjiru.person_id)) == "Mfano"

    page = text(organiser_client.post(LIST, {**chosen, "confirmed": "1"}, follow=True))
    assert "1 person is erased." in page
    assert "Name withheld" in page
    assert "Mfano" not in page


def test_organiser_is_told_what_stands_in_the_way(organiser_client, summit):
    Role.objects.create(session=summit.a.session, kind="moderator", person=summit.wanjiru.person)
    chosen = {"action": "carry_out", "_selected_action": [ask().pk, ask("kofi@example.org").pk]}
    assert "Not possible yet: " in text(organiser_client.post(LIST, chosen))

    page = text(organiser_client.post(LIST, {**chosen, "confirmed": "1"}, follow=True))

    assert "has a part in the programme: A." in page
    assert "1 person is erased." in page
    assert ErasureRequest.objects.get(done_at=None).person == summit.wanjiru.person


def test_organiser_enters_a_request_that_came_by_letter(organiser_client, summit):
    organiser_client.post(f"{LIST}add/", {"person": summit.kamau.person_id})

    assert ErasureRequest.objects.get().asked_by.email == "organiser@example.com"


def test_staff_cannot_carry_out_anything(client, summit):
    user = User.objects.create_user("staff@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name="staff"))
    client.force_login(user)

    response = client.post(LIST, {"action": "carry_out", "_selected_action": [ask().pk], "confirmed": "1"})

    assert response.status_code == 403
    assert ErasureRequest.objects.get().done_at is None


def test_nobody_gives_an_erased_person_a_name_again(organiser_client, summit):
    person = carry_out(summit.wanjiru)

    organiser_client.post(f"/admin/people/person/{person.pk}/change/", {"family_name": "MFANO"})
    organiser_client.post(f"/admin/registrations/delegate/{summit.wanjiru.pk}/change/", {"function": "MFANO"})

    assert rows_with("MFANO") == []


# -- at the same moment


@pytest.mark.django_db(transaction=True)
def test_erased_once_and_out_of_every_place_whatever_happens_at_the_same_moment(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    summit = make_summit()
    request = ask()
    waits = [
        services.register(seating=summit.a, delegate=delegate, by=None, now=scene.NOW)
        for delegate in (summit.kamau, summit.wanjiru, summit.kofi, summit.observer)
    ][-1]

    results = at_once(
        [
            *[lambda: erase(request=request, by=None, now=scene.NOW)] * 3,
            *[
                lambda seating=seating: services.register(
                    seating=seating, delegate=summit.wanjiru, by=None, now=scene.NOW
                )
                for seating in (summit.a, summit.c) * 2
            ],
        ]
    )

    erased = [result for result in results if isinstance(result, ErasureRequest)]
    others = [result for result in results if not isinstance(result, (ErasureRequest, Registration))]
    assert len(erased) == 1
    assert {type(result) for result in others} == {RegistrationRefused}
    assert not Registration.objects.active().filter(person=summit.wanjiru.person).exists()
    waits.refresh_from_db()
    assert waits.status == "confirmed"
    assert rows_with("Mfano") == []
