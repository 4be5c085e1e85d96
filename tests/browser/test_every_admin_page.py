"""The administration says nothing in English that is not marked, and keeps the rules of every page.

To read a page for English and for our own rules on a phone is quick: every list and form is opened in every language.
Axe takes its time: it is asked of each kind of page and of each answer in every language, and of every list and form
in one of the four, by turns.
"""

import re

import pytest

from .english import english_in
from .rules import OURS, PHONE, breaches, resize

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "fr", "es", "ar")
MODELS = """
    people/party people/person people/user schedule/forum schedule/venue schedule/room schedule/session themes/theme
    themes/section themes/reference themes/commitment roundtables/roundtable roundtables/guidingquestion
    workshops/workshop workshops/sideevent workshops/commonspacesession workshops/specialsession
    programme/release programme/import
    registrations/delegationcategory registrations/delegation registrations/delegate registrations/seating
    registrations/invitation registrations/registration registrations/seatexception registrations/erasurerequest
    registrations/platecount documents/document post_office/email
""".split()  # noqa: SIM905
NOT_ADDED = {
    "people/user",
    "programme/release",
    "programme/import",
    "registrations/registration",
    "registrations/erasurerequest",
    "registrations/platecount",
    "documents/document",
    "post_office/email",
}
PLAIN_PAGES = {
    "first page": "",
    "rooms of one application": "people/",
    "short list": "people/person/",
    "chosen": "schedule/session/?kind__exact=roundtable",
    "empty list": "people/party/?q=nothing+of+this+name",
    "list by date": "documents/document/",
    "form to fill": "registrations/seatexception/add/",
    "history": "schedule/forum/{forum}/history/",
    "deletion": "themes/theme/{theme}/delete/",
    "deletion refused": "schedule/session/{opening}/delete/",
    "cancelling": "schedule/session/{opening}/cancel/",
    "import": "schedule/room/import/",
    "export": "schedule/room/export/",
    "nothing to publish": "programme/release/publish/",
    "withdrawal": "programme/release/{release}/withdraw/",
    "concept paper": "programme/import/read/",
    "decision": "registrations/delegate/decide/?to=returned&delegate={delegate}",
    "desk": "registrations/delegate/on-the-spot/",
    "list to accept": "registrations/delegation/{delegation}/accept/",
    "duplicates": "registrations/delegate/duplicates/",
    "one person or two": "registrations/delegate/duplicates/{person}/{other_person}/",
    "password": "password_change/",
}
STAFF_PAGES = ("", "schedule/session/", "schedule/venue/{venue}/change/", "themes/theme/{theme}/change/")
BAD_ROW = "forum,venue,slug,name_en,capacity\nmarrakesh-2018,atlantis,attic,Attic,many\n"


