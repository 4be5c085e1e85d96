import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from people.models import Person, User
from registrations.models import Delegate, Delegation, DelegationHead, Registration, Seating
from schedule.models import Room
from tests.registrations.promises import World, broken_promises, unkept


@pytest.fixture
def populated(published, marrakesh, settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    populate()
    return marrakesh


def populate(**options):
    out = io.StringIO()
    call_command("populate", delegations=12, delegates=90, stdout=out, **options)
    return out.getvalue()


def who_sits_where():
    rows = Registration.objects.order_by("pk").select_related("person", "delegation__party", "seating__session")
    return [
        (str(row.person), row.delegation.party.code, row.seating.session.slug, row.status, row.place) for row in rows
    ]


def test_populate_makes_as_many_as_were_asked_for(populated):
    assert (Delegation.objects.count(), Delegate.objects.count()) == (12, 90)
    assert DelegationHead.objects.values("delegation").distinct().count() == 12
    assert Person.objects.exclude(arabic_name="").exists()
    assert User.objects.filter(email__startswith="focalpoint-").count() == 12


def test_populate_keeps_every_promise(populated):
    world = World.read(populated)

    assert broken_promises(world) == []
    assert list(unkept(world)) == []
    assert world.mails.total() == 0


def test_populate_lets_no_member_state_wait_and_business_and_civil_society_do(populated):
    waiting = set(Registration.objects.waiting().values_list("delegation__category__code", flat=True))

    assert waiting == {"business", "civil-society"}


def test_populate_gives_no_room_more_than_it_holds(published, marrakesh):
    small = Room.objects.get(name_en="Roseraie")
    small.capacity = 14  # nine at the table, and not nine more behind it
    small.save()

    populate()

    in_rooms = Seating.objects.filter(session__room__isnull=False).select_related("session__room")
    assert [seating for seating in in_rooms if seating.seats > seating.session.room.capacity] == []
    governments = Registration.objects.confirmed().filter(delegation__category__code="member-state")
    assert set(governments.filter(seating__session__room=small).values_list("place", flat=True)) == {"table"}
    assert governments.filter(place="behind").exists()
    world = World.read(marrakesh)
    assert (broken_promises(world), list(unkept(world))) == ([], [])


def test_populate_makes_the_same_again(published):
    sets = []
    for _again in range(2):
        with transaction.atomic():
            populate(seed=7)
            sets.append(who_sits_where())
            transaction.set_rollback(True)

    assert sets[0] == sets[1]


def test_populate_refuses_where_delegates_are(populated, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="There are delegates in this database"):
        populate()

    settings.DEMO = True
    populate()
    assert Delegation.objects.count() == 24


def test_populate_says_when_parties_do_not_suffice(published):
    with pytest.raises(CommandError, match="parties have no delegation yet; 1000 were asked for"):
        call_command("populate", delegations=1000, delegates=2000, stdout=io.StringIO())
