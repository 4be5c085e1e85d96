"""Two entries of one human being: found, looked at side by side, joined or kept as two."""

import random

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from people.models import Person, User
from registrations import duplicates, services
from registrations.models import (
    AccreditationChange,
    Delegate,
    DelegationHead,
    DistinctPersons,
    ErasureRequest,
    FocalPoint,
    Invitation,
    Registration,
)
from registrations.services import RegistrationRefused
from schedule.models import Role
from tests.registrations import scene

NOW = scene.NOW
LIST = "admin:registrations_delegate_duplicates"
PAIR = "admin:registrations_delegate_pair"


@pytest.fixture
def by(summit):
    return User.objects.create_superuser("organiser@example.org")


@pytest.fixture
def organiser(client, by):
    client.force_login(by)
    return client


def join(keep, drop, by):
    return services.same_person(keep=keep.person, drop=drop.person, by=by, now=NOW)


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=NOW)


def again(row):
    return type(row).objects.get(pk=row.pk)


def names(forum):
    return [(str(pair.first), str(pair.second)) for pair in duplicates.pairs(forum)]


def rename(delegate, **fields):
    Person.objects.filter(pk=delegate.person_id).update(**fields)


# Found


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ({"given_name": "Wanjiru", "family_name": "Mfano"}, {"given_name": "Wanjiru", "family_name": "Mfanno"}, True),
        ({"given_name": "Wanjiru", "family_name": "Mfano"}, {"given_name": "Mfano", "family_name": "Wanjiru"}, True),
        ({"given_name": "Wanjiru", "family_name": "Mfano"}, {"given_name": "Kamau", "family_name": "Mfano"}, False),
        (
            {"family_name": "Alpha", "arabic_name": "وانجيرو مفانو"},
            {"family_name": "Beta", "arabic_name": "وانجيرو مفانوو"},
            True,
        ),
        ({"family_name": "Alpha", "arabic_name": ""}, {"family_name": "Beta", "arabic_name": ""}, False),
    ],
)
def test_like_names_are_found_in_either_script(summit, one, other, like):
    rename(summit.wanjiru, **one)
    rename(summit.kofi, **other)

    assert [(pair.like_names, pair.same_address) for pair in duplicates.pairs(summit.forum)] == [(True, False)] * like


def test_names_are_alike_as_the_database_counts(db):
    """By their rarest trigrams nobody is missed."""
    dice = random.Random(2018)
    parts = ["wan", "ji", "ru", "mfa", "no", "ka", "mau"]
    names = {pk: " ".join("".join(dice.choices(parts, k=2)) for _word in range(2)) for pk in range(150)}

    with connection.cursor() as cursor:
        cursor.execute(
            "WITH names AS (SELECT * FROM unnest(%s::int[], %s::text[]) AS names (pk, name)) "
            "SELECT a.pk, b.pk FROM names a JOIN names b ON a.pk < b.pk WHERE similarity(a.name, b.name) >= %s",
            [list(names), list(names.values()), duplicates.LIKENESS],
        )
        counted = set(cursor.fetchall())

    assert len(counted) > 10
    assert set(duplicates.alike(names)) == counted


def test_same_addresses_are_found(summit, by):
    EmailAddress.objects.create(user=User.objects.get(email="wanjiru@example.org"), email="Mission@example.org")
    Invitation.objects.create(
        delegation=summit.kenya, email="mission@example.org", delegate=summit.kamau, key_digest="0", invited_at=NOW,
        expires_at=NOW, accepted_at=NOW,
    )  # fmt: skip

    assert [(pair.like_names, pair.same_address) for pair in duplicates.pairs(summit.forum)] == [(False, True)]
    assert names(summit.forum) == [("Mfano", "Kielezo")]


def test_who_left_and_who_is_erased_is_not_looked_for(summit):
    rename(summit.kofi, family_name="Mfano")
    assert names(summit.forum) == [("Mfano", "Mfano")]

    rename(summit.kofi, erased_at=NOW)
    assert names(summit.forum) == []

    rename(summit.kofi, erased_at=None)
    for delegate in (summit.kofi, summit.wanjiru):
        services.decide(delegate=delegate, to=Delegate.State.WITHDRAWN, by=None, now=NOW)
    assert names(summit.forum) == []


