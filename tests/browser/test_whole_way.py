"""The portal as its users meet it, in a real browser, on a real PostgreSQL, Valkey, worker and beat."""

import email
import email.policy
import re
import urllib.request
from pathlib import Path

import pypdfium2
import pytest

from .conftest import sign_in
from .portal import Portal, wait_for

pytestmark = pytest.mark.browser


def text_of(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in pdf))
    finally:
        pdf.close()


def ask_for_print(page, kind: str, name: str, fill, tmp_path: Path) -> Path:
    """Ask on the page of documents, watch the row without loading again, download what comes."""
    page.goto(f"/en/documents/?kind={kind}")
    fill(page)
    page.click("text=Ask for it")
    row = page.locator("tbody tr", has_text=name).first
    row.get_by_text("Ready", exact=True).wait_for(timeout=60_000)
    with page.expect_download() as download:
        row.get_by_role("link", name="Download").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def choose(**values: str):
    def fill(page) -> None:
        for name, value in values.items():
            field = page.locator(f"[name={name}]:visible")
            if field.count() and field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            elif field.count():
                field.fill(value)

    return fill


def change_question(page, text: str) -> None:
    """The third guiding question of Roundtable 2.2, in the admin."""
    page.goto("/admin/roundtables/roundtable/?q=Regional+mobility+and+policy")
    page.click("#result_list a:has-text('Regional mobility')")
    page.fill("[name=guiding_questions-2-text_en]", text)
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")


def publish(page, note: str) -> None:
    page.goto("/admin/programme/release/publish/")
    page.fill("[name=note]", note)
    page.click("input[type=submit][value=Publish]")
    page.wait_for_selector(".messagelist .success")


QUESTION = "What do free movement and integration owe one another, and who keeps the account?"


def test_change_is_edited_published_read_seated_and_printed(portal, visit, tmp_path):
    organiser, reader, delegate, staff = visit("organiser"), visit(), visit("delegate"), visit("staff")

    # An organiser changes a guiding question: in the preview, not yet on the page.
    change_question(organiser, QUESTION)
    organiser.goto("/en/preview/roundtables/2.2/")
    assert organiser.locator("#q3").get_by_text(QUESTION).is_visible()
    reader.goto("/en/roundtables/2.2/")
    assert QUESTION not in reader.content()

    # … and publishes.
    publish(organiser, "A question of 2.2")
    wait_for(lambda: QUESTION in (reader.reload() and reader.content()), seconds=5, what="the new release")

    # A delegate takes a seat in one click.
    delegate.goto("/en/roundtables/2.2/")
    delegate.get_by_role("button", name="Take a place").click()
    delegate.get_by_text("Your place is confirmed").wait_for()
    delegate.goto("/en/my/")
    assert delegate.get_by_role("heading", name="Regional mobility and policy coherence").is_visible()

    # Staff download the concept note, the agendas and the delegate's pack; the change is in them.
    note = ask_for_print(staff, "concept_note", "Concept note", choose(subject="roundtable-2-2"), tmp_path)
    assert QUESTION in text_of(note)
    agenda = ask_for_print(staff, "agenda", "Organization of work", choose(), tmp_path)
    assert "Beyond Remittances" in text_of(agenda)
    day = ask_for_print(staff, "agenda_of_day", "6 December", choose(subject="2018-12-06"), tmp_path)
    assert "Oliveraie" in text_of(day)
    pack = ask_for_print(staff, "participant_pack", "Mfano", choose(subject="Mfano"), tmp_path)
    assert QUESTION in text_of(pack)
    assert "MFANO" in text_of(pack).upper()

    # The code on the print says that it holds.
    code = re.search(r"verify/(\w+)", text_of(note)).group(1)
    reader.goto(f"/verify/{code}/")
    assert "2.2" in reader.inner_text("main")

    # Once more changed and published, the print no longer does.
    change_question(organiser, QUESTION.replace("account", "books"))
    publish(organiser, "Again")
    wait_for(lambda: "holds" not in reader.inner_text("h1") or reader.reload(), seconds=5, what="the verdict")
    staff.goto("/en/documents/")
    wait_for(
        lambda: (
            staff.reload()
            and staff.locator("tbody tr", has_text="Concept note").first.get_by_text("Out of date").count()
        ),
        seconds=5,
        what="the print to be out of date",
    )


def test_delegate_gets_the_own_pack_and_nobody_elses(portal, visit):
    delegate, observer = visit("delegate"), visit("observer")

    delegate.goto("/en/my/")
    delegate.get_by_role("button", name="Make your pack").or_(delegate.get_by_role("button", name="Make it again")).or_(
        delegate.get_by_role("link", name="Download")
    ).first.click()
    delegate.get_by_role("link", name="Download").first.wait_for(timeout=60_000)
    address = delegate.get_by_role("link", name="Download").first.get_attribute("href")

    assert observer.request.get(portal.url + address).status in (403, 404)
    assert visit().request.get(portal.url + address, max_redirects=0).status == 302
    assert delegate.request.get(portal.url + address).headers["content-type"] == "application/pdf"


