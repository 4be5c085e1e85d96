"""Every page of every role in every language, and the states that pages take on, keep all rules and say nothing in
English that is not marked as English."""

from datetime import timedelta

import pytest
from django.utils import timezone

from .english import english_in
from .pages import LANGUAGES, PAGES, address, status
from .portal import wait_for
from .rules import breaches

pytestmark = pytest.mark.browser


class Look:
    """Collects what is wrong, so that one run names it all."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.faults: dict[str, list[str]] = {}

    def at(self, page, what: str) -> None:
        found = breaches(page) + [f"in English: {text}" for text in english_in(page, self.language)]
        for fault in found:
            self.faults.setdefault(fault, []).append(what)

    def __str__(self) -> str:
        return "\n".join(f"{fault}\n    on {', '.join(where)}" for fault, where in self.faults.items())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", PAGES, ids=lambda role: role or "stranger")
def test_every_page_keeps_the_rules(visit, role, language):
    page, look = visit(role, locale=language), Look(language)
    answers = {}

    for path in PAGES[role]:
        answers[path] = page.goto(address(path, language)).status
        look.at(page, path)

    assert not look.faults, str(look)
    assert {path: answer for path, answer in answers.items() if answer != status(path, role)} == {}


@pytest.fixture(scope="module")
def forum_to_come(portal) -> str:
    """A forum that has published nothing."""
    portal.manage(
        "shell",
        "--no-imports",
        "-c",
        "from schedule.models import Forum\n"
        "forum = Forum.objects.get(is_current=True)\n"
        "forum.pk, forum.slug, forum.is_current = None, 'to-come', False\n"
        "forum.save(force_insert=True)",
    )
    return "to-come"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_opens_what_is_refused_and_what_is_not_there_yet_keep_the_rules(visit, forum_to_come, language):
    page, look = visit(locale=language), Look(language)

    page.goto(f"/{language}/programme/")
    page.locator(".filter-box summary").click()
    look.at(page, "open filters")
    page.goto(f"/{language}/{forum_to_come}/programme/")
    look.at(page, "nothing published")
    for path, answers in (
        ("accounts/signup/", {"registration_key": "no key", "email": "no address"}),
        ("accounts/login/", {"login": "nobody@example.org", "password": "wrong"}),
    ):
        page.goto(f"/{language}/{path}")
        page.locator("main form").evaluate("form => form.noValidate = true")
        for name, text in answers.items():
            page.fill(f"[name={name}]", text)
        page.locator("main button[type=submit]").click()
        page.locator("main .note.warn").wait_for()
        look.at(page, f"{path} refused")

    assert not look.faults, str(look)


def change_seating(portal, number: str, **columns: str) -> None:
    """Change the seats of a roundtable as an organiser would, without the administration."""
    changes = ", ".join(f"{name} = {value}" for name, value in columns.items())
    portal.sql(
        f"UPDATE registrations_seating SET {changes} WHERE session_id IN"
        f" (SELECT id FROM schedule_session WHERE slug = 'roundtable-{number}') RETURNING id"
    )


@pytest.fixture(scope="module")
def full(portal):
    """Roundtable 3.2 has one place, and the Philippines have it; nobody's is kept there."""
    portal.sql(
        "DELETE FROM registrations_registration WHERE seating_id IN (SELECT s.id FROM registrations_seating s"
        " JOIN schedule_session ON schedule_session.id = session_id WHERE slug = 'roundtable-3-2') RETURNING id"
    )
    change_seating(portal, "3-2", table_seats="0", behind_seats="1")
    with portal.leaving_no_new("registrations_registration"):
        portal.manage(
            "shell",
            "--no-imports",
            "-c",
            "from django.utils import timezone\n"
            "from people.models import User\n"
            "from registrations.models import Delegate, Seating\n"
            "from registrations.services import register\n"
            "register(seating=Seating.objects.get(session__slug='roundtable-3-2'),"
            " delegate=Delegate.objects.get(delegation__party__code='PHL'),"
            " by=User.objects.get(email='organiser@example.org'), now=timezone.now())",
        )
        yield
    change_seating(portal, "3-2", table_seats="30", behind_seats="30")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("full", "places_go_again")
