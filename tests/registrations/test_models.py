"""The database keeps what the services promise, whichever way the rows are written."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from registrations.models import Delegate, Delegation, DelegationHead, FocalPoint, Registration, Seating
from tests.registrations import scene


def row(seating, delegate, *, place="table", **fields):
    return Registration(
        **{
            "seating": seating,
            "delegation": delegate.delegation,
            "delegate": delegate,
            "person": delegate.person,
            "period": (scene.TEN, scene.TEN + scene.HOUR),
            "place": place,
            "status": "confirmed",
            "requested_at": scene.NOW,
            "confirmed_at": scene.NOW,
            **fields,
        }
    )


def refused(save, constraint):
    """The constraint that the database names is the one meant."""

    def save_and_check():
        with transaction.atomic(), connection.cursor() as cursor:
            save()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError) as caught:
        save_and_check()
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_seats_are_never_oversold(summit):
    uganda = scene.make_delegate(scene.make_delegation(summit.forum, "uganda"), "Amina")
    row(summit.a, summit.wanjiru).save()
    row(summit.a, summit.kofi).save()

    refused(row(summit.a, uganda).save, "seating_is_never_oversold")


def test_free_seats_are_counted_by_the_database(summit, django_assert_num_queries):
    row(summit.a, summit.wanjiru).save()
    row(summit.a, summit.kofi).save()

    with django_assert_num_queries(1) as asked:
        free = summit.a.free_seats()

    assert free == {"table": 0, "behind": 1, "observer": 0}
    assert "GROUP BY" in asked.captured_queries[0]["sql"]


def test_quota_is_never_passed(summit):
    row(summit.a, summit.wanjiru).save()

    refused(row(summit.a, summit.kamau).save, "delegation_keeps_its_quota")


def test_promotion_by_hand_is_counted_as_well(summit):
    row(summit.a, summit.wanjiru).save()
    waits = row(summit.a, summit.kamau, status="waitlisted", place="", confirmed_at=None)
    waits.save()

    update = Registration.objects.filter(pk=waits.pk).update
    refused(lambda: update(status="confirmed", place="table", confirmed_at=scene.NOW), "delegation_keeps_its_quota")


def test_seats_cannot_be_lowered_below_what_is_confirmed(summit):
    row(summit.a, summit.wanjiru).save()
    row(summit.a, summit.kofi).save()

    refused(lambda: Seating.objects.filter(pk=summit.a.pk).update(table_seats=1), "seating_is_never_oversold")
    refused(lambda: Seating.objects.filter(pk=summit.a.pk).update(held_back=1), "seating_is_never_oversold")
    summit.a.table_seats = 1
    with pytest.raises(ValidationError, match="More places are confirmed than would be left"):
        summit.a.full_clean()


def test_person_is_in_one_place_at_a_time(summit):
    row(summit.a, summit.wanjiru).save()
    second = row(summit.b, summit.wanjiru)

    with pytest.raises(ValidationError, match="This person holds another place at this hour"):
        second.full_clean()
    refused(second.save, "person_is_in_one_place_at_a_time")


def test_overlap_that_organisers_accepted_is_let_through(summit):
    row(summit.a, summit.wanjiru).save()
    row(summit.b, summit.wanjiru, overlap="accepted").save()

    assert Registration.objects.confirmed().count() == 2


def test_delegate_has_one_active_registration_in_a_session(summit):
    row(summit.a, summit.wanjiru).save()
    again = row(summit.a, summit.wanjiru, place="behind", period=None)

    with pytest.raises(ValidationError, match="holds a place here, or waits for one"):
        again.full_clean()
    refused(again.save, "registration_one_active")


def test_released_registration_makes_room_for_another(summit):
    row(summit.a, summit.wanjiru, status="released", released_at=scene.NOW).save()
    row(summit.a, summit.wanjiru).save()

    assert Registration.objects.active().count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "waitlisted"},
        {"confirmed_at": None},
        {"place": ""},
        {"status": "released"},
        {"released_at": scene.NOW},
    ],
)
def test_status_and_times_agree(summit, fields):
    refused(row(summit.a, summit.wanjiru, **fields).save, "registration_status_has_its_times")


def test_person_of_a_registration_is_that_of_its_delegate(summit):
    refused(row(summit.a, summit.wanjiru, person=summit.kofi.person).save, "registration_repeats_its_delegate")
    refused(row(summit.a, summit.wanjiru, delegation=summit.ghana).save, "registration_repeats_its_delegate")
    refused(row(summit.a, summit.wanjiru, person=None).save, "registration_person_is_the_delegates")


def test_registration_is_within_one_forum(summit):
    refused(row(summit.a, summit.stranger).save, "registration_is_in_one_forum")


def test_party_has_one_delegation_at_a_forum(summit):
    second = Delegation(forum=summit.forum, party=summit.kenya.party, category=summit.kenya.category)

    with pytest.raises(ValidationError, match="has a delegation at this forum"):
        second.full_clean()
    refused(second.save, "delegation_once_per_forum")


def test_delegation_has_one_head_at_a_time(summit):
    half = scene.TEN + scene.HOUR
    DelegationHead.objects.create(delegation=summit.kenya, delegate=summit.wanjiru, period=(None, half))
    DelegationHead.objects.create(delegation=summit.kenya, delegate=summit.kamau, period=(half, None))
    third = DelegationHead(delegation=summit.kenya, delegate=summit.kamau, period=(scene.TEN, None))

    with pytest.raises(ValidationError, match="another head in this time"):
        third.full_clean()
    refused(third.save, "delegation_has_one_head_at_a_time")


def test_head_is_of_the_delegation(summit):
    head = DelegationHead(delegation=summit.kenya, delegate=summit.kofi, period=(None, None))

    with pytest.raises(ValidationError, match="must be a delegate of this delegation"):
        head.full_clean()
    refused(head.save, "head_is_of_the_delegation")


@pytest.mark.parametrize("state", Delegate.State.values)
def test_state_of_a_delegate_has_its_time(summit, state):
    delegates = Delegate.objects.filter(pk=summit.wanjiru.pk)
    delegates.update(**{"state": state, "accredited_at": None, f"{state}_at": scene.NOW})

    refused(lambda: delegates.update(**{f"{state}_at": None}), f"delegate_{state}_at")


def test_delegate_and_focal_point_are_members_once(summit):
    FocalPoint.objects.create(delegation=summit.kenya, user=summit.wanjiru.person.user)
    refused(
        FocalPoint(delegation=summit.kenya, user=summit.wanjiru.person.user).save,
        "focal_point_once",
    )
    refused(Delegate(person=summit.wanjiru.person, delegation=summit.kenya).save, "delegate_once")


def test_seating_holds_back_no_more_than_it_has(summit):
    summit.a.held_back = 3
    with pytest.raises(ValidationError, match="More seats are held back"):
        summit.a.full_clean()
    refused(summit.a.save, "seating_holds_back_what_it_has")


def test_seating_closes_after_it_opens(summit):
    summit.a.opens_at, summit.a.closes_at = scene.NOW, scene.NOW
    with pytest.raises(ValidationError, match="closes before it opens"):
        summit.a.full_clean()
    refused(summit.a.save, "seating_closes_after_it_opens")


def test_needs_are_unreadable_in_the_database(summit):
    summit.wanjiru.needs = "Step-free way"
    summit.wanjiru.save()

    with connection.cursor() as cursor:
        cursor.execute("SELECT needs FROM registrations_delegate WHERE id = %s", [summit.wanjiru.pk])
        [stored] = cursor.fetchone()
    assert "Step" not in stored
    assert Delegate.objects.get(pk=summit.wanjiru.pk).needs == "Step-free way"


def test_registration_keys_differ_and_cannot_be_guessed(summit):
    keys = {delegation.registration_key for delegation in Delegation.objects.all()}

    assert len(keys) == Delegation.objects.count()
    assert {len(key) for key in keys} == {23}
