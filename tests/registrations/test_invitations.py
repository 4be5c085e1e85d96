"""An invitation by e-mail works once, for whoever holds its key, and tells nobody else anything."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from people.mail import KEY_HEADER, deliver_next
from people.models import Person, User
from registrations import services
from registrations.models import Delegate, DelegationCategory, FocalPoint, Invitation
from registrations.models.nominations import digest_of
from registrations.services import Profile, RegistrationRefused
from tests.registrations import scene
from tests.registrations.conftest import make_summit
from tests.registrations.test_emails import LANGUAGES, check, outbox
from tests.registrations.test_races import at_once

KEY = re.compile(r"/invitations/([\w-]{43})/")
DELEGATE, FOCAL_POINT = Invitation.Purpose.DELEGATE, Invitation.Purpose.FOCAL_POINT
INVALID = "This invitation is not valid, or no longer. Ask whoever invited you for a new one."
USED = "This invitation has been accepted already. Sign in with the account that accepted it."
NEW = {"honorific": "Ms.", "given_name": "Amina", "family_name": "SPECIMEN", "function": "Adviser", "agreed": "on"}
ACCOUNT = {"email": "amina@example.org", "password1": "a-long-and-good-one-7", "password2": "a-long-and-good-one-7"}


def invite(delegation, email="amina@example.org", *, purpose=DELEGATE, now=scene.NOW, language="en", delegate=None):
    """The invitation, and the key that only its mail has."""
    invitation = services.invite(
        delegation=delegation, email=email, purpose=purpose, language=language, delegate=delegate, by=None, now=now
    )
    return invitation, KEY.search(Email.objects.latest("pk").message)[1]


def now_invited(delegation, **fields):
    return invite(delegation, now=timezone.now(), **fields)


def accept(key, user, profile=None, now=scene.NOW):
    return services.accept_invitation(key=key, user=user, profile=profile, now=now)


def account(email="amina@example.org", **fields):
    user = User.objects.create_user(email, "a-long-and-good-one-7", **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def address(key):
    return reverse("registrations:invitation", kwargs={"key": key})


def text(response):
    return " ".join(response.content.decode().split())


def refusal(service, *args, **kwargs):
    with pytest.raises(RegistrationRefused) as found:
        service(*args, **kwargs)
    return str(found.value)


@pytest.fixture
def focal(client, summit):
    """Kenya's focal point, signed in."""
    user = account("focal@example.org")
    FocalPoint.objects.create(delegation=summit.kenya, user=user)
    client.force_login(user)
    return user


def page_of(delegation):
    return reverse("registrations:delegation-invitations", kwargs={"uuid": delegation.uuid})


# The services


def test_only_the_mail_has_the_key_and_is_blanked_once_sent(summit, settings):
    settings.DEMO = False
    invitation, key = invite(summit.kenya, "Amina@Example.org ")

    assert invitation.email == "amina@example.org"
    assert invitation.key_digest == digest_of(key)
    assert invitation.expires_at - invitation.invited_at == timedelta(days=14)
    row = Email.objects.get()
    assert row.to == ["amina@example.org"]
    assert row.headers == {KEY_HEADER: "1"}
    assert deliver_next()
    row.refresh_from_db()
    assert key not in row.message + row.html_message


def test_inviting_again_renews_the_key(summit):
    first, old = invite(summit.kenya)
    again, key = invite(summit.kenya, "AMINA@example.org", now=scene.NOW + timedelta(days=20))

    assert again.pk == first.pk
    assert refusal(services.find_invitation, key=old, now=again.invited_at) == INVALID
    assert services.find_invitation(key=key, now=again.invited_at) == first


def test_entries_are_invited_by_one_address_each_with_a_key(summit):
    """That of a mission, which hands the letters on."""
    late = scene.make_delegate(summit.kenya, "Late")
    first, key = invite(summit.kenya, delegate=summit.kamau)
    second, other = invite(summit.kenya, delegate=late)

    again, renewed = invite(summit.kenya, delegate=late)

    assert first.pk != second.pk == again.pk
    assert refusal(services.find_invitation, key=other, now=scene.NOW) == INVALID
    found = [services.find_invitation(key=one, now=scene.NOW).delegate for one in (key, renewed)]
    assert found == [summit.kamau, late]


