"""How a delegation comes in, in every language: invitations by e-mail, their acceptance, a spreadsheet of delegates."""

import re

import pytest

from .pages import LANGUAGES
from .test_every_page import Look

pytestmark = pytest.mark.browser

HEADINGS = "honorific,given_name,family_name,arabic_name,function,languages,needs,first_day,last_day\n"
GOOD = HEADINGS + 'H.E. Ms.,Amina,SPECIMEN,أمينة,Minister,"en, fr",Ramp,,\n,Kamau,Kielezo,,Counsellor,,,2018-12-06,\n'
BAD = GOOD + ",Only,,,Adviser,xx,,soon,\n"


@pytest.fixture
def kenya(portal):
    """The address of the delegation that the demo's focal point looks after; nothing of it stays."""
    [(uuid,)] = portal.sql(
        "SELECT delegation.uuid FROM registrations_delegation delegation"
        " JOIN people_party party ON party.id = delegation.party_id WHERE party.code = 'KEN'"
    )
    with portal.leaving_no_new("registrations_invitation"):
        yield f"delegation/{uuid}/"


def answers(page, selector: str) -> None:
    page.locator(selector).first.wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_invitations_and_spreadsheets_keep_the_rules(visit, portal, kenya, language, tmp_path):
    page, look = visit("focalpoint", locale=language), Look(language)

    page.goto(f"/{language}/{kenya}invitations/")
    look.at(page, "no invitations")
    page.fill("[name=emails]", "nobody")
    page.click(".seat button[type=submit]")
    answers(page, ".note.warn")
    look.at(page, "an address refused")
    page.fill("[name=emails]", "amina@example.org, omar@example.org")
    page.click(".seat button[type=submit]")
    answers(page, ".note.good")
    look.at(page, "invitations")
    page.locator("td a.btn").first.click()
    answers(page, ".why")
    look.at(page, "one to be withdrawn")

    [(text,)] = portal.sql("SELECT message FROM post_office_email ORDER BY id DESC LIMIT 1")
    invitation = re.search(r"/invitations/\S+", text)[0]
    page.goto(f"/{language}{invitation}")
    look.at(page, "an invitation, signed in")
    stranger = visit(locale=language)
    stranger.goto(f"/{language}{invitation}")
    look.at(stranger, "an invitation to a stranger")
    assert stranger.goto(f"/{language}/invitations/no-such-key/").status == 404
    look.at(stranger, "no invitation")

    for name, content in (("bad.csv", BAD), ("good.csv", GOOD)):
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        page.goto(f"/{language}/{kenya}import/")
        look.at(page, "import")
        page.set_input_files("[name=file]", file)
        page.click(".seat button[type=submit]")
        answers(page, "table")
        look.at(page, name)

    assert not look.faults, str(look)