def test_two_persons_are_not_asked_about_again(summit, by):
    rename(summit.kofi, family_name="Mfano")

    for _again in range(2):
        services.two_persons(one=summit.kofi.person, other=summit.wanjiru.person, by=by, now=NOW)

    assert names(summit.forum) == []
    assert DistinctPersons.objects.get().decided_by == by


# Joined


def test_memberships_places_and_heads_are_handed_on(summit, by):
    held = register(summit.c, summit.kofi)
    services.name_head(delegate=summit.kofi, starts_at=None, by=None, now=NOW)

    join(summit.wanjiru, summit.kofi, by)

    kofi = again(summit.kofi)
    assert (kofi.person, again(held).person) == (summit.wanjiru.person, summit.wanjiru.person)
    assert DelegationHead.objects.get().delegate == kofi
    assert not Person.objects.filter(pk=summit.kofi.person_id).exists()


@pytest.mark.parametrize(
    ("kept", "extra", "state"),
    [
        ("submitted", "accredited", "accredited"),
        ("accredited", "submitted", "accredited"),
        ("returned", "submitted", "submitted"),
        ("withdrawn", "declined", "declined"),
    ],
)
def test_of_two_memberships_of_one_delegation_the_farther_state_stays(summit, by, kept, extra, state):
    one = scene.make_delegate(summit.kenya, "Sampuli", state=kept)
    other = scene.make_delegate(summit.kenya, "Sampuli", state=extra)
    AccreditationChange.objects.create(delegate=other, new=extra, at=NOW)
    Delegate.objects.filter(pk=other.pk).update(function="Counsellor", has_temporary_pass=True)

    join(one, other, by)

    one = again(one)
    assert (one.state, one.function, one.has_temporary_pass) == (state, "Counsellor", True)
    assert [change.new for change in one.changes.all()] == [extra, state]
    assert one.changes.last().by == by
    assert not Delegate.objects.filter(pk=other.pk).exists()


def test_what_the_second_membership_has_is_of_the_first(summit, by):
    other = scene.make_delegate(summit.kenya, "Mfano", state="submitted")
    held = register(summit.a, summit.wanjiru)
    services.name_head(delegate=other, starts_at=None, by=None, now=NOW)
    places = {"seating": summit.c, "delegation": summit.kenya, "status": "confirmed", "place": "table"}
    reserved = Registration.objects.create(
        **places, requested_at=NOW, confirmed_at=NOW, period=None, reserved_for=other
    )
    invitation = Invitation.objects.create(
        delegation=summit.kenya, email="m@example.org", delegate=other, key_digest="0", invited_at=NOW, expires_at=NOW
    )

    join(summit.wanjiru, other, by)

    wanjiru = again(summit.wanjiru)
    assert again(held).delegate == wanjiru
    assert (again(reserved).delegate, again(reserved).person) == (wanjiru, wanjiru.person)  # accredited: they sit there
    assert DelegationHead.objects.get().delegate == wanjiru
    assert again(invitation).delegate == wanjiru


def test_roles_are_handed_on_unless_they_stand(summit, by):
    session, party = summit.a.session, summit.kenya.party
    common = {"session": session, "party": party}
    Role.objects.create(**common, kind="speaker", person=summit.wanjiru.person)
    Role.objects.create(**common, kind="speaker", person=summit.kofi.person)
    Role.objects.create(**common, kind="moderator", person=summit.kofi.person)

    join(summit.wanjiru, summit.kofi, by)

    roles = Role.objects.filter(session=session).order_by("kind")
    assert [(role.kind, role.person) for role in roles] == [
        ("moderator", summit.wanjiru.person),
        ("speaker", summit.wanjiru.person),
    ]


def test_account_of_the_one_that_goes_is_of_the_one_that_stays(summit, by):
    join(summit.kamau, summit.kofi, by)

    account = User.objects.get(email="kofi@example.org")
    assert (account.person, account.is_active) == (summit.kamau.person, True)


