import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import building, issuing, services
from documents.issuing import IssueError
from documents.kinds import KINDS
from documents.models import Document, Issue
from documents.standing import standing
from programme import releases
from roundtables.models import GuidingQuestion
from tests.documents.test_kinds import pages_of, plain
from tests.registrations.test_races import at_once

RT = "GFMD/2018/RT.2.2/1"


def ask(desk, subject, language="en", kind="concept_note", **more):
    return services.request_document(kind=kind, subject=subject, language=language, by=desk.staff, **more)


def give_out(desk, row, **more):
    """Issue as it stands; `more` are answers of the form."""
    return issuing.issue(document=row, by=desk.staff, now=timezone.now(), **{"seen": issuing.propose(row).seen, **more})


def made(row) -> str:
    """The text of the print, in one line."""
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.failure
    with row.file.open() as file:
        return plain(" ".join(pages_of(file.read())))


def fresh(row):
    return Document.objects.light().get(pk=row.pk)


def test_issued_paper_bears_symbol_and_day_and_each_later_print_of_the_same_text_too(desk, slugs):
    draft = ask(desk, slugs["2.2"])
    issued = give_out(desk, draft, note="For the Summit")

    assert (issued.symbol, issued.suffix, issued.languages) == (RT, "", ["en", "fr", "es", "ar"])
    documents = list(issued.documents.order_by("pk"))
    assert [(row.language, row.symbol, row.state) for row in documents] == [
        (code, RT, "queued") for code in ("en", "fr", "es", "ar")
    ]
    day = timezone.now().astimezone(desk.forum.zone)
    text = made(documents[0])
    assert f"{RT} Distr.: General Issued {day.day} {day:%B %Y} Original: English" in text
    assert "Provisional" not in text
    assert "Provisional" not in made(documents[1])
    assert "Traduction non officielle" in made(documents[1])
    assert ask(desk, slugs["2.2"]).pk == documents[0].pk != draft.pk
    assert ask(desk, slugs["2.2"], ink="black").issue == issued  # a rebuild is not a revision
    assert ask(desk, slugs["2.1"]).issue is None

    made(draft)
    found = standing(fresh(draft))
    assert (found.holds, found.state, found.changes) == (True, "stale", [f"issued as {RT}"])


@pytest.mark.parametrize("kind", ["agenda_of_room", "parallel_grid", "parallel_list", "run_of_show", "sign_in_sheet"])
def test_what_cannot_be_issued_says_no_status(desk, kind):
    desk.give_place(desk.wanjiru, "2.2")
    (subject, *_more) = KINDS[kind].subjects(releases.current().programme)

    row = ask(desk, subject.key, "fr", kind)

    text = made(row)
    assert not row.is_of_a_paper
    assert "Provisoire" not in text
    assert "Traduction non officielle" not in text


def test_changed_text_is_provisional_until_it_is_issued_in_turn(desk, slugs):
    first = give_out(desk, ask(desk, slugs["2.2"]))
    with pytest.raises(IssueError, match=f"Nothing has changed since it was issued as {RT}"):
        give_out(desk, ask(desk, slugs["2.2"]))
    desk.reword("2.2", 1, "What now?")
    desk.publish()

    changed = ask(desk, slugs["2.2"])
    assert (changed.symbol, changed.issue) == (f"{RT}/Rev.1", None)
    assert f"{RT}/Rev.1" in (text := made(changed))
    assert "Provisional" in text
    proposal = issuing.propose(changed)
    assert [str(symbol) for symbol in proposal.symbols] == [f"{RT}/Rev.1", f"{RT}/Corr.1", f"{RT}/Add.1"]
    assert {one.language: one.changes for one in proposal.versions}["en"] == ["guiding questions"]

    give_out(desk, changed, suffix="Corr")
    desk.reword("2.2", 1, "And now?")
    desk.publish()
    third = give_out(desk, ask(desk, slugs["2.2"]), suffix="Rev")
    assert [str(one.issue) for one in issuing.history(changed)] == [f"{RT}/Rev.1", f"{RT}/Corr.1", RT]
    desk.reword("2.2", 1, "And then?")
    desk.publish()
    assert ask(desk, slugs["2.2"]).symbol == f"{RT}/Rev.2"

    old = fresh(first.documents.earliest("pk"))
    found = standing(old)
    assert (found.is_superseded, found.newest) == (True, third)
    assert found.status.startswith("Issued ")
    assert f"superseded by {RT}/Rev.1 (Issued " in found.status


