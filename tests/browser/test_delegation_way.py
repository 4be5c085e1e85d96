"""A focal point and a delegation from the invitation to the last place, in a real browser."""

import re
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import Workbook

from .portal import wait_for
from .rules import settle
from .test_whole_way import Arabic, English, enter, mail_to

pytestmark = pytest.mark.browser

# A delegation with nobody in it, that of another focal point, and a business delegate who waits at Roundtable 3.1:
# there everybody may take part, but no seat behind the table is left.
SETTING = """
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone
from people.models import Party, Person, User
from programme.models import PublishedSession
from registrations import services
from registrations.models import Delegation, DelegationCategory, FocalPoint, Seating
from schedule.models import Forum

forum, now = Forum.objects.get(slug="marrakesh-2018"), timezone.now()

def account(name, **more):
    user = User.objects.create_user(
        f"{name}-SAY@example.org", "PASSWORD", language="SAY",
        privacy_version=forum.privacy_version, privacy_agreed_at=now, **more,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user

def delegation(party, category):
    return Delegation.objects.create(
        forum=forum, party=party, category=DelegationCategory.objects.get(code=category), letter_follows=True
    )

account("desk", is_staff=True).groups.set(Group.objects.filter(name="organiser"))
delegation(Party.objects.get(code="PARTY"), "member-state")
other = delegation(Party.objects.get(code="OTHER"), "member-state")
FocalPoint.objects.create(delegation=other, user=account("other"))
services.arrange_places(forum=forum, now=now)

PublishedSession.objects.filter(slug="roundtable-3-1").update(entry="all")
seating = Seating.objects.get(session__slug="roundtable-3-1")
seating.behind_seats = seating.registrations.confirmed().filter(place="behind").count()
seating.save()
names = {"short_name_en": "Soko", "short_name_fr": "Soko", "short_name_es": "Soko", "short_name_ar": "سوكو"}
trade = Party.objects.create(code="TRADE-SAY", kind="private_sector", **names)
business = delegation(trade, "business")
person = Person.objects.create(given_name="Bidhaa", family_name="Sokoni")
account("trade", person=person)
[delegate] = [services.enrol(
    delegation=business, user=person.user, profile=services.Profile(family_name="Sokoni", function="Trader"), now=now
)]
services.accredit(delegate=delegate, by=None, now=now)
waits = services.register(seating=seating, delegate=delegate, by=None, now=now)
assert waits.is_waiting
"""
HEADINGS = ["given_name", "family_name", "arabic_name", "function", "languages", "first_day"]
NAMES = ["Mmoja", "Mbili", "Tatu", "Nne", "Tano", "Sita"]
# Who sits where: two in each roundtable, in the morning as in the afternoon
PLACES = [("1.1", 0), ("1.1", 1), ("2.1", 2), ("2.1", 3), ("3.1", 4), ("3.1", 5)]
PLACES += [(f"{number[0]}.2", place) for number, place in PLACES]


class InEnglish(English):
    party, other = "UGA", "GHA"


class InArabic(Arabic):
    party, other = "TUN", "DZA"


@pytest.fixture(params=[InEnglish, InArabic], ids=["english", "arabic"])
def say(request, portal):
    say = request.param()
    setting = SETTING.replace("PASSWORD", portal.password).replace("SAY", say.language)
    portal.manage("shell", "-c", setting.replace("PARTY", say.party).replace("OTHER", say.other))
    yield say
    portal.sql(
        "UPDATE registrations_seating SET behind_seats = 30 WHERE session_id IN"
        " (SELECT id FROM schedule_session WHERE slug = 'roundtable-3-1') RETURNING id"
    )


def sheet(*rows) -> dict:
    book = Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "delegates.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def roundtable(say, number: str) -> str:
    return say("Roundtable %(number)s") % {"number": number}


def act(page, say, name: str, number: str):
    """The buttons of one delegate at one roundtable."""
    return page.locator("button[name=act]").filter(has_text=name).filter(has_text=roundtable(say, number))


def accredit(organiser, say, searched: str) -> None:
    organiser.goto(f"/admin/registrations/delegate/?state__exact=submitted&q={searched}")
    organiser.locator("#action-toggle").check()
    organiser.select_option("select[name=action]", label=say("Accredit"))
    organiser.click("button[name=index]")
    organiser.locator("#content .submit-row input").click()
    organiser.wait_for_selector(".messagelist .success")