def test_states_of_a_place_keep_the_rules(portal, visit, language):
    page, look = visit("delegate", locale=language), Look(language)
    act, ask = page.locator("#seat-act"), page.locator(".seat form button")

    def at_panel_of(number: str, what: str) -> None:
        page.goto(f"/{language}/roundtables/{number}/")
        look.at(page, what)

    at_panel_of("3.1", "open")
    act.click()
    page.locator(".seat.held").wait_for()
    look.at(page, "held")
    at_panel_of("2.1", "another place at this hour")
    page.goto(f"/{language}/my/")
    look.at(page, "my programme with a place")
    with page.expect_navigation():
        page.locator(".mine .btn").click()
    look.at(page, "asked before giving up, on a page of its own")
    page.goto(f"/{language}/roundtables/3.1/")
    act.click()
    ask.wait_for()
    look.at(page, "asked before giving up, in the panel")
    ask.click()
    page.locator(".seat:not(.held) button#seat-act").wait_for()
    look.at(page, "given up")

    at_panel_of("3.2", "full")
    act.click()
    page.locator("a#seat-act").wait_for()
    look.at(page, "waiting")
    page.goto(f"/{language}/my/")
    look.at(page, "my programme with one awaited")
    page.locator(".mine .btn").click()
    ask.click()
    page.locator("button#seat-act").wait_for()
    look.at(page, "no longer waiting")
    page.goto(f"/{language}/accounts/")
    page.locator("main button[type=submit]").click()
    page.locator(".messages").wait_for()
    look.at(page, "message")

    in_a_week, last_week = (timezone.now() + timedelta(weeks=weeks) for weeks in (1, -1))
    try:
        change_seating(portal, "1-2", opens_at=f"'{in_a_week}'")
        at_panel_of("1.2", "not open yet")
        change_seating(portal, "1-2", opens_at="NULL", closes_at=f"'{last_week}'")
        at_panel_of("1.2", "closed")
    finally:
        change_seating(portal, "1-2", opens_at="NULL", closes_at="NULL")

    assert not look.faults, str(look)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("prints_go_again")
def test_states_of_a_print_keep_the_rules(portal, visit, language):
    page, look = visit("staff", locale=language), Look(language)
    path = f"/{language}/documents/"

    page.goto(f"{path}ask/?kind=concept_note&theme=2&language={language}")
    page.check("[name=subject][value=roundtable-2-1]")
    with page.expect_navigation():
        page.locator("form.choices button[type=submit]").first.click()
    look.at(page, "asked for")
    wait_for(
        lambda: page.reload() and page.locator("tr[id^=print-]").first.locator(".ready").count(),
        seconds=60,
        what="the print",
    )
    look.at(page, "ready")
    [(row, uuid, code)] = portal.sql("SELECT id, uuid, code FROM documents_document ORDER BY id DESC LIMIT 1")
    organiser = visit("organiser", locale=language)
    assert organiser.goto(f"{path}{uuid}/issue/").status == 200
    look.at(organiser, "about to be issued")
    page.goto(f"/verify/{code}/")
    look.at(page, "vouched for")
    change = f"UPDATE documents_document SET {{}} WHERE id = {row} RETURNING id"
    held = "state = 'building', lease_until = now() + interval '1 hour', finished_at = NULL, file = ''"
    portal.sql(change.format(f"{held}, done = 1, total = 3"))
    page.goto(path)
    look.at(page, "being made")
    portal.sql(change.format("state = 'failed', lease_until = NULL, finished_at = now(), error = 'time'"))
    page.goto(path)
    look.at(page, "failed")
    page.goto(f"{path}?q=nothing+of+the+kind")
    look.at(page, "nothing found")

    assert not look.faults, str(look)


@pytest.mark.parametrize("language", LANGUAGES)
def test_print_run_keeps_the_rules_while_it_is_made_and_after(portal, visit, language):
    page, look = visit("staff", locale=language), Look(language)
    [(delegation,)] = portal.sql(
        "SELECT delegation.uuid FROM registrations_delegation delegation"
        " JOIN people_party party ON party.id = party_id WHERE code = 'KEN'"
    )

    page.goto(f"/{language}/documents/runs/")
    page.select_option("[name=kind]", "badge")
    page.locator(f"[name=delegation][value='{delegation}']").check()
    with page.expect_navigation():
        page.locator("form.choices button[type=submit]").click()
    look.at(page, "being made")
    page.locator("#files:not([hx-get])").wait_for(timeout=90_000)
    assert page.locator("#files a[download]").count() == 1, page.locator("#files").inner_text()
    look.at(page, "made")

    assert not look.faults, str(look)