class Organisation:
    """Somebody in the administration, in one language; collects what is wrong, so that one run names it all."""

    def __init__(self, portal, visit, account: str, language: str) -> None:
        portal.sql(f"UPDATE people_user SET language = '{language}' WHERE email = '{account}@example.org' RETURNING 1")
        self.language, self.faults, self.portal = language, {}, portal
        self.page = visit(account, locale=language)
        resize(self.page, PHONE)
        self.rows = {
            "delegate": "SELECT min(id) FROM registrations_delegate",
            "delegation": "SELECT min(id) FROM registrations_delegation",
            "person": "SELECT min(person_id) FROM registrations_delegate",
            "other_person": "SELECT max(person_id) FROM registrations_delegate",
            "forum": "SELECT id FROM schedule_forum WHERE is_current",
            "theme": "SELECT id FROM themes_theme WHERE number = 1",
            "venue": "SELECT id FROM schedule_venue ORDER BY id LIMIT 1",
            "opening": "SELECT id FROM schedule_session WHERE slug = 'opening'",
            "release": "SELECT max(id) FROM programme_release",
            "roundtable": "SELECT session_ptr_id FROM roundtables_roundtable ORDER BY 1 LIMIT 1",
        }
        self.rows = {name: portal.sql(query)[0][0] for name, query in self.rows.items()}

    def open(self, path: str) -> None:
        answer = self.page.goto("/admin/" + path.format(**self.rows))
        assert answer.status == 200, path
        assert self.page.evaluate("document.documentElement.lang") == self.language, path

    def read(self, what: str) -> None:
        self._note(what, [f"in English: {text}" for text in english_in(self.page, self.language)])
        self._note(what, self.page.evaluate(OURS))

    def look(self, what: str) -> None:
        self.read(what)
        self._note(what, breaches(self.page))

    def _note(self, what: str, faults: list[str]) -> None:
        for fault in faults:
            self.faults.setdefault(fault, []).append(what)

    def __str__(self) -> str:
        return "\n".join(f"{fault}\n    on {', '.join(where)}" for fault, where in self.faults.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_and_form_of_the_administration_keeps_the_rules(portal, visit, language):
    organiser = Organisation(portal, visit, "organiser", language)

    for model in MODELS:
        organiser.open(f"{model}/")
        organiser.look(model)
        first = organiser.page.locator("#result_list tbody a[href*='/change/']").first
        if first.count():
            organiser.page.goto(first.get_attribute("href"))
            organiser.look(f"{model}, a row")
        if model not in NOT_ADDED:
            organiser.open(f"{model}/add/")
            organiser.look(f"{model}, a new row")

    assert not organiser.faults, str(organiser)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_of_the_administration_keeps_the_rules(portal, visit, language):
    organiser = Organisation(portal, visit, "organiser", language)

    for what, path in PLAIN_PAGES.items():
        organiser.open(path)
        organiser.look(what)

    assert not organiser.faults, str(organiser)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_administration_answers_keeps_the_rules(portal, visit, language):
    organiser = Organisation(portal, visit, "organiser", language)
    page = organiser.page

    organiser.open("themes/section/add/")
    page.locator("#content form").evaluate("form => form.noValidate = true")
    page.locator("[name=_save]").click()
    page.wait_for_selector(".errornote")
    organiser.look("form with errors")

    organiser.open("schedule/room/import/")
    page.set_input_files(
        "[name=import_file]", {"name": "rooms.csv", "mimeType": "text/csv", "buffer": BAD_ROW.encode()}
    )
    page.select_option("[name=format]", label="CSV")
    page.locator("#content input[type=submit]").click()
    page.wait_for_selector("#content .errorlist, #content .import-preview, #content table")
    organiser.look("import refused")

    organiser.open("themes/theme/")
    page.locator(".action-select").first.check()
    page.select_option("[name=action]", "delete_selected")
    page.locator("#changelist .actions button").click()
    page.wait_for_selector("body.delete-selected-confirmation")
    organiser.look("deletion of the selected")

    title = portal.sql("SELECT title_en FROM schedule_session WHERE slug = 'opening'")[0][0]
    portal.sql("UPDATE schedule_session SET title_en = 'The solemn opening' WHERE slug = 'opening' RETURNING 1")
    try:
        organiser.open("programme/release/publish/")
        page.wait_for_selector(".subject")
        organiser.look("something to publish")
    finally:
        portal.sql(f"UPDATE schedule_session SET title_en = '{title}' WHERE slug = 'opening' RETURNING 1")

    organiser.open("")
    page.locator("#logout-form button").click()
    page.wait_for_load_state()
    organiser.read("signed out")

    assert not organiser.faults, str(organiser)


def test_the_longest_form_keeps_the_rules(portal, visit):
    organiser = Organisation(portal, visit, "organiser", "ar")

    organiser.open("roundtables/roundtable/{roundtable}/change/")
    organiser.look("roundtable")

    assert not organiser.faults, str(organiser)
    fields = organiser.page.locator("[name=title_en], [name=title_fr], [name=title_es], [name=title_ar]")
    marks = fields.evaluate_all("all => all.map(one => [one.name, one.lang, one.dir])")
    assert marks == [
        ["title_en", "en", "ltr"],
        ["title_fr", "fr", "ltr"],
        ["title_es", "es", "ltr"],
        ["title_ar", "ar", "rtl"],
    ]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_staff_may_only_look_at_is_translated(portal, visit, language):
    staff = Organisation(portal, visit, "staff", language)

    for path in STAFF_PAGES:
        staff.open(path)
        staff.read(path)

    assert not staff.faults, str(staff)


def test_the_administration_is_worked_by_keyboard(portal, visit):
    page = Organisation(portal, visit, "organiser", "en").page
    page.goto("/admin/people/person/")

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert skip == "skip-to-content-link"
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert re.fullmatch(r"[2-9]px", outline)