def test_unknown_code_and_previews_are_refused(visit, portal):
    reader, delegate, staff = visit(), visit("delegate"), visit("staff")

    assert reader.goto("/verify/NOSUCHCODE/").status == 404
    assert "NOSUCHCODE" not in reader.title()
    reader.goto("/en/preview/")
    assert "/accounts/login/" in reader.url
    assert delegate.goto("/en/preview/programme/").status == 403
    assert staff.goto("/en/preview/roundtables/2.2/").status == 403
    assert delegate.goto("/admin/").status == 403 or "/accounts/" in delegate.url


def test_newcomer_signs_up_is_accredited_and_takes_a_seat(portal, visit):
    key = portal.sql(
        "SELECT registration_key FROM registrations_delegation JOIN people_party p ON p.id = party_id"
        " WHERE p.code = 'KEN'"
    )[0][0]
    newcomer, organiser = visit(), visit("organiser")

    newcomer.goto("/en/accounts/signup/")
    for name, value in {
        "email": "newcomer@example.org",
        "password1": portal.password,
        "password2": portal.password,
        "registration_key": key,
        "given_name": "Amina",
        "family_name": "Specimen",
        "function": "Adviser",
    }.items():
        newcomer.fill(f"[name={name}]", value)
    newcomer.check("[name=agreed]")
    newcomer.click("main button[type=submit]")

    link = wait_for(lambda: confirmation_link(portal, "newcomer@example.org"), what="the mail with the link")
    newcomer.goto(link)
    if newcomer.locator("main form button[type=submit]").count():
        newcomer.locator("main form button[type=submit]").first.click()
    if "/accounts/login" in newcomer.url:
        sign_in(newcomer, "newcomer@example.org", portal.password)

    newcomer.goto("/en/roundtables/1.1/")
    assert newcomer.get_by_role("button", name="Take a place").is_disabled()

    organiser.goto("/admin/registrations/delegate/?q=Specimen+Amina")
    organiser.locator("#result_list input.action-select").first.check()
    organiser.select_option(
        "select[name=action]",
        label=organiser.locator("select[name=action] option", has_text="ccredit").first.inner_text(),
    )
    organiser.click("button[name=index]")
    organiser.wait_for_selector(".messagelist .success")

    newcomer.reload()
    newcomer.get_by_role("button", name="Take a place").click()
    newcomer.get_by_text("Your place is confirmed").wait_for()


def confirmation_link(portal: Portal, address: str) -> str:
    for path in sorted((portal.folder / "mail").glob("*")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if address in str(message["to"]):
            found = re.search(r"http://\S+/accounts/confirm-email/\S+/", message.get_body(("plain",)).get_content())
            if found:
                return found.group()
    return ""


def test_print_waits_for_the_worker(portal, visit):
    staff = visit("staff")
    portal.end("worker", hard=True)
    try:
        staff.goto("/en/documents/?kind=concept_note")
        staff.select_option("[name=subject]", "roundtable-1-2")
        staff.click("text=Ask for it")
        row = staff.locator("tbody tr", has_text="1.2").first
        row.get_by_text("Queued", exact=True).wait_for()
    finally:
        portal.run_worker()

    row.get_by_text("Ready", exact=True).wait_for(timeout=60_000)


def test_portal_goes_on_while_the_broker_is_away(portal, visit):
    delegate, staff = visit("delegate"), visit("staff")
    portal.broker.shut()
    try:
        assert portal.get("/en/programme/")[0] == 200
        delegate.goto("/en/roundtables/1.1/")
        delegate.get_by_role("button", name="Take a place").click()
        delegate.get_by_text("Your place is confirmed").wait_for()
        staff.goto("/en/documents/?kind=concept_note")
        staff.select_option("[name=subject]", "roundtable-3-1")
        staff.click("text=Ask for it")
        row = staff.locator("tbody tr", has_text="3.1").first
        row.get_by_text("Queued", exact=True).wait_for()
    finally:
        portal.broker.open()

    row.get_by_text("Ready", exact=True).wait_for(timeout=90_000)


def test_pages_are_read_while_the_database_is_away(portal, visit):
    delegate = visit("delegate")
    portal.database.shut()
    try:
        for path in ("/en/", "/en/programme/", "/ar/roundtables/3.2/", "/fr/workshops/", "/en/themes/1/"):
            assert portal.get(path)[0] == 200, path
        assert delegate.goto("/en/roundtables/2.1/").status == 200  # with the cookie of a session
        assert portal.get("/readyz")[0] == 503
        assert portal.get("/healthz")[0] == 200
        delegate.close()
        visit.complaints.clear()  # the account's corner and the seat panel have nobody to ask
        assert urllib.request.urlopen(portal.url + "/en/programme/").headers["ETag"]
    finally:
        portal.database.open()

    wait_for(lambda: portal.get("/readyz")[0] == 200, what="the portal to be ready again")