def choose(page, field: str, typed: str) -> None:
    """In a field of the administration that searches while one types."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").fill(typed)
    page.locator(".select2-results__option:not(.loading-results)").first.click()


def test_focal_point_brings_a_delegation_to_the_table(portal, visit, say):
    [(delegation, uuid)] = portal.sql(
        "SELECT d.id, d.uuid FROM registrations_delegation d JOIN people_party p ON p.id = party_id"
        f" JOIN schedule_forum f ON f.id = forum_id WHERE p.code = '{say.party}' AND f.is_current"
    )
    organiser = visit(locale=say.locale)
    organiser.goto(f"/{say.language}/accounts/login/")
    enter(organiser, say, f"desk-{say.language}@example.org", portal.password)

    # An organiser invites a focal point, who makes an account from the mail.
    address = f"focal-{say.language}@example.org"
    organiser.goto(f"/admin/registrations/invitation/add/?delegation={delegation}&language={say.language}")
    organiser.fill("[name=email]", address)
    organiser.select_option("select[name=language]", say.language)
    organiser.locator("[name=_save]").click()
    organiser.wait_for_selector(".messagelist .success")
    mail = wait_for(lambda: mail_to(portal, address), what="the invitation")
    focal = visit(locale=say.locale)
    focal.goto(re.search(r"http://\S+/invitations/\S+/", mail.get_body(("plain",)).get_content()).group())
    for name in ("password1", "password2"):
        focal.fill(f"[name={name}]", portal.password)
    focal.check("[name=agreed]")
    focal.get_by_role("button", name=say("Make the account and accept")).click()
    focal.wait_for_url(lambda url: "/invitations/" not in url)

    # Six delegates come by spreadsheet; two rows are bad, so none is entered until they are mended.
    rows = [[f"{name[0]}.", name, "", "Adviser", "en", "2018-12-05"] for name in NAMES]
    bad = [list(row) for row in rows]
    bad[2][3], bad[4][5] = "", "2018-12-31"
    focal.goto(f"/{say.language}/delegation/{uuid}/import/")
    focal.set_input_files("input[type=file]", sheet(*bad))
    focal.locator("main").get_by_role("button", name=say("Look at the rows")).first.click()
    settle(focal)
    assert focal.get_by_role("heading", name=say("Nothing is entered yet")).is_visible()
    assert [focal.locator(f"#row-{number}").get_by_text(say("To be mended")).count() for number in range(2, 8)] == [
        0, 0, 1, 0, 1, 0,
    ]  # fmt: skip
    assert "D4" in focal.locator("#row-4").inner_text()
    assert "F6" in focal.locator("#row-6").inner_text()
    focal.set_input_files("input[type=file]", sheet(*rows))
    focal.locator("main").get_by_role("button", name=say("Look at the rows")).first.click()
    focal.locator("form:has([name=kept]) button").click()
    focal.goto(f"/{say.language}/delegation/")
    for name in NAMES:
        assert focal.get_by_role("link", name=name).first.is_visible()

    # An organiser accredits them.
    accredit(organiser, say, "Adviser")
    focal.reload()
    assert focal.locator("main table").first.get_by_text(say("Accredited")).count() == 6

    # They are placed in all six roundtables; a third of one delegation is one too many, and is told why.
    focal.goto(f"/{say.language}/delegation/{uuid}/places/")
    for number, place in PLACES:
        act(focal, say, NAMES[place], number).first.click()
        act(focal, say, NAMES[place], number).and_(focal.locator("[value^=out]")).wait_for()
    full = focal.locator(f"th[abbr='{roundtable(say, '1.1')}']").inner_text()
    with translation.override(say.language):
        sentence = translation.ngettext(
            "{party} has its one place here in use: {names}.",
            "{party} has all of its {n} places here in use: {names}.",
            2,
        )
    assert all(words.strip() in full for words in re.split(r"\{\w+\}", sentence) if len(words.strip()) > 3)
    assert "Mmoja" in full
    assert "Mbili" in full
    assert act(focal, say, "Tatu", "1.1").count() == 0

    # On a phone the head is replaced: every place of the name is listed first.
    focal.goto(f"/{say.language}/delegation/{uuid}/head/")
    focal.select_option("[name=delegate]", label=focal.locator("[name=delegate] option", has_text="Mmoja").inner_text())
    focal.locator("main form button[type=submit]").first.click()
    focal.set_viewport_size({"width": 390, "height": 844})
    focal.goto(f"/{say.language}/delegation/")
    focal.get_by_role("link", name="Mmoja").first.click()
    focal.get_by_role("link", name=say("Replace by another person")).click()
    standing = focal.locator("section[aria-labelledby=where]").inner_text()
    for words in (
        say("Heads the delegation: %(words)s").partition(":")[0],
        roundtable(say, "1.1"),
        roundtable(say, "1.2"),
    ):
        assert words in standing
    focal.fill("[name=family_name]", "Mrithi")
    focal.fill("[name=function]", "Minister")
    focal.get_by_role("button", name=say("Replace everywhere")).click()
    accredit(organiser, say, "Mrithi")
    focal.goto(f"/{say.language}/delegation/")
    assert "Mrithi" in focal.locator("main aside").inner_text()
    focal.set_viewport_size({"width": 1280, "height": 900})
    focal.goto(f"/{say.language}/delegation/{uuid}/places/")
    for number in ("1.1", "1.2"):
        assert act(focal, say, "Mrithi", number).and_(focal.locator("[value^=out]")).count() == 1

    # An adviser is withdrawn: the place stays, to be named. Released, it goes to the business delegate who waits.
    focal.goto(f"/{say.language}/delegation/")
    focal.get_by_role("link", name="Sita").first.click()
    focal.get_by_role("link", name=say("Withdraw"), exact=True).click()
    focal.locator("main form button[type=submit]").first.click()
    focal.goto(f"/{say.language}/delegation/{uuid}/places/")
    unnamed = focal.locator(f"th[abbr='{roundtable(say, '3.1')}'] .unnamed a")
    assert unnamed.count() == 1
    trader = f"trade-{say.language}@example.org"
    mails = f"SELECT count(*) FROM post_office_email WHERE \"to\" = '{trader}'"
    [(before,)] = portal.sql(mails)
    unnamed.click()
    focal.get_by_role("button", name=say("Release the place")).click()
    focal.wait_for_url(re.compile("/places/$"))
    state = (
        "SELECT status, place FROM registrations_registration r JOIN people_user u ON u.person_id = r.person_id"
        f" WHERE u.email = '{trader}'"
    )
    assert portal.sql(state) == [("confirmed", "behind")]
    assert portal.sql(mails) == [(before + 1,)]

    # The chair wants a third of them in Roundtable 1.1: an organiser grants it, on the chair's word.
    organiser.goto("/admin/registrations/seatexception/add/")
    choose(organiser, "seating", "roundtable-1-1")
    choose(organiser, "delegate", f"Tatu {say.party}")
    organiser.select_option("[name=place]", "behind")
    organiser.fill("[name=authorised_by]", "Co-chairs")
    organiser.fill("[name=authorised_at_0]", "2018-12-06")
    organiser.fill("[name=authorised_at_1]", "10:40")
    organiser.fill("[name=reason]", "Item 2")
    organiser.locator("[name=_save]").click()
    organiser.wait_for_selector(".messagelist .success")
    focal.goto(f"/{say.language}/delegation/{uuid}/places/")
    assert act(focal, say, "Tatu", "1.1").and_(focal.locator("[value^=out]")).count() == 1

    # To the focal point of another delegation none of this exists.
    other = visit(locale=say.locale)
    other.goto(f"/{say.language}/accounts/login/")
    enter(other, say, f"other-{say.language}@example.org", portal.password)
    delegates = portal.sql(f"SELECT uuid FROM registrations_delegate WHERE delegation_id = {delegation}")
    pages = [f"/delegation/{uuid}/{page}" for page in ("", "places/", "import/", "invitations/", "letters/", "head/")]
    pages += [f"/delegation/delegates/{delegate}/" for (delegate,) in delegates[:2]]
    assert {other.request.get(f"{portal.url}/{say.language}{page}").status for page in pages} == {404}
