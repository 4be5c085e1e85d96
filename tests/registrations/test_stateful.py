"""Random acts of delegates, focal points and organisers on the real database; the promises are asked after each."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from people.models import User
from programme import services as publishing
from programme.models import Release
from programme.services import NothingChanged
from registrations import services
from registrations.badges import code_of
from registrations.models import (
    Delegate,
    DelegationCategory,
    ErasureRequest,
    Place,
    Registration,
    ReleaseCursor,
    Seating,
    SeatingShare,
)
from registrations.services import Profile, RegistrationRefused
from registrations.services.erasing import erase
from schedule.models import Session
from tests.registrations import scene
from tests.registrations.promises import World, broken_promises, lost, mails_due, overtaken, unkept

# The same few every time. Others, and as many as one likes: EXAMPLES=2000 before `make test ARGS=…`
EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
# A counter-example comes as it was found; SHRINK=1 makes it the shortest there is, which takes minutes
PHASES = [Phase.generate, Phase.shrink] if os.environ.get("SHRINK") else [Phase.generate]

which = st.integers(0, 11)
few = st.integers(0, 3)
places = st.sampled_from(list(Place))


def make_forum():
    """Few seats, sessions that overlap, kept places beside first come ones, and one person in two delegations."""
    forum = scene.make_forum()
    sessions = [
        scene.make_session(forum, "a"),
        scene.make_session(forum, "b", starts_at=scene.TEN + scene.HOUR),
        scene.make_session(forum, "c", starts_at=scene.TEN + 4 * scene.HOUR),
        scene.make_session(forum, "heads", starts_at=scene.TEN + 5 * scene.HOUR, entry=Session.Entry.HEADS),
    ]
    scene.publish(forum)
    scene.seat(sessions[0], table=3, behind=2)
    scene.seat(sessions[1], table=2, behind=2, observer_seats=1)
    scene.seat(sessions[2], table=2, behind=1, held_back=1)
    scene.seat(sessions[3], table=1)
    kenya, ghana = scene.make_delegation(forum, "kenya"), scene.make_delegation(forum, "ghana")
    chamber, union = (scene.make_delegation(forum, code, "business") for code in ("chamber", "union"))
    agency = scene.make_delegation(forum, "agency", "un-entity")
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True, size=4)
    DelegationCategory.objects.filter(code="business").update(table_places=1)
    DelegationCategory.objects.filter(code="un-entity").update(observer_places=1)
    delegates = [
        scene.make_delegate(delegation, f"{delegation.party.code} {n}", email=f"{delegation.party.code}{n}@example.org")
        for delegation, members in ((kenya, 3), (ghana, 2), (chamber, 2), (union, 2), (agency, 2))
        for n in range(members)
    ]
    scene.make_delegate(kenya, "Without account")
    Delegate.objects.create(
        person=delegates[0].person, delegation=chamber, state="accredited", submitted_at=None, accredited_at=scene.NOW
    )
    services.follow_releases(now=scene.NOW)
    return SimpleNamespace(forum=forum, organiser=User.objects.create_user("organiser@example.org", is_staff=True))


class Seats(RuleBasedStateMachine):
    scene: ClassVar[SimpleNamespace]

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.forum, self.organiser, self.now = self.scene.forum, self.scene.organiser, scene.NOW
        self.world = World.read(self.forum)

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def act(
        self,
        service: Callable[..., Any],
        *,
        given_up: Collection[int] = (),
        left: Collection[int] = (),
        joined: Mapping[int, int] | None = None,
        by_hand: bool = False,
        arranges: bool = False,
        **arguments: Any,
    ) -> Any:
        """Do it, and ask whether everything promised still holds; a refusal has changed nothing."""
        before, done = self.world, None
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                done = service(**arguments, now=self.now)
        except RegistrationRefused as refusal:
            note(f"refused: {refusal}")
            assert World.read(self.forum).facts() == before.facts()
            return None
        self.world = after = World.read(self.forum)
        own = done if isinstance(done, Registration) and by_hand else None
        kept = [row for row in after.confirmed if arranges and row.delegation.category.places_are_kept]
        assert broken_promises(after) == []
        assert list(lost(before, after, given_up=given_up, left=left, joined=joined)) == []
        assert list(overtaken(before, after, by_hand=[own, *kept])) == []
        assert list(unkept(after)) == [] or not arranges
        sent = after.mails - before.mails
        granted = own if service is services.grant_exception else None
        about_places = Counter(
            {mail: n for mail, n in sent.items() if mail[1] in ("confirmed", "promoted", "waitlisted")}
        )
        assert about_places == mails_due(before, after, granted=granted)
        assert all(n == 1 for (_to, kind), n in sent.items() if kind == "changed")
        return done

    def row(self, number: int, rows: list[Registration]) -> Registration:
        return Registration.objects.select_related("delegation__category").get(pk=rows[number % len(rows)].pk)

    def delegate(self, number: int) -> Delegate:
        delegates = Delegate.objects.filter(delegation__forum=self.forum).order_by("pk")
        return delegates.select_related("person", "delegation__party", "delegation__category")[
            number % delegates.count()
        ]

    def erasure(self, number: int) -> ErasureRequest:
        requests = ErasureRequest.objects.order_by("pk")
        return requests[number % requests.count()]

    def seating(self, number: int) -> Seating:
        return Seating.objects.order_by("pk")[number % len(self.world.seatings)]

    # Delegates and focal points

    @rule(who=which, where=few)
    def register(self, who, where):
        self.act(services.register, seating=self.seating(where), delegate=self.delegate(who), by=None)

    @rule(who=which, where=few)
    def register_more(self, who, where):
        self.register(who, where)

    @precondition(lambda self: self.world.active)
    @rule(number=which)
    def release(self, number):
        registration = self.row(number, self.world.active)
        self.act(services.release, given_up=[registration.pk], registration=registration, by=None)

    @precondition(lambda self: self.world.active)
    @rule(number=which)
    def vacate(self, number):
        registration = self.row(number, self.world.active)
        own = [registration.pk]
        given_up = own if registration.is_waiting else []
        self.act(services.vacate, given_up=given_up, left=own, registration=registration, by=None)

    @precondition(lambda self: self.world.active)
    @rule(number=which)
    def give_up(self, number):
        registration = self.row(number, self.world.active)
        own = [registration.pk]
        stays = registration.delegation.category.places_are_kept and registration.is_confirmed
        self.act(services.give_up, given_up=[] if stays else own, left=own, registration=registration, by=None)

    @precondition(lambda self: self.world.confirmed)
    @rule(number=which, where=few)
    def swap(self, number, where):
        registration = self.row(number, self.world.confirmed)
        own = [registration.pk]
        given_up = [] if registration.delegation.category.places_are_kept else own
        self.act(
            services.swap,
            given_up=given_up,
            left=own,
            registration=registration,
            seating=self.seating(where),
            by=None,
        )

    @precondition(lambda self: [row for row in self.world.confirmed if row.delegate is None])
    @rule(number=which, who=which)
    def name(self, number, who):
        registration = self.row(number, [row for row in self.world.confirmed if row.delegate is None])
        members = registration.delegation.delegates.order_by("pk")
        delegate = members[who % members.count()]
        waits = [
            row.pk
            for row in self.world.waiting
            if (row.delegate_id, row.seating_id) == (delegate.pk, registration.seating_id)
        ]
        self.act(services.name, given_up=waits, registration=registration, delegate=delegate, by=None)

    @rule(who=which)
    def replace(self, who):
        delegate = self.delegate(who)
        waits, held = self._of(delegate)
        profile = Profile(family_name="Mrithi")
        self.act(services.replace, given_up=waits, left=held, delegate=delegate, profile=profile, by=None)

    @rule(who=which, hours=st.none() | st.integers(-2, 6))
    def name_head(self, who, hours):
        starts_at = None if hours is None else scene.TEN + hours * scene.HOUR
        self.act(services.name_head, delegate=self.delegate(who), starts_at=starts_at, by=None)

    @rule(who=which, days=st.sampled_from([(None, None), (5, 6), (6, None), (7, 7)]))
    def enter_days(self, who, days):
        delegate = self.delegate(who)
        starts_on, ends_on = (date(2018, 12, day) if day else None for day in days)
        profile = Profile(family_name=delegate.person.family_name, starts_on=starts_on, ends_on=ends_on)
        self.act(services.edit_delegate, delegate=delegate, profile=profile)

    @rule(who=which)
    def ask_erasure(self, who):
        person = self.delegate(who).person
        ErasureRequest.objects.get_or_create(person=person, done_at=None, defaults={"asked_at": self.now})

    @precondition(lambda self: self.world.confirmed)
    @rule(number=which)
    def hand_back(self, number):
        row = self.row(number, self.world.confirmed)
        self.act(services.hand_back, given_up=[row.pk], registration=row, delegate=row.delegate, by=None)

    # Organisers

    @rule(who=which, to=st.sampled_from(list(Delegate.State)))
    def decide(self, who, to):
        delegate = self.delegate(who)
        waits, held = self._of(delegate)
        first_come = to == Delegate.State.DECLINED and not delegate.delegation.category.places_are_kept
        given_up = [*waits, *held] if first_come else waits
        self.act(services.decide, given_up=given_up, left=held, delegate=delegate, to=to, by=self.organiser)

    @precondition(lambda self: [row for row in self.world.rows.values() if row.reserved_for])
    @rule(number=which)
    def accredit_the_successor(self, number):
        successor = self.row(number, [row for row in self.world.rows.values() if row.reserved_for]).reserved_for
        self.act(services.accredit, delegate=Delegate.objects.get(pk=successor.pk), by=self.organiser)

    @precondition(lambda self: ErasureRequest.objects.exists())
    @rule(number=which)
    def erase(self, number):
        request = self.erasure(number)
        mine = [row for row in self.world.active if row.person_id == request.person_id]
        kept = [row for row in mine if row.is_confirmed and row.delegation.category.places_are_kept]
        self.act(
            erase,
            given_up=[row.pk for row in mine if row not in kept],
            left=[row.pk for row in kept],
            request=request,
            by=self.organiser,
        )

    @rule(one=which, other=which)
    def join(self, one, other):
        keep, drop = self.delegate(one).person, self.delegate(other).person
        if keep == drop:
            return
        own = dict(keep.memberships.values_list("delegation", "pk"))
        joined = {
            pk: own[delegation]
            for pk, delegation in drop.memberships.values_list("pk", "delegation")
            if delegation in own
        }
        self.act(services.same_person, joined=joined, keep=keep, drop=drop, by=self.organiser)

    @precondition(lambda self: self.world.waiting)
    @rule(number=which)
    def promote(self, number):
        registration = self.row(number, self.world.waiting)
        self.act(services.promote, by_hand=True, registration=registration, by=self.organiser)

    @rule(who=which, where=few, place=places)
    def grant_exception(self, who, where, place):
        self.act(
            services.grant_exception,
            by_hand=True,
            seating=self.seating(where),
            delegate=self.delegate(who),
            place=place,
            authorised_by="Co-chairs",
            authorised_at=self.now,
            reason="Asked by the chair",
            by=self.organiser,
        )

    @precondition(lambda self: [row for row in self.world.confirmed if row.overlap == "release"])
    @rule(number=which)
    def accept_overlap(self, number):
        flagged = [row for row in self.world.confirmed if row.overlap == "release"]
        self.act(
            services.accept_overlap,
            registration=self.row(number, flagged),
            authorised_by="Co-chairs",
            authorised_at=self.now,
            reason="Speaks in both",
            by=self.organiser,
        )

    @precondition(lambda self: [row for row in self.world.confirmed if row.delegate])
    @rule(number=which)
    def check_in(self, number):
        row = self.row(number, [row for row in self.world.confirmed if row.delegate])
        session = self.world.sessions[row.seating.session_id]
        code = code_of(row.delegate.person)
        self.act(services.check_in, session=session, code=code, by=self.organiser, at=self.now)

    @precondition(lambda self: [row for row in self.world.confirmed if row.attended_at])
    @rule(number=which)
    def take_back(self, number):
        row = self.row(number, [row for row in self.world.confirmed if row.attended_at])
        self.act(services.take_back, registration=row, by=self.organiser)

    @rule(where=few, table=few, behind=few, observer=few, held_back=st.integers(0, 1))
    def change_limits(self, where, table, behind, observer, held_back):
        seating = self.seating(where)
        seating.table_seats, seating.behind_seats, seating.observer_seats = table, behind, observer
        seating.held_back = held_back
        self._as_the_administration(seating)

    @rule(where=few, table=few, behind=few, code=st.sampled_from(["member-state", "business", "un-entity"]))
    def change_share(self, where, table, behind, code):
        seating, category = self.seating(where), DelegationCategory.objects.get(code=code)
        share = SeatingShare.objects.filter(seating=seating, category=category).first()
        share = share or SeatingShare(seating=seating, category=category)
        share.table_places, share.behind_places = table, behind
        self._as_the_administration(share)

    @rule(table=few, behind=few, kept=st.booleans(), code=st.sampled_from(["member-state", "business", "un-entity"]))
    def change_category(self, table, behind, kept, code):
        category = DelegationCategory.objects.get(code=code)
        category.table_places, category.behind_places, category.places_are_kept = table, behind, kept
        self._as_the_administration(category)

    def _as_the_administration(self, changed):
        """Save it, then arrange places as its page does. What the form or the database refuses has not happened."""
        try:
            with transaction.atomic():
                changed.full_clean()
                changed.save()
        except (ValidationError, IntegrityError) as refusal:
            note(f"refused: {refusal}")
            return
        self.act(services.arrange_places, arranges=True, forum=self.forum)

    # The programme

    @rule(
        where=few,
        what=st.sampled_from(["move", "cancel", "restore", "heads", "all"]),
        hours=st.integers(-4, 4),
    )
    def publish(self, where, what, hours):
        session = Session.objects.get(pk=self.seating(where).session_id)
        if what == "move":
            session.starts_at += hours * scene.HOUR
            session.ends_at += hours * scene.HOUR
        elif what in ("cancel", "restore"):
            session.cancelled_at = self.now if what == "cancel" else None
        else:
            session.entry = what
        session.save()
        with suppress(NothingChanged):
            scene.publish(self.forum)
            self._follow()

    @precondition(lambda self: Release.objects.filter(forum=self.forum).in_view().count() > 1)
    @rule()
    def withdraw_release(self):
        newest = Release.objects.filter(forum=self.forum).in_view().newest_first()[0]
        publishing.withdraw(release=newest, by=None, reason="Wrong hour")
        self._follow()

    def _follow(self):
        self.act(lambda now: services.follow_releases(now=now), arranges=True)
        last = Release.objects.filter(forum=self.forum).in_view().newest_first()[0]
        assert ReleaseCursor.objects.get(forum=self.forum).number == last.number

    def _of(self, delegate: Delegate) -> tuple[list[int], list[int]]:
        mine = [row for row in self.world.active if row.delegate_id == delegate.pk]
        return [row.pk for row in mine if row.is_waiting], [row.pk for row in mine if row.is_confirmed]


@pytest.mark.django_db
def test_promises_hold_whatever_is_done_in_whatever_order(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    Seats.scene = make_forum()
    assert broken_promises(World.read(Seats.scene.forum)) == []

    run_state_machine_as_test(Seats, settings=SETTINGS)


SETTINGS = settings(
    max_examples=EXAMPLES or 12,
    stateful_step_count=30,
    deadline=None,
    derandomize=not EXAMPLES,
    database=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