def test_accepting_enrols_once(summit):
    _invitation, key = invite(summit.kenya)
    user = account()

    accepted = accept(key, user, Profile(family_name="SPECIMEN", function="Adviser"))

    delegate = Delegate.objects.get(person__user=user)
    assert (delegate.delegation, delegate.state, delegate.function) == (summit.kenya, "submitted", "Adviser")
    user.refresh_from_db()
    assert user.privacy_version == summit.forum.privacy_version
    accepted.refresh_from_db()
    assert (accepted.accepted_by, accepted.accepted_at) == (user, scene.NOW)
    assert refusal(accept, key, account("second@example.org"), Profile(family_name="Second")) == USED


def test_accepting_makes_a_focal_point(summit):
    _invitation, key = invite(summit.kenya, purpose=FOCAL_POINT)
    user = account()

    accept(key, user)

    assert FocalPoint.objects.get().user == user
    assert not Delegate.objects.filter(person__user=user).exists()


def test_accepting_takes_over_the_entry_it_names(summit):
    _invitation, key = invite(summit.kenya, delegate=summit.kamau)
    user = account()

    accept(key, user)

    user.refresh_from_db()
    assert user.person == summit.kamau.person
    assert summit.kenya.delegates.count() == 2


def test_an_entry_is_not_taken_over_by_somebody_else(summit):
    _invitation, key = invite(summit.kenya, delegate=summit.kamau)
    kofi = User.objects.get(email="kofi@example.org")

    assert "belongs to another person" in refusal(accept, key, kofi)
    assert Invitation.objects.pending().count() == 1
    Delegate.objects.filter(pk=summit.kamau.pk).update(state="withdrawn", withdrawn_at=scene.NOW, accredited_at=None)
    assert refusal(accept, key, account()) == INVALID


def test_who_was_withdrawn_comes_back_by_invitation(summit):
    services.decide(delegate=summit.wanjiru, to=Delegate.State.WITHDRAWN, by=None, now=scene.NOW)
    _invitation, key = invite(summit.kenya, "wanjiru@example.org")

    accept(key, User.objects.get(email="wanjiru@example.org"))

    summit.wanjiru.refresh_from_db()
    assert summit.wanjiru.state == "submitted"


def test_who_is_there_already_is_not_invited(summit):
    FocalPoint.objects.create(delegation=summit.kenya, user=account())

    assert "is a delegate of Kenya already" in refusal(invite, summit.kenya, "Wanjiru@example.org")
    assert "is a focal point of Kenya already" in refusal(invite, summit.kenya, purpose=FOCAL_POINT)
    assert "has an account already" in refusal(invite, summit.kenya, delegate=summit.wanjiru)
    assert not Invitation.objects.exists()


def test_a_full_delegation_invites_nobody_more(summit):
    DelegationCategory.objects.filter(code="member-state").update(size=3)
    summit.kenya.category.refresh_from_db()
    invite(summit.kenya, "one@example.org")

    assert "may have 3 delegates; 2 are entered and 1 invited." in refusal(invite, summit.kenya, "two@example.org")
    invite(summit.kenya, "one@example.org")


