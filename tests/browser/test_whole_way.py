"""The portal as its users meet it, in a real browser, on a real PostgreSQL, Valkey, worker and beat."""

import email
import email.policy
import re
import unicodedata
import urllib.request
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.utils import translation

from .portal import Portal, wait_for

pytestmark = pytest.mark.browser

OF_THE_MAIL = (
    "This address was given to the portal of the forum. Confirm that it is yours; the forum writes to you there."
)
# Who speaks English is in the demo.
ARABIC_SPEAKERS = """
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone
from people.models import Party, Person, User
from registrations.models import Delegate, Delegation, DelegationCategory
from registrations.services import accredit
from schedule.models import Forum

forum, now = Forum.objects.get(slug="marrakesh-2018"), timezone.now()

def account(name, **more):
    user = User.objects.create_user(
        f"{name}-ar@example.org", "PASSWORD", language="ar",
        privacy_version=forum.privacy_version, privacy_agreed_at=now, **more,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user

for name in ("organiser", "staff"):
    account(name, is_staff=True).groups.set(Group.objects.filter(name=name))
person = Person.objects.create(honorific="Ms.", given_name="Salma", family_name="Namudhaj", arabic_name="سلمى نموذج")
account("delegate", person=person)
delegation = Delegation.objects.create(
    forum=forum, party=Party.objects.get(code="EGY"), category=DelegationCategory.objects.get(code="member-state"),
    letter_follows=True,
)
delegate = Delegate.objects.create(
    person=person, delegation=delegation, function="مستشارة", position=1, languages=["ar"], submitted_at=now
)
accredit(delegate=delegate, by=User.objects.get(email="organiser-ar@example.org"), now=now)
"""


class English:
    """One language as the people of a test read and write it."""

    language, locale, account = "en", "en-GB", ""
    question_number = 3
    question = "What do free movement and integration owe one another, and who keeps the account?"
    question_again = "What do free movement and integration owe one another, and who keeps the books?"
    title = "Regional mobility and policy coherence"
    on_the_agenda = "Beyond Remittances"
    on_the_day = "Oliveraie"
    day = "6 December"
    name, party = "Mfano", "KEN"

    def __call__(self, text: str) -> str:
        """What the portal says for `text`, by its catalogues."""
        with translation.override(self.language):
            return translation.gettext(text)


class Arabic(English):
    language, locale, account = "ar", "ar", "-ar"
    question_number = 4
    question = "بم تدين حرية الحركة للتكامل، وبم يدين هو لها، ومن يمسك الحساب؟"
    question_again = "بم تدين حرية الحركة للتكامل، وبم يدين هو لها، ومن يمسك الدفتر؟"
    title = "دعم التنقل الإقليمي وتنسيق السياسات"
    on_the_agenda = "العابرة للحدود"
    on_the_day = "دعم التنقل"
    day = "6 كانون"
    name, party = "Namudhaj", "EGY"


@pytest.fixture(scope="module")
def arabic_speakers(portal):
    portal.manage("shell", "-c", ARABIC_SPEAKERS.replace("PASSWORD", portal.password))


@pytest.fixture(params=[English, Arabic], ids=["english", "arabic"])
def say(request):
    if request.param is Arabic:
        request.getfixturevalue("arabic_speakers")
    return request.param()


@pytest.fixture
def person(portal, visit, say):
    """Somebody who uses the portal in the language of `say`, signed in where an account is named."""

    def person_of(account: str = ""):
        page = visit(locale=say.locale)
        if account:
            enter(page, say, f"{account}{say.account}@example.org", portal.password)
        return page

    return person_of