def test_paper_with_missing_passages_is_issued_in_the_others_by_choice_and_says_so(desk, slugs):
    for question in GuidingQuestion.objects.filter(roundtable=desk.roundtable("2.2"))[:2]:
        question.text_fr = question.text_ar = ""
        question.save()
    desk.publish()
    row = ask(desk, slugs["2.2"])

    missing = {one.language: one.missing for one in issuing.propose(row).versions}
    assert missing == {"en": 0, "fr": 2, "es": 0, "ar": 2}
    with pytest.raises(IssueError, match="fewer"):
        give_out(desk, row)
    issued = give_out(desk, row, fewer=True)

    assert issued.languages == ["en", "es"]
    assert "English and Spanish only" in made(issued.documents.get(language="en"))
    assert "Inglés y español únicamente" in made(issued.documents.get(language="es"))
    french = ask(desk, slugs["2.2"], "fr")
    assert french.issue is None
    assert "Provisoire" in made(french)


@pytest.mark.django_db(transaction=True)
def test_two_organisers_at_once_issue_once(desk, slugs):
    row = ask(desk, slugs["2.2"])
    seen = issuing.propose(row).seen

    def act():
        try:
            return give_out(desk, row, seen=seen).symbol
        except IssueError as error:
            return str(error)

    answers = at_once([act] * 4)

    assert answers.count(RT) == Issue.objects.count() == 1
    assert set(answers) - {RT} <= {
        "The paper was changed or issued meanwhile. Look at it again.",
        f"Nothing has changed since it was issued as {RT}.",
    }
    assert Document.objects.filter(issue=None).count() == 1


def test_what_was_changed_meanwhile_is_not_issued(desk, slugs):
    row = ask(desk, slugs["2.2"])
    seen = issuing.propose(row).seen
    desk.reword("2.2", 1, "What now?")
    desk.publish()

    with pytest.raises(IssueError, match="meanwhile"):
        give_out(desk, row, seen=seen)


def test_symbol_of_another_paper_is_not_given_again(desk, slugs):
    taken = give_out(desk, ask(desk, slugs["2.2"]))
    row = ask(desk, slugs["2.1"])
    Issue.objects.create(
        forum=desk.forum, kind="agenda", number=1, base="x", symbol="GFMD/2018/RT.2.1/1", digests={},
        issued_at=taken.issued_at,
    )  # fmt: skip

    with pytest.raises(IssueError, match="Another paper was issued as GFMD/2018/RT"):
        give_out(desk, row)


def test_only_papers_with_a_symbol_are_issued_and_only_by_those_who_may(desk, slugs):
    pack = ask(desk, str(desk.wanjiru.uuid), kind="participant_pack")
    draft = ask(desk, slugs["2.2"], draft=True)
    for row in (pack, draft):
        with pytest.raises(PermissionDenied):
            give_out(desk, row)
    note = ask(desk, slugs["2.2"])
    with pytest.raises(PermissionDenied):
        issuing.issue(document=note, by=desk.account(desk.wanjiru), now=timezone.now(), seen="")