def test_keys_that_open_nothing_answer_alike(summit):
    withdrawn, key = invite(summit.kenya)
    services.withdraw_invitation(invitation=withdrawn, now=scene.NOW)
    _expired, late = invite(summit.ghana)
    user = account()

    sentences = {
        refusal(accept, key, user),
        refusal(accept, late, user, now=scene.NOW + timedelta(days=14)),
        refusal(accept, "x" * 43, user),
        refusal(accept, "", user),
    }

    assert sentences == {INVALID}
    assert "meanwhile" in refusal(services.withdraw_invitation, invitation=withdrawn, now=scene.NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_accept_at_once_one_does(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    summit = make_summit()
    users = [account(f"n{n}@example.org") for n in range(6)]
    _invitation, key = invite(summit.kenya)

    results = at_once(lambda user=user: accept(key, user, Profile(family_name=user.email)) for user in users)

    [accepted] = [one for one in results if isinstance(one, Invitation)]
    assert [str(one) for one in results if one is not accepted] == [USED] * 5
    assert summit.kenya.delegates.count() == 3
    assert Person.objects.filter(family_name__contains="@").count() == 1


@pytest.mark.django_db(transaction=True)
def test_inviting_and_withdrawing_at_once_leave_one_or_none(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    summit = make_summit()
    invitation, key = invite(summit.kenya)
    user = account()

    results = at_once(
        [
            lambda: services.withdraw_invitation(invitation=invitation, now=scene.NOW),
            lambda: accept(key, user, Profile(family_name="Specimen")),
            *[lambda: invite(summit.kenya)] * 4,
        ]
    )

    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, RegistrationRefused)] == []
    assert Invitation.objects.pending().count() <= 1
    assert Invitation.objects.filter(accepted_at__isnull=False).count() == summit.kenya.delegates.count() - 2


# The mails


@pytest.mark.parametrize("purpose", Invitation.Purpose)
@pytest.mark.parametrize("language", LANGUAGES)
def test_invitations_speak_the_language_chosen(published, marrakesh, now, language, purpose):
    delegation = scene.make_delegation(marrakesh, "KEN")

    services.invite(delegation=delegation, email="a@example.org", purpose=purpose, language=language, by=None, now=now)

    (message,) = outbox()
    check(message, language)


def test_who_has_an_account_is_written_to_in_its_language(summit):
    account(language="fr")

    invite(summit.kenya, language="es")

    assert "/fr/invitations/" in Email.objects.get().message


# The page of the invited


def test_a_stranger_makes_an_account_with_the_address_confirmed_and_is_in(client, summit):
    _invitation, key = now_invited(summit.kenya)

    page = text(client.get(address(key)))
    response = client.post(address(key), {**ACCOUNT, **NEW}, follow=True)

    assert "You are invited to the delegation of Kenya" in page
    assert 'value="amina@example.org"' in page
    assert response.redirect_chain == [("/en/my/", 302)]
    assert "You have joined." in text(response)
    user = User.objects.get(email="amina@example.org")
    assert EmailAddress.objects.get(user=user).verified
    assert user.person.memberships.get().delegation == summit.kenya
    assert "account_verified_email" not in {name for name, value in client.session.items() if value}
    assert len(Email.objects.all()) == 1  # nothing to confirm


def test_who_takes_over_an_accredited_entry_is_not_told_to_wait(client, summit):
    _invitation, key = now_invited(summit.kenya, delegate=summit.kamau)
    Delegate.objects.filter(pk=summit.kamau.pk).update(state=Delegate.State.ACCREDITED)

    response = client.post(address(key), {**ACCOUNT, "agreed": "on"}, follow=True)

    assert "You have joined, and are accredited already." in text(response)


def test_another_address_is_confirmed_first(client, summit):
    invitation, key = now_invited(summit.kenya)

    response = client.post(address(key), {**ACCOUNT, **NEW, "email": "other@example.org"})

    assert response.url == reverse("account_email_verification_sent")
    assert not EmailAddress.objects.get(email="other@example.org").verified
    invitation.refresh_from_db()
    assert invitation.accepted_by.email == "other@example.org"


def test_nobody_learns_whether_an_address_has_an_account(client, summit):
    account("known@example.org")
    _invitation, key = now_invited(summit.kenya)
    _known, of_known = now_invited(summit.kenya, email="known@example.org")
    pages = [re.sub(r"known@|amina@|[\w-]{43,}", "", text(client.get(address(one)))) for one in (key, of_known)]

    known = client.post(address(key), {**ACCOUNT, **NEW, "email": "known@example.org"})
    unknown = client.post(address(of_known), {**ACCOUNT, **NEW, "email": "unknown@example.org"})

    assert pages[0] == pages[1]
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Invitation.objects.pending().count() == 1
    assert not User.objects.get(email="known@example.org").person_id


def test_who_is_signed_in_accepts_with_one_button(client, summit):
    _invitation, key = now_invited(summit.ghana)
    user = User.objects.get(email="wanjiru@example.org")
    User.objects.filter(pk=user.pk).update(privacy_version=summit.forum.privacy_version, privacy_agreed_at=scene.NOW)
    client.force_login(user)

    page = client.get(address(key))
    response = client.post(address(key))

    assert list(page.context["form"].fields) == []
    assert response.url == "/en/my/"
    assert user.person.memberships.filter(delegation=summit.ghana).exists()
    again = client.post(address(key))
    assert again.status_code == 404
    assert USED in text(again)


def test_an_account_without_a_person_says_who_it_is(client, summit):
    _invitation, key = now_invited(summit.kenya)
    client.force_login(account())

    refused = client.post(address(key), {"agreed": "on"})
    client.post(address(key), NEW)

    assert "family_name" in refused.context["form"].errors
    assert Delegate.objects.get(person__user__email="amina@example.org").person.family_name == "SPECIMEN"


def test_a_focal_point_only_agrees_to_the_notice(client, summit):
    _invitation, key = now_invited(summit.kenya, purpose=FOCAL_POINT)
    client.force_login(account())

    refused = client.post(address(key))
    response = client.post(address(key), {"agreed": "on"}, follow=True)

    assert list(refused.context["form"].fields) == ["agreed"]
    assert response.status_code == 200
    assert "You are now a focal point of this delegation." in text(response)


def test_a_delegation_that_filled_up_meanwhile_says_so_on_the_page(client, summit):
    _invitation, key = now_invited(summit.kenya)
    DelegationCategory.objects.filter(code="member-state").update(size=2)

    response = client.post(address(key), {**ACCOUNT, **NEW})

    assert "may have 2 delegates" in text(response)
    assert not User.objects.filter(email="amina@example.org").exists()
    assert not client.session.get("account_verified_email")


def test_pages_of_keys_that_open_nothing_are_alike(client, summit):
    withdrawn, key = now_invited(summit.kenya)
    services.withdraw_invitation(invitation=withdrawn, now=scene.NOW)
    _expired, late = invite(summit.ghana)

    pages = {re.sub(r"[\w-]{43}", "", text(client.get(address(one)))) for one in (key, late, "x" * 43)}

    assert len(pages) == 1
    assert INVALID in pages.pop()


def test_keys_are_not_tried_without_end(client, summit):
    _invitation, key = now_invited(summit.kenya)

    answers = [client.get(address(f"{n:043}")).status_code for n in range(21)]

    assert answers == [404] * 20 + [429]
    assert client.get(address(key)).status_code == 429
    assert client.get(address(key), REMOTE_ADDR="192.0.2.7").status_code == 200


# The page of the focal point


def test_focal_point_invites_several_at_once(client, focal, summit):
    emails = "One@example.org, two@example.org;\n<three@example.org> one@example.org"

    response = client.post(page_of(summit.kenya), {"emails": emails, "language": "fr"}, follow=True)

    assert "3 invitations are sent." in text(response)
    assert sorted(Invitation.objects.values_list("email", "language", "invited_by")) == [
        (f"{name}@example.org", "fr", focal.pk) for name in ("one", "three", "two")
    ]


@pytest.mark.parametrize(
    ("emails", "sentence"),
    [
        ("one@example.org, nobody", "Not an e-mail address: nobody."),
        ("\n".join(f"n{n}@example.org" for n in range(21)), "These are more than 20 addresses."),
        ("one@example.org wanjiru@example.org", "wanjiru@example.org is a delegate of Kenya already."),
    ],
)
def test_all_are_invited_or_none(client, focal, summit, emails, sentence):
    response = client.post(page_of(summit.kenya), {"emails": emails, "language": "en"})

    assert sentence in text(response)
    assert not Invitation.objects.exists()
    assert not Email.objects.exists()


def test_focal_point_invites_for_an_entry(client, focal, summit):
    data = {"emails": "a@example.org b@example.org", "language": "en", "delegate": str(summit.kamau.uuid)}

    entry = client.get(reverse("registrations:delegate", args=[summit.kamau.uuid]))
    link = f"{page_of(summit.kenya)}?delegate={summit.kamau.uuid}"
    assert link in text(entry)
    assert f'<option value="{summit.kamau.uuid}" selected>' in text(client.get(link))
    has_account = client.get(reverse("registrations:delegate", args=[summit.wanjiru.uuid]))
    assert "?delegate=" not in text(has_account).replace("/head/?delegate=", "")
    assert "one address only" in text(client.post(page_of(summit.kenya), data))
    client.post(page_of(summit.kenya), {**data, "emails": "a@example.org"})
    assert Invitation.objects.get().delegate == summit.kamau
    foreign = client.post(page_of(summit.kenya), {**data, "emails": "b@", "delegate": str(summit.kofi.uuid)})
    assert "delegate" in foreign.context["form"].errors


def test_focal_point_sees_what_became_of_them(client, focal, summit):
    expired, _key = invite(summit.kenya, "late@example.org")
    accepted, key = now_invited(summit.kenya, email="here@example.org")
    pending, _key = now_invited(summit.kenya)
    _elsewhere, _key = now_invited(summit.ghana, email="ghana@example.org")
    accept(key, account("other@example.org"), Profile(family_name="Other"), timezone.now())

    response = client.get(page_of(summit.kenya))

    assert [row.invitation for row in response.context["sent"]] == [pending, expired, accepted]
    page = text(response)
    assert "other@example.org" in page
    assert "ghana@example.org" not in page


def test_focal_point_sends_again_and_withdraws(client, focal, summit):
    invitation, old = now_invited(summit.kenya)
    names = {"uuid": summit.kenya.uuid, "invitation": invitation.uuid}
    again, withdraw = (reverse(f"registrations:invitation-{verb}", kwargs=names) for verb in ("again", "withdraw"))

    assert "Sent again to amina@example.org." in text(client.post(again, follow=True))
    assert client.get(address(old)).status_code == 404
    assert client.get(again).status_code == 405
    assert "Withdraw the invitation?" in text(client.get(withdraw))
    assert Invitation.objects.pending().exists()
    assert "is withdrawn." in text(client.post(withdraw, follow=True))
    assert not Invitation.objects.pending().exists()
    assert client.post(again).status_code == client.get(withdraw).status_code == 404


def test_another_focal_point_finds_nothing(client, focal, summit):
    invitation, _key = now_invited(summit.ghana)
    of_focal_point, _key = now_invited(summit.kenya, purpose=FOCAL_POINT)
    for delegation, row in (
        (summit.ghana, invitation), (summit.kenya, invitation), (summit.stranger.delegation, invitation),
        (summit.kenya, of_focal_point),
    ):  # fmt: skip
        names = {"uuid": delegation.uuid, "invitation": row.uuid}
        for verb in ("again", "withdraw"):
            assert client.post(reverse(f"registrations:invitation-{verb}", kwargs=names)).status_code == 404
    for delegation in (summit.ghana, summit.stranger.delegation):
        assert client.get(page_of(delegation)).status_code == 404
        assert client.post(page_of(delegation), {"emails": "a@example.org", "language": "en"}).status_code == 404
    assert Invitation.objects.pending().count() == 2


def test_the_page_costs_the_same_for_one_and_for_many(client, focal, summit, asked_once):
    def queries():
        client.get(page_of(summit.kenya))  # the current release is asked for now, not later
        with CaptureQueriesContext(connection) as found:
            client.get(page_of(summit.kenya))
        return len(found)

    now_invited(summit.kenya)
    one = queries()
    for n in range(12):
        delegate = scene.make_delegate(summit.kenya, f"Specimen {n}")
        _invitation, key = now_invited(summit.kenya, email=f"n{n}@example.org", delegate=delegate)
        if n % 2:
            accept(key, account(f"n{n}@example.org"), now=timezone.now())

    assert queries() == one


# The administration


@pytest.fixture
def organiser(client, summit):
    user = User.objects.create_superuser("organiser@example.org")
    client.force_login(user)
    return user


def test_organiser_invites_a_focal_point(client, organiser, summit):
    delegation = reverse("admin:registrations_delegation_change", args=[summit.kenya.pk])
    add = reverse("admin:registrations_invitation_add")

    assert f'href="{add}?delegation={summit.kenya.pk}"' in text(client.get(delegation))
    assert "Invite a focal point" in text(client.get(f"{add}?delegation={summit.kenya.pk}"))
    data = {"delegation": summit.kenya.pk, "email": "amina@example.org", "language": "fr"}
    client.post(add, data)
    client.post(add, data)

    invitation = Invitation.objects.get()
    assert (invitation.purpose, invitation.language, invitation.invited_by) == ("focal_point", "fr", organiser)
    assert Email.objects.count() == 2
    assert "amina@example.org" in text(client.get(delegation))


def test_organiser_is_told_who_is_a_focal_point_already(client, organiser, summit):
    FocalPoint.objects.create(delegation=summit.kenya, user=account())
    add = reverse("admin:registrations_invitation_add")

    data = {"delegation": summit.kenya.pk, "email": "amina@example.org", "language": "en"}
    response = client.post(add, data, follow=True)

    assert "is a focal point of Kenya already." in text(response)


def test_organiser_sends_again_and_withdraws(client, organiser, summit):
    invitation, old = invite(summit.kenya)
    changelist = reverse("admin:registrations_invitation_changelist")

    for action, sentence in (
        ("send_again", "1 invitation is sent."),
        ("withdraw_chosen", "1 invitation is withdrawn."),
    ):
        data = {"action": action, "_selected_action": [invitation.pk]}
        assert sentence in text(client.post(changelist, data, follow=True))
    assert client.get(reverse("admin:registrations_invitation_change", args=[invitation.pk])).status_code == 200
    assert refusal(services.find_invitation, key=old, now=scene.NOW) == INVALID
    invitation.refresh_from_db()
    assert invitation.withdrawn_at
