"""Who sits where changes: swapped, vacated, promoted by hand, replaced; heads in turn."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from post_office.models import Email

from people.models import User
from registrations import services
from registrations.models import (
    Delegate,
    DelegationCategory,
    DelegationHead,
    Registration,
    SeatException,
    Seating,
    SeatingShare,
)
from registrations.services import Profile, RegistrationRefused
from schedule.models import Role
from tests.registrations import scene

NOW = scene.NOW


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=NOW)


def one_seat(seating):
    seating.table_seats, seating.behind_seats = 1, 0
    seating.save()


@pytest.fixture
def organiser(db):
    return User.objects.create_user("organiser@example.org")


def test_swap_takes_the_new_place_and_gives_up_the_old(summit):
    one_seat(summit.a)
    old = register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)

    new = services.swap(registration=old, seating=summit.b, by=None, now=NOW)

    old.refresh_from_db()
    waits.refresh_from_db()
    assert (old.status, new.status, waits.status) == ("released", "confirmed", "confirmed")


def test_swap_keeps_the_old_place_where_the_new_one_is_full(summit):
    one_seat(summit.b)
    register(summit.b, summit.kofi)
    old = register(summit.a, summit.wanjiru)
    mails = Email.objects.count()

    with pytest.raises(RegistrationRefused, match=r"No place is free in B\. You keep the one you have\."):
        services.swap(registration=old, seating=summit.b, by=None, now=NOW)

    old.refresh_from_db()
    assert old.status == "confirmed"
    assert Registration.objects.filter(seating=summit.b).count() == 1
    assert Email.objects.count() == mails


def test_vacated_place_stays_with_the_delegation(summit):
    held = register(summit.a, summit.wanjiru)

    services.vacate(registration=held, by=None, now=NOW)

    held.refresh_from_db()
    assert (held.status, held.delegate, held.delegation) == ("confirmed", None, summit.kenya)


def test_named_place_takes_the_delegate_off_the_waiting_list(summit):
    one_seat(summit.a)
    held = register(summit.a, summit.wanjiru)
    summit.a.behind_seats = 0
    DelegationCategory.objects.filter(code="member-state").update(table_places=2)
    waits = register(summit.a, summit.kamau)
    services.vacate(registration=held, by=None, now=NOW)

    services.name(registration=held, delegate=summit.kamau, by=None, now=NOW)

    held.refresh_from_db()
    waits.refresh_from_db()
    assert (held.delegate, waits.status) == (summit.kamau, "released")


def test_promotion_by_hand_uses_a_seat_held_back(summit, organiser):
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=2, behind_seats=0, held_back=1)
    register(summit.a, summit.wanjiru)
    register(summit.a, scene.make_delegate(scene.make_delegation(summit.forum, "uganda"), "First"))
    waits = register(summit.a, summit.kofi)

    services.promote(registration=waits, by=organiser, now=NOW)

    waits.refresh_from_db()
    assert (waits.status, waits.place) == ("confirmed", "table")
    assert Seating.objects.get(pk=summit.a.pk).held_back == 0


def test_promotion_by_hand_never_goes_past_the_seats(summit, organiser):
    one_seat(summit.a)
    register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)

    with pytest.raises(RegistrationRefused, match=r"All places that Ghana may have here are taken\."):
        services.promote(registration=waits, by=organiser, now=NOW)


def test_who_waits_is_not_told_that_the_place_is_in_use(summit, organiser):
    """A seat is held back, but not of the kind that the delegation may have."""
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=1, behind_seats=1, held_back=1)
    register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.observer)

    with pytest.raises(RegistrationRefused, match=r"All places that Iom may have here are taken\."):
        services.promote(registration=waits, by=organiser, now=NOW)


def test_replacement_stands_where_the_delegate_stood(summit):
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=NOW)
    held = register(summit.a, summit.wanjiru)
    role = Role.objects.create(
        session=summit.a.session, kind="co_chair", party=summit.kenya.party, person=summit.wanjiru.person
    )

    standing = services.standing(summit.wanjiru, NOW)
    successor = services.replace(
        delegate=summit.wanjiru, profile=Profile(family_name="Mrithi", function="Minister"), by=None, now=NOW
    )

    assert ([place.pk for place in standing.places], [one.pk for one in standing.roles]) == ([held.pk], [role.pk])
    assert (len(standing.heads), standing.has_badge) == (1, True)
    held.refresh_from_db()
    role.refresh_from_db()
    assert (held.delegate, held.reserved_for) == (None, successor)
    assert role.person == successor.person
    assert [head.delegate for head in DelegationHead.objects.order_by("period")] == [summit.wanjiru, successor]
    assert Delegate.objects.get(pk=summit.wanjiru.pk).state == "withdrawn"

    services.accredit(delegate=successor, by=None, now=NOW)
    held.refresh_from_db()
    assert (held.delegate, held.reserved_for) == (successor, None)


def test_reserved_place_is_for_nobody_else(summit):
    held = register(summit.a, summit.wanjiru)
    Seating.objects.filter(pk=summit.a.pk).update(behind_seats=0)
    services.replace(delegate=summit.wanjiru, profile=Profile(family_name="Mrithi"), by=None, now=NOW)

    with pytest.raises(RegistrationRefused) as refusal:
        register(Seating.objects.get(pk=summit.a.pk), summit.kamau)

    held.refresh_from_db()
    assert refusal.value.problems[0].code == "at_quota"
    assert held.reserved_for is not None


def test_heads_follow_one_another(summit):
    later = scene.TEN + timedelta(hours=5)

    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=NOW)
    services.name_head(delegate=summit.kamau, starts_at=later, by=None, now=NOW)

    first, second = DelegationHead.objects.order_by("period")
    assert (first.delegate, first.period.lower, first.period.upper) == (summit.wanjiru, None, later)
    assert (second.delegate, second.period.lower, second.period.upper) == (summit.kamau, later, None)


def test_head_named_again_takes_the_place_of_the_first(summit):
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=NOW)

    services.name_head(delegate=summit.kamau, starts_at=None, by=None, now=NOW)

    assert DelegationHead.objects.get().delegate == summit.kamau


def test_who_withdraws_heads_no_longer(summit):
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=NOW)

    services.decide(delegate=summit.wanjiru, to=Delegate.State.WITHDRAWN, by=None, now=NOW)

    assert DelegationHead.objects.get().period.upper == NOW


def test_delegation_is_no_larger_than_its_category_allows(summit):
    DelegationCategory.objects.filter(code="member-state").update(size=3)
    kenya = type(summit.kenya).objects.get(pk=summit.kenya.pk)
    members = Delegate.objects.present().filter(delegation=kenya).count()
    profiles = [Profile(family_name=f"Specimen {number}") for number in range(4 - members)]

    with pytest.raises(RegistrationRefused, match="may have 3 delegates"):
        services.add_delegates(delegation=kenya, profiles=profiles, by=None, now=NOW)
    assert Delegate.objects.filter(delegation=kenya).count() == members

    services.add_delegates(delegation=kenya, profiles=profiles[1:], by=None, now=NOW)
    with pytest.raises(IntegrityError, match="all 3 delegates"), transaction.atomic():
        scene.make_delegate(kenya, "One too many")


def test_nobody_is_accredited_without_the_letter_their_category_asks_for(summit):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)
    newcomer = scene.make_delegate(summit.kenya, "Mgeni", state="submitted")
    newcomer = Delegate.objects.get(pk=newcomer.pk)

    with pytest.raises(RegistrationRefused, match="is not here yet"):
        services.accredit(delegate=newcomer, by=None, now=NOW)

    type(summit.kenya).objects.update(letter_follows=True)
    services.accredit(delegate=Delegate.objects.get(pk=newcomer.pk), by=None, now=NOW)


def lower_category(summit):
    DelegationCategory.objects.filter(code="member-state").update(table_places=0)


def lower_share(summit):
    SeatingShare.objects.create(seating=summit.a, category=summit.kenya.category, table_places=0, behind_places=0)


def change_category(summit):
    type(summit.kenya).objects.filter(pk=summit.kenya.pk).update(category=scene.category("business"))


@pytest.mark.parametrize("lower", [lower_category, lower_share, change_category])
def test_database_refuses_rules_below_what_is_held(summit, lower):
    register(summit.a, summit.wanjiru)

    with pytest.raises(IntegrityError, match="more places than it would have"), transaction.atomic():
        lower(summit)


def test_overlap_that_a_release_caused_can_be_accepted(summit, organiser):
    one = register(summit.a, summit.wanjiru)
    Registration.objects.filter(pk=one.pk).update(overlap="release")

    exception = services.accept_overlap(
        registration=one, authorised_by="Co-chairs", authorised_at=NOW, reason="Speaks in B", by=organiser, now=NOW
    )

    one.refresh_from_db()
    assert (one.overlap, exception.beyond_hours) == ("accepted", True)
    with pytest.raises(RegistrationRefused):
        services.accept_overlap(
            registration=one, authorised_by="Co-chairs", authorised_at=NOW, reason="Again", by=organiser, now=NOW
        )
    assert SeatException.objects.count() == 1


def test_observers_sit_in_seats_of_their_own(summit):
    DelegationCategory.objects.filter(code="un-entity").update(behind_places=0, observer_places=1)
    Seating.objects.filter(pk=summit.a.pk).update(observer_seats=2)

    assert register(summit.a, summit.observer).place == "observer"


def test_delegates_stand_in_the_order_their_delegation_gives(summit):
    services.order_delegates(delegation=summit.kenya, delegates=[summit.kamau, summit.wanjiru])

    assert list(Delegate.objects.filter(delegation=summit.kenya).order_by("position")[:2]) == [
        summit.kamau,
        summit.wanjiru,
    ]