def test_of_two_accounts_one_is_closed(summit, by):
    wanjiru, kofi = (User.objects.get(email=f"{name}@example.org") for name in ("wanjiru", "kofi"))
    FocalPoint.objects.create(user=kofi, delegation=summit.ghana)
    FocalPoint.objects.create(user=kofi, delegation=summit.kenya)
    FocalPoint.objects.create(user=wanjiru, delegation=summit.kenya)

    join(summit.wanjiru, summit.kofi, by)

    wanjiru, kofi = again(wanjiru), again(kofi)
    assert (wanjiru.person, wanjiru.is_active) == (summit.wanjiru.person, True)
    assert (kofi.person, kofi.is_active) == (None, False)
    points = FocalPoint.objects.order_by("delegation").values_list("user", "delegation")
    assert sorted(points) == [(wanjiru.pk, summit.kenya.pk), (wanjiru.pk, summit.ghana.pk)]


def test_account_of_the_administration_stays(summit, by):
    User.objects.filter(email="kofi@example.org").update(is_staff=True)

    join(summit.wanjiru, summit.kofi, by)

    accounts = User.objects.filter(email__in=["wanjiru@example.org", "kofi@example.org"]).order_by("email")
    assert [(user.person, user.is_active) for user in accounts] == [(summit.wanjiru.person, True), (None, False)]


@pytest.mark.parametrize(
    ("one", "other", "listed"),
    [(True, False, False), (False, True, False), (None, False, False), (None, True, True), (None, None, None)],
)
def test_no_to_being_listed_wins(summit, by, one, other, listed):
    rename(summit.wanjiru, may_be_listed=one)
    rename(summit.kofi, may_be_listed=other)

    join(summit.wanjiru, summit.kofi, by)

    assert again(summit.wanjiru.person).may_be_listed is listed


def test_what_is_lacking_comes_from_the_other(summit, by, django_capture_on_commit_callbacks):
    rename(summit.wanjiru, given_name="Wanjiru")
    rename(summit.kofi, given_name="W.", arabic_name="وانجيرو مفانو", protocol_rank=3)
    kofi = again(summit.kofi.person)
    kofi.photograph.save("kofi.jpg", ContentFile(b"a picture"))

    with django_capture_on_commit_callbacks(execute=True):
        join(summit.wanjiru, summit.kofi, by)

    person = again(summit.wanjiru.person)
    assert (person.given_name, person.arabic_name, person.protocol_rank) == ("Wanjiru", "وانجيرو مفانو", 3)
    with person.photograph.open() as file:
        assert file.read() == b"a picture"


def test_photograph_that_is_not_needed_goes(summit, by, django_capture_on_commit_callbacks):
    for delegate in (summit.wanjiru, summit.kofi):
        again(delegate.person).photograph.save("face.jpg", ContentFile(str(delegate.pk).encode()))
    spare = again(summit.kofi.person).photograph

    with django_capture_on_commit_callbacks(execute=True):
        join(summit.wanjiru, summit.kofi, by)

    assert not spare.storage.exists(spare.name)
    assert spare.storage.exists(again(summit.wanjiru.person).photograph.name)


def test_what_was_said_of_third_persons_holds(summit, by):
    services.two_persons(one=summit.kofi.person, other=summit.observer.person, by=by, now=NOW)
    services.two_persons(one=summit.kofi.person, other=summit.wanjiru.person, by=by, now=NOW)
    ErasureRequest.objects.create(person=summit.kofi.person, asked_at=NOW, done_at=NOW)

    join(summit.wanjiru, summit.kofi, by)

    pair = sorted([summit.wanjiru.person_id, summit.observer.person_id])
    assert list(DistinctPersons.objects.values_list("first", "second")) == [tuple(pair)]
    assert ErasureRequest.objects.get().person == summit.wanjiru.person


def test_all_that_leads_to_a_person_or_a_delegate_is_thought_of():
    """A new relation needs its place in services/merging.py."""
    found = {
        f"{relation.related_model.__name__}.{relation.field.name}"
        for model in (Person, Delegate)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }

    assert found == {
        "AccreditationChange.delegate", "Delegate.person", "DelegationHead.delegate", "DistinctPersons.first",
        "DistinctPersons.second", "ErasureRequest.person", "Invitation.delegate", "Registration.delegate",
        "Registration.person", "Registration.reserved_for", "Role.person", "User.person",
        "LetterReference.delegate",  # a number that was given is on record, whoever had it
    }  # fmt: skip


# Refused