def enter(page, say, address: str, password: str) -> None:
    page.goto(f"/{say.language}/accounts/login/")
    page.get_by_label(say("E-mail address")).fill(address)
    page.get_by_label(say("Password"), exact=True).fill(password)
    page.locator("main").get_by_role("button", name=say("Sign in"), exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def text_of(path: Path) -> str:
    """The letters of a PDF, not their shapes. What Amiri draws as one, such as lam-alef, may come out reversed."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))


def address_of_code(path: Path) -> str:
    """Where the link in the foot of a print leads; in the text of a page that runs to the left it stands in pieces."""
    with pikepdf.open(path) as pdf:
        links = [
            str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", []) if "/URI" in link.get("/A", {})
        ]
    return next(link for link in links if "/verify/" in link)


def ask_for_print(page, say, kind: str, name: str, narrowed: str, tmp_path: Path) -> Path:
    """Ask at the desk for the only one there is, watch its row without loading again, download what comes."""
    page.goto(f"/{say.language}/documents/ask/?kind={kind}&{narrowed}")
    page.get_by_role("button", name=say("Ask for it"), exact=True).click()
    row = page.locator("tr[id^=print-]", has_text=name).first
    row.get_by_text(say("Ready"), exact=True).wait_for(timeout=60_000)
    with page.expect_download() as download:
        row.get_by_role("link", name=say("Download")).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def change_question(page, portal, say, text: str) -> None:
    """A guiding question of Roundtable 2.2, in the admin; another forum may have one of this name."""
    [(forum,)] = portal.sql("SELECT id FROM schedule_forum WHERE is_current")
    page.goto(f"/admin/roundtables/roundtable/?forum__id__exact={forum}&q={say.title}")
    page.locator("#result_list").get_by_role("link", name=say.title).first.click()
    field = page.locator(f"[name=guiding_questions-{say.question_number - 1}-text_{say.language}]")
    field.wait_for(state="attached")
    if not field.is_visible():
        page.locator("details", has=field).get_by_text(say("In French, Spanish and Arabic")).click()
    field.fill(text)
    page.get_by_role("button", name=say("Save"), exact=True).click()
    page.wait_for_selector(".messagelist .success")


def publish(page, say, note: str) -> None:
    page.goto("/admin/programme/release/publish/")
    assert page.get_by_role("heading", name=say("Publish")).count()
    page.fill("[name=note]", note)
    page.get_by_role("button", name=say("Publish"), exact=True).click()
    page.wait_for_selector(".messagelist .success")


def test_change_is_edited_published_read_seated_and_printed(portal, say, person, tmp_path):
    organiser, reader, delegate, staff = person("organiser"), person(), person("delegate"), person("staff")
    roundtable = f"/{say.language}/roundtables/2.2/"

    # An organiser changes a guiding question: in the preview, not yet on the page.
    change_question(organiser, portal, say, say.question)
    organiser.goto(f"/{say.language}/preview/roundtables/2.2/")
    assert organiser.locator(f"#q{say.question_number}").get_by_text(say.question).is_visible()
    reader.goto(roundtable)
    assert say.question not in reader.content()

    # … and publishes.
    publish(organiser, say, "2.2")
    wait_for(lambda: say.question in (reader.reload() and reader.content()), seconds=5, what="the new release")

    # A delegate takes a seat in one click.
    delegate.goto(roundtable)
    delegate.get_by_role("button", name=say("Take a place")).click()
    delegate.get_by_text(say("Your place is confirmed. If you give it up, it stays with your delegation.")).wait_for()
    delegate.goto(f"/{say.language}/my/")
    assert delegate.get_by_role("heading", name=say.title).is_visible()

    # Staff download the concept note, the agendas and the delegate's pack; the change is in them.
    name_of_note = say("Concept note")
    note = ask_for_print(staff, say, "concept_note", name_of_note, "subject=roundtable-2-2", tmp_path)
    assert say.question in text_of(note)
    agenda = ask_for_print(staff, say, "agenda", say("Organization of work"), "", tmp_path)
    assert say.on_the_agenda in text_of(agenda)
    day = ask_for_print(staff, say, "agenda_of_day", say.day, "subject=2018-12-06", tmp_path)
    assert say.on_the_day in text_of(day)
    pack = ask_for_print(staff, say, "participant_pack", say.name, f"q={say.name}", tmp_path)
    assert say.question in text_of(pack)
    assert say.name.upper() in text_of(pack).upper()

    # The code on the print says that it holds.
    reader.goto(address_of_code(note))
    assert reader.get_by_role("heading", name=say("This print holds"), exact=True).is_visible()
    assert "2.2" in reader.inner_text("main")

    # Once more changed and published, the print no longer does.
    change_question(organiser, portal, say, say.question_again)
    publish(organiser, say, "2.2")
    out_of_date = reader.get_by_role("heading", name=say("This print is out of date"), exact=True)
    wait_for(lambda: reader.reload() and out_of_date.count(), seconds=5, what="the verdict")
    staff.goto(f"/{say.language}/documents/")
    row = staff.locator("tr[id^=print-]", has_text=name_of_note).first
    stale = row.get_by_text(say("Out of date"), exact=True)
    wait_for(lambda: staff.reload() and stale.count(), seconds=5, what="the print to be out of date")


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


def test_newcomer_signs_up_is_accredited_and_takes_a_seat(portal, say, person):
    key = portal.sql(
        "SELECT registration_key FROM registrations_delegation JOIN people_party p ON p.id = party_id"
        f" WHERE p.code = '{say.party}'"
    )[0][0]
    newcomer, organiser = person(), person("organiser")
    address = f"newcomer{say.account}@example.org"

    newcomer.goto(f"/{say.language}/accounts/signup/")
    for name, value in {
        "email": address,
        "password1": portal.password,
        "password2": portal.password,
        "registration_key": key,
        "given_name": "Amina",
        "family_name": f"Specimen{say.account}",
        "function": "Adviser",
    }.items():
        newcomer.fill(f"[name={name}]", value)
    newcomer.check("[name=agreed]")
    newcomer.locator("main").get_by_role("button", name=say("Register"), exact=True).click()

    # The mail with the link speaks the language of the page.
    mail = wait_for(lambda: mail_to(portal, address), what="the mail with the link")
    words = mail.get_body(("plain",)).get_content()
    assert say("Confirm your e-mail address") in mail["subject"]
    assert say(OF_THE_MAIL) in words
    newcomer.goto(re.search(r"http://\S+/accounts/confirm-email/\S+/", words).group())
    newcomer.locator("main").get_by_role("button", name=say("Confirm"), exact=True).click()
    if "/accounts/login" in newcomer.url:
        enter(newcomer, say, address, portal.password)

    newcomer.goto(f"/{say.language}/roundtables/1.1/")
    assert newcomer.get_by_role("button", name=say("Take a place")).is_disabled()

    organiser.goto(f"/admin/registrations/delegate/?q=Specimen{say.account}+Amina")
    organiser.locator("#result_list input.action-select").first.check()
    organiser.select_option("select[name=action]", label=say("Accredit"))
    organiser.click("button[name=index]")
    organiser.locator("#content .submit-row input").click()
    organiser.wait_for_selector(".messagelist .success")

    newcomer.reload()
    newcomer.get_by_role("button", name=say("Take a place")).click()
    newcomer.get_by_text(say("Your place is confirmed. If you give it up, it stays with your delegation.")).wait_for()


def mail_to(portal: Portal, address: str):
    for path in sorted((portal.folder / "mail").glob("*")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if address in str(message["to"]):
            return message
    return None


def test_print_waits_for_the_worker(portal, visit):
    staff = visit("staff")
    portal.end("worker", hard=True)
    try:
        staff.goto("/en/documents/ask/?kind=concept_note&subject=roundtable-1-2")
        staff.click("text=Ask for it")
        row = staff.locator("tr[id^=print-]", has_text="1.2").first
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
        staff.goto("/en/documents/ask/?kind=concept_note&subject=roundtable-3-1")
        staff.click("text=Ask for it")
        row = staff.locator("tr[id^=print-]", has_text="3.1").first
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
