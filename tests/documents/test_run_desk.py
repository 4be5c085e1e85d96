"""Print runs at the desk: asked for, listed, and each with what a release has changed in it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents import building, progress
from documents.models import Document, PrintRun
from documents.running import build_part
from programme import releases
from schedule.models import Room
from tests.editing import signed_in

from .test_runs import PACK, crowd, made  # noqa: F401  the scene

LIST = reverse("documents:runs")
ASKED = {"kind": PACK, "category": "member-state", "language": "fr", "ink": "black", "duplex": "on"}


@pytest.fixture
def staff(crowd):  # noqa: F811
    return signed_in(crowd.staff)


def test_run_is_asked_for_and_stands_in_the_list_and_at_the_desk(crowd, staff):  # noqa: F811
    assert "No run has been made yet" in staff.get(LIST).content.decode()

    answer = staff.post(LIST, ASKED)

    run = PrintRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert (run.language, run.is_duplex, run.has_separators, run.requested_by) == ("fr", True, False, crowd.staff)
    assert run.chosen["categories"] == ["member-state"]
    for page in (LIST, reverse("documents:list")):
        assert f'href="{run.get_absolute_url()}"' in staff.get(page).content.decode()


def test_run_of_one_delegation_holds_its_delegates_alone(crowd, staff):  # noqa: F811
    kenya = crowd.wanjiru.delegation

    staff.post(LIST, {**ASKED, "delegation": str(kenya.uuid)})

    subjects = PrintRun.objects.get().parts.get().items.values_list("document__subject", flat=True)
    assert set(subjects) == {str(one) for one in kenya.delegates.accredited().values_list("uuid", flat=True)}


def test_run_of_nothing_is_refused_with_its_reason(crowd, staff):  # noqa: F811
    page = staff.post(LIST, {**ASKED, "category": "media"}).content.decode()

    assert "There is nothing to print of what was chosen." in page
    assert not PrintRun.objects.exists()


def test_line_of_a_run_says_how_many_show_the_old_room(crowd, staff):  # noqa: F811
    run = made(crowd)
    line = reverse("documents:run-line", args=[run.uuid])
    assert "All of it holds" in staff.get(line, headers={"HX-Request": "true"}).content.decode()

    session = crowd.roundtable("2.2")
    session.room = Room.objects.create(venue=session.venue, slug="annexe", name_en="Annexe")
    session.save()
    crowd.publish()
    releases.shelf.clear()

    assert "show what is no longer so" in staff.get(line, headers={"HX-Request": "true"}).content.decode()
    assert staff.get(line).status_code == 302
    assert staff.get(run.get_absolute_url()).content.decode().count("Roundtable 2.2: new room: Annexe</td>") == 3


def test_run_says_how_far_it_is_and_how_long_the_rest_takes(crowd, staff, monkeypatch):  # noqa: F811
    monkeypatch.setattr(progress, "FEW", 1)
    staff.post(LIST, ASKED)
    run = PrintRun.objects.get()
    line = reverse("documents:run-line", args=[run.uuid])

    def told() -> list[str]:
        return [
            staff.get(page, headers={"HX-Request": "true"}).content.decode() for page in (line, run.get_absolute_url())
        ]

    for text in told():
        assert "0 of 3 prints are made." in text
        assert "left" not in text

    prints = Document.objects.filter(run_items__part__run=run)
    for row in prints[:2]:
        building.build(str(row.uuid))
    first, second = prints.ready()
    prints.filter(pk=second.pk).update(finished_at=first.finished_at + timedelta(seconds=100))
    for text in told():
        assert "2 of 3 prints are made. About 2 minutes left." in text

    build_part(str(run.parts.get().uuid))
    assert "All of it holds" in told()[0]
    assert "left" not in "".join(told())


def test_run_names_its_supplements_by_the_hour_of_the_forum(crowd, staff):  # noqa: F811
    run = made(crowd)
    crowd.reword("2.2", 1, "And since when?")
    crowd.publish()
    staff.post(f"{run.get_absolute_url()}supplement/")
    at = run.supplements.get().created_at.astimezone(crowd.forum.zone)

    page = staff.get(run.get_absolute_url()).content.decode()

    assert f">{at.day} {at:%B %Y}, {at:%H:%M}</a></li>" in page


def test_lists_take_as_many_queries_for_one_run_as_for_many(staff, django_assert_num_queries):
    staff.post(LIST, ASKED)
    staff.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        staff.get(LIST)
    few = len(queries)
    assert few < 9
    for _again in range(3):
        staff.post(LIST, ASKED)
    with django_assert_num_queries(few):
        staff.get(LIST)
