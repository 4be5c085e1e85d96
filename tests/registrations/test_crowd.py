"""500 delegates at six roundtables at once, through HTTP, and one of the two web processes is killed meanwhile."""

from collections import Counter
from random import Random

import pytest
from post_office.models import Email

from people.models import User
from registrations.models import Seating
from tests.browser.portal import wait_for
from tests.registrations import scene
from tests.registrations.crowd import Clients, Web, collect_static, make_delegates, sign_in
from tests.registrations.promises import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

DELEGATES, THREADS = 500, 24
MAILS = {
    "Your place is confirmed": "confirmed",
    "You are on the waiting list": "waitlisted",
    "A place has become free for you": "promoted",
}


@pytest.fixture
def webs(tmp_path):
    collect_static(tmp_path)
    webs = [Web(tmp_path), Web(tmp_path)]
    try:
        for web in webs:
            web.start()
        yield webs
    finally:
        for web in webs:
            web.kill()


def make_roundtables():
    """Three at one hour, three at another."""
    forum = scene.make_forum()
    sessions = [
        scene.make_session(forum, f"round-{n}", starts_at=scene.TEN + (n % 2) * 4 * scene.HOUR) for n in range(6)
    ]
    scene.publish(forum)
    for session in sessions:
        scene.seat(session, table=60, behind=40)
    return forum


def test_500_delegates_at_once_lose_nothing_when_a_web_process_is_killed(webs):
    forum = make_roundtables()
    delegates = make_delegates(forum, DELEGATES, members=2)
    clients = Clients(webs, sign_in(User.objects.filter(person__isnull=False)))
    jobs = [(delegate, seating) for delegate in delegates for seating in Seating.objects.select_related("session")]
    Random(2018).shuffle(jobs)

    def kill_one():
        wait_for(lambda: clients.answered > len(jobs) // 4, seconds=300, what="the crowd")
        webs[0].kill()

    answers = clients.all(
        [(delegate.person_id, f"/en/sessions/{seating.session.slug}/seat/") for delegate, seating in jobs],
        threads=THREADS,
        beside=kill_one,
    )

    assert {answer.status for answer in answers} == {200}
    assert any(answer.tries > 1 for answer in answers)
    world = World.read(forum)
    assert broken_promises(world) == []
    rows = {(row.delegate_id, row.seating_id): row for row in world.rows.values()}
    assert len(rows) == len(world.rows)
    for (delegate, seating), answer in zip(jobs, answers, strict=True):
        if (delegate.pk, seating.pk) not in rows:
            assert "At this hour you hold a place in" in answer.words
    assert Counter(row.seating_id for row in world.confirmed) == dict.fromkeys(world.seatings, 100)
    assert mails() == mails_due(world)

    # Those who sit give up, those who wait come in: through the process that is left
    leaving = Random(11).sample(world.confirmed, 100)
    gone = clients.all(
        [(row.person_id, f"/en/my/places/{row.uuid}/release/") for row in leaving + leaving], threads=THREADS
    )

    assert {answer.status for answer in gone} <= {200, 404}
    after = World.read(forum)
    assert broken_promises(after) == []
    assert {row.pk for row in leaving} == {row.pk for row in after.rows.values() if row.status == "released"}
    assert mails() == mails_due(after)


def mails():
    return Counter(
        (to, next(kind for start, kind in MAILS.items() if subject.startswith(start)), subject.rpartition(": ")[2])
        for [to], subject in Email.objects.values_list("to", "subject")
    )


def mails_due(world):
    """Each row tells by its times what its delegate was told."""
    due = Counter()
    for row in world.rows.values():
        was_confirmed_at_once = row.confirmed_at == row.requested_at
        kinds = ["confirmed"] if was_confirmed_at_once else ["waitlisted", *(["promoted"] if row.confirmed_at else [])]
        for kind in kinds:
            due[row.delegate.person.user.email, kind, str(row.seating.session)] += 1
    return due