def test_places_at_one_hour_are_in_the_way(summit, by):
    register(summit.a, summit.wanjiru)
    register(summit.b, summit.kofi)

    with pytest.raises(RegistrationRefused, match=r"hold places in A \(Kenya\) and in B \(Ghana\)"):
        join(summit.wanjiru, summit.kofi, by)

    assert Person.objects.filter(pk=summit.kofi.person_id).exists()


def test_two_turns_at_one_seating_are_in_the_way(summit, by):
    register(summit.a, summit.wanjiru)
    register(summit.a, summit.kamau)

    with pytest.raises(RegistrationRefused, match=r"Both hold or await a place in A for Kenya"):
        join(summit.wanjiru, summit.kamau, by)


def test_all_reasons_are_told(summit, by):
    ErasureRequest.objects.create(person=summit.kofi.person, asked_at=NOW)
    User.objects.filter(email__in=["wanjiru@example.org", "kofi@example.org"]).update(is_staff=True)

    with pytest.raises(RegistrationRefused) as refusal:
        join(summit.wanjiru, summit.kofi, by)

    assert [str(problem) for problem in refusal.value.problems] == [
        "Mensah asked to be erased. Decide about that request first.",
        "Both have accounts that enter the administration. Close one of them first.",
    ]


def test_joining_twice_is_refused(summit, by):
    join(summit.wanjiru, summit.kofi, by)

    with pytest.raises(RegistrationRefused, match="one person already"):
        join(summit.wanjiru, summit.kofi, by)


# Pages


def test_pairs_are_listed_and_lead_to_both(organiser, summit):
    rename(summit.kofi, family_name="Mfano")

    page = organiser.get(reverse(LIST)).content.decode()

    pair = sorted([summit.wanjiru.person_id, summit.kofi.person_id])
    assert reverse(PAIR, args=pair) in page
    assert ("Kenya" in page, "Ghana" in page) == (True, True)
    chosen = organiser.get(reverse("admin:registrations_delegate_changelist"), {"duplicate": "yes"})
    assert sorted(one.person_id for one in chosen.context["cl"].result_list) == pair


def test_many_pairs_take_the_same_queries(organiser, summit, django_assert_max_num_queries):
    rename(summit.kofi, family_name="Mfano")
    organiser.get(reverse(LIST))
    with django_assert_max_num_queries(100) as few:
        organiser.get(reverse(LIST))
    for _more in range(5):
        scene.make_delegate(summit.ghana, "Mfano")

    with django_assert_max_num_queries(len(few)):
        page = organiser.get(reverse(LIST))

    assert page.context["page"].paginator.count == 21


def pair(summit):
    return reverse(PAIR, args=[summit.wanjiru.person_id, summit.kofi.person_id])


def test_both_stand_side_by_side_and_are_joined(organiser, summit):
    register(summit.c, summit.kofi)
    again(summit.wanjiru.person).photograph.save("face.jpg", ContentFile(b"a picture"))

    page = organiser.get(pair(summit)).content.decode()
    answer = organiser.post(pair(summit), {"same": "1", "keep": summit.wanjiru.person_id}, follow=True).content.decode()

    for shown in ("Mfano", "Mensah", "Kenya", "Ghana", "wanjiru@example.org", "kofi@example.org", "<img", ">C<"):
        assert shown in page, shown
    assert "Mfano is one person now." in answer
    assert again(summit.kofi).person == summit.wanjiru.person
    assert organiser.get(pair(summit)).status_code == 404


def test_refusal_stands_on_the_page(organiser, summit):
    register(summit.a, summit.wanjiru)
    register(summit.b, summit.kofi)

    page = organiser.post(pair(summit), {"same": "1", "keep": summit.kofi.person_id})

    assert page.status_code == 200
    assert "At one hour they hold places" in page.content.decode()


def test_two_persons_are_told_apart_on_the_page(organiser, summit):
    organiser.post(pair(summit), {"two": "1"})

    assert DistinctPersons.objects.count() == 1


def test_nothing_else_is_answered(organiser, summit):
    assert organiser.post(pair(summit), {"same": "1", "keep": summit.observer.person_id}).status_code == 404
    assert organiser.post(pair(summit), {"same": "1"}).status_code == 404
    assert organiser.get(reverse(PAIR, args=[summit.kofi.person_id] * 2)).status_code == 404
    assert Person.objects.filter(pk=summit.kofi.person_id).exists()