def test_what_was_issued_is_never_changed_and_never_deleted(desk, slugs):
    issued = give_out(desk, ask(desk, slugs["2.2"]))
    document = issued.documents.get(language="en")
    made(document)

    for act in (
        lambda: Issue.objects.update(symbol="x"),
        lambda: Issue.objects.all().delete(),
        lambda: Document.objects.filter(pk=document.pk).delete(),
        lambda: Document.objects.filter(pk=document.pk).update(file="x.pdf"),
        lambda: Document.objects.filter(pk=document.pk).update(issue=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_pack_asked_for_after_a_note_was_issued_holds_the_issued_one(desk, slugs):
    desk.give_place(desk.wanjiru, "2.2")
    before = ask(desk, str(desk.wanjiru.uuid), kind="participant_pack")
    give_out(desk, ask(desk, slugs["2.2"]))

    after = ask(desk, str(desk.wanjiru.uuid), kind="participant_pack")

    assert after.pk != before.pk
    assert f"Issued {timezone.now().astimezone(desk.forum.zone).day}" in made(after)


# Pages


@pytest.fixture
def staff(desk):
    client = Client()
    client.force_login(desk.staff)
    return client


def page_of(row, name="document-issue"):
    return reverse(f"documents:{name}", args=[row.uuid])


def test_page_shows_what_would_be_issued_and_issues_it(staff, desk, slugs):
    row = ask(desk, slugs["2.2"])
    assert page_of(row) in staff.get(row.get_absolute_url()).content.decode()

    page = staff.get(page_of(row)).content.decode()
    assert RT in page
    assert page.count("Complete") == 4
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    answer = staff.post(page_of(row), {"suffix": "", "seen": seen, "note": "For the Summit"}, follow=True)

    text = answer.content.decode()
    assert f"Issued as {RT}." in text
    assert "For the Summit" in text
    assert "Issue anew" in text
    assert "Nothing has changed since" in staff.get(page_of(row)).content.decode()
    late = staff.post(page_of(row), {"suffix": "", "seen": seen}, follow=True)
    assert late.status_code == 200
    assert Issue.objects.count() == 1


def test_page_asks_to_say_that_some_languages_are_missing(staff, desk, slugs):
    question = GuidingQuestion.objects.filter(roundtable=desk.roundtable("2.2"))[0]
    question.text_fr = question.text_es = question.text_ar = ""
    question.save()
    desk.publish()
    row = ask(desk, slugs["2.2"])
    answers = {"suffix": "", "seen": issuing.propose(row).seen}

    refused = staff.post(page_of(row), answers).content.decode()
    assert "1 passage stands in English" in refused
    assert "each copy says “English only”" in refused
    assert "Tick this, or wait" in refused
    assert staff.post(page_of(row), {**answers, "fewer": "on"}).status_code == 302
    assert Issue.objects.get().languages == ["en"]


def test_page_takes_no_more_queries_for_many_issues_than_for_one(
    staff, desk, slugs, django_assert_num_queries, django_assert_max_num_queries
):
    row = ask(desk, slugs["2.2"])
    give_out(desk, row)
    releases.shelf.clear()
    with django_assert_max_num_queries(16) as once:
        staff.get(row.get_absolute_url())
    wanted = len(once)
    for number in range(3):
        desk.reword("2.2", 1, f"Question {number}?")
        desk.publish()
        give_out(desk, row, suffix="Rev")
    row = ask(desk, slugs["2.2"])
    staff.get(row.get_absolute_url())
    releases.shelf.clear()
    with django_assert_num_queries(wanted):
        staff.get(row.get_absolute_url())


def verify(row, language="en"):
    return Client().get(f"/verify/{row.code}/", headers={"Accept-Language": language}).content.decode()


def test_verify_says_that_a_paper_was_issued_or_issued_anew(desk, slugs):
    issued = give_out(desk, ask(desk, slugs["2.2"])).documents.get(language="en")
    made(issued)
    page = verify(issued)
    assert "This print holds" in page
    assert re.search(r"<dt>Status</dt><dd>Issued \d", page)

    desk.reword("2.2", 1, "What now?")
    desk.publish()
    assert "issued anew" not in verify(issued)
    give_out(desk, issued, suffix="Rev")

    page = verify(issued)
    assert "This print is out of date" in page
    assert "Superseded on" in page
    assert f'The one that counts is <bdi dir="ltr">{RT}/Rev.1</bdi>' in page
    with translation.override("ar"):
        assert "\u2068" in verify(issued, "ar")
