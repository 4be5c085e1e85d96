import html
import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import building, services
from documents.kinds import words
from documents.models import Document
from documents.standing import standing
from documents.vouching import vouch
from programme import releases
from programme.models import Release
from programme.services import withdraw
from registrations.badges import address_of, code_of
from schedule.models import Forum
from schedule.services import exchange_rooms
from tests.registrations import scene

from .test_packs import add as add_paper
from .test_views import pack_of, ready


def verify(code, language="en"):
    return Client().get(f"/verify/{code}/", headers={"Accept-Language": language})


def test_verify_says_that_a_print_holds(desk, slugs):
    row = ready(desk.staff, subject=slugs["2.2"])

    page = verify(row.code)

    assert page.status_code == 200
    text = page.content.decode()
    assert "This print holds" in text
    assert "GFMD/2018/RT.2.2/1" in text
    assert verify(row.code.lower()).status_code == 200


def test_verify_says_what_has_changed_since(desk, slugs):
    row, other = ready(desk.staff, subject=slugs["2.1"]), ready(desk.staff, subject=slugs["2.2"])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()

    text = verify(row.code).content.decode()
    assert "This print is out of date" in text
    assert "guiding questions" in text
    assert "This print holds" in verify(other.code).content.decode()


def made_by_an_earlier_version(row):
    """As if the code that read it had called something of it otherwise."""
    Document.objects.filter(pk=row.pk).update(recipe="an earlier one", digest="0" * 64)


def test_print_of_an_earlier_version_holds_until_a_release_changes_what_it_says(desk, slugs):
    row = ready(desk.staff, subject=slugs["2.1"])
    made_by_an_earlier_version(row)

    assert "This print holds" in verify(row.code).content.decode()
    assert standing(Document.objects.get(pk=row.pk)).state == "ready"
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()

    text = verify(row.code).content.decode()
    assert "This print is out of date" in text
    assert "guiding questions" in text


def test_print_of_a_person_by_an_earlier_version_may_hold_until_what_it_says_changes(desk):
    desk.give_place(desk.wanjiru, "2.2")
    pack = pack_of(desk, desk.wanjiru)
    letter = ready(desk.staff, kind="invitation_letter", subject=str(desk.wanjiru.uuid))
    for row in (pack, letter):
        made_by_an_earlier_version(row)
        assert "This print may still hold" in verify(row.code).content.decode()
        found = standing(Document.objects.get(pk=row.pk))
        assert (found.state, found.changes) == ("stale", ["made by an earlier version of the portal"])

    desk.wanjiru.function = "Minister of the diaspora"
    desk.wanjiru.save()

    assert "Something it shows has changed since" in verify(pack.code).content.decode()
    assert "It is no longer valid as it stands" in verify(letter.code).content.decode()


def test_old_pack_says_which_room_and_since_when_in_the_language_of_the_reader(desk):
    desk.give_place(desk.wanjiru, "1.1")
    row = pack_of(desk, desk.wanjiru)
    packs = ready(desk.staff, "delegation_bundle", str(desk.wanjiru.delegation.uuid))
    desk.give_place(desk.wanjiru, "2.2")  # of the register, so nobody else’s business
    exchange_rooms(one=desk.roundtable("1.1"), other=desk.roundtable("2.1"))
    second = desk.publish()
    room = desk.roundtable("1.1").room

    leads = {
        "ar": "المائدة المستديرة",
        "fr": "Table ronde 1.1\N{NO-BREAK SPACE}: nouvelle salle\N{NO-BREAK SPACE}: ",
        "en": "Roundtable 1.1: new room: ",
    }
    for language, lead in leads.items():
        text = verify(row.code, language).content.decode()
        assert getattr(room, f"name_{language}") in text
        assert lead in text
    assert [change.partition(":")[0] for change in vouch(row).changes] == ["Roundtable 1.1"]
    assert vouch(packs).changes == vouch(row).changes
    at = second.created_at.astimezone(desk.forum.zone)
    assert f"Superseded on {at.day} {at:%B %Y}, {at:%H:%M}" in verify(row.code).content.decode()


def test_only_what_changed_in_the_language_of_the_print_is_told(desk, slugs):
    row = ready(desk.staff, subject=slugs["1.1"], language="fr")
    roundtable = desk.roundtable("1.1")
    roundtable.summary_fr, roundtable.title_en = "Tout autre chose.", "Quite another title"
    roundtable.save()
    desk.publish()

    for language, summary in (("en", "summary"), ("fr", "résumé")):
        with translation.override(language):
            assert vouch(row).changes == (summary,)
        assert f"<li>{summary}</li>" in verify(row.code, language).content.decode()


def test_room_is_named_to_the_reader_where_no_more_than_it_changed_in_their_language(desk, slugs):
    rows = [
        ready(desk.staff, subject=slugs["1.1"], language="ar"),
        ready(desk.staff, kind="agenda", language="ar"),
    ]
    exchange_rooms(one=desk.roundtable("1.1"), other=desk.roundtable("2.1"))
    desk.publish()
    room = desk.roundtable("1.1").room
    assert room.name_en != room.name_ar
    assert [f"new room: {room.name_en}" in " ".join(vouch(row).changes) for row in rows] == [True, True]

    roundtable = desk.roundtable("1.1")
    roundtable.title_en = "Quite another title"
    roundtable.save()
    desk.publish()

    for row in rows:
        said = " ".join(vouch(row).changes)
        assert f"new room: {room.name_ar}" in said
        assert "title" not in said


def test_old_pack_says_which_of_its_papers_are_new(desk):
    desk.give_place(desk.wanjiru, "2.2")
    paper = add_paper(desk.roundtable("2.2").session_ptr)
    practical = desk.forum.sections.filter(kind="practical").first()
    desk.publish()
    row = pack_of(desk, desk.wanjiru)
    paper.delete()
    practical.body_en += " The doors open at eight."
    practical.save()
    desk.reword("2.2", 1, "What is lent?")
    desk.publish()

    changes = ("Roundtable 2.2: background papers", "Roundtable 2.2: concept note", "practical information")
    assert vouch(row).changes == changes
    page = verify(row.code, "fr")
    assert page.status_code == 200
    assert "informations pratiques" in page.content.decode()


def test_verify_names_the_release_that_superseded_it_not_the_newest(desk, slugs):
    row = ready(desk.staff, subject=slugs["2.1"])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()
    desk.reword("2.2", 1, "Another?")
    desk.publish()

    vouched = vouch(row)

    second = Release.objects.get(number=2).created_at
    assert vouched.since == words.moment(second, desk.forum.time_zone, 2018)
    assert vouched.changes == ("guiding questions",)


def test_drafts_are_not_vouched_for_and_tell_nothing(desk, slugs):
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    row = services.request_document(kind="concept_note", subject=slugs["2.1"], language="en", by=desk.staff, draft=True)
    building.build(str(row.uuid))

    text = verify(row.code).content.decode()

    assert "This print is a draft" in text
    assert "Compared with" not in text
    assert "South-South" not in text


def test_language_switch_stays_on_the_page(desk, slugs):
    row = ready(desk.staff, subject=slugs["2.2"])
    [address] = re.findall(r'href="([^"]*)" lang="ar"', verify(row.code).content.decode())

    page = Client().get(html.unescape(address))

    assert 'lang="ar" dir="rtl"' in page.content.decode()
    assert row.code in page.content.decode()


def test_verify_compares_with_the_newest_edition_of_the_forum_of_the_print(desk, slugs):
    row = ready(desk.staff, subject=slugs["2.2"])
    Forum.objects.filter(pk=desk.forum.pk).update(is_current=False)
    other = scene.make_forum("lima-2028")
    Forum.objects.filter(pk=other.pk).update(time_zone="America/Lima")  # its edition has another hour
    other.refresh_from_db()
    scene.make_session(other, "a")
    theirs = scene.publish(other)
    releases.shelf.clear()

    text = verify(row.code).content.decode()

    at = releases.current(desk.forum.slug).published_at.astimezone(desk.forum.zone)
    assert theirs.number == releases.current().number
    assert f"Compared with the newest edition: Programme of {at.day} {at:%B %Y}, {at:%H:%M}." in text


def test_verify_of_a_pack_shows_nothing_of_the_person(desk):
    row = pack_of(desk, desk.wanjiru)
    desk.give_place(desk.wanjiru, "2.2")

    text = verify(row.code).content.decode()

    assert "Participant pack" in text
    assert "out of date" in text
    for personal in ("Mfano", "Kenya", "Roundtable 2.2", str(desk.wanjiru.uuid)):
        assert personal not in text


def test_unknown_code_is_a_page_that_says_so(desk, slugs):
    waiting = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)

    for code in ("ABCDEFGHIJ", waiting.code, "<script>", "%00"):
        page = verify(code)
        assert page.status_code == 404
        assert "No print has this code" in page.content.decode()
        assert "<script>" not in page.content.decode().replace("<script src", "")


def test_verify_speaks_the_language_of_the_browser(desk, slugs):
    row = ready(desk.staff, subject=slugs["2.2"])

    assert 'lang="ar" dir="rtl"' in verify(row.code, "ar").content.decode()


def test_withdrawn_release_makes_its_prints_out_of_date(desk, slugs):
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    second = desk.publish()
    row = ready(desk.staff, subject=slugs["2.1"])
    assert row.edition.number == 2

    withdraw(release=second, by=None, reason="A slip")
    releases.shelf.clear()

    assert "This print is out of date" in verify(row.code).content.decode()
    assert ready(desk.staff, subject=slugs["2.1"]).edition.number == 1


def test_code_on_a_badge_tells_anyone_whether_it_is_valid_and_nobody_whose_it_is(desk):
    code = code_of(desk.wanjiru.person)
    on_badge = address_of(code).rpartition("/verify/")[2].rstrip("/")

    text = verify(on_badge).content.decode()

    assert "This badge is valid" in text
    assert not {"Wanjiru", "Kenya"} & set(re.findall(r"\w+", text))
    assert "هذه الشارة سارية" in verify(on_badge, "ar").content.decode()
    desk.wanjiru.move(to="withdrawn", now=timezone.now())
    assert "This badge is not valid" in verify(on_badge).content.decode()
    assert verify(f"{code[:-1]}{'0' if code[-1] != '0' else '1'}").status_code == 404


def test_code_on_a_badge_leads_staff_to_the_door(desk, client):
    code = code_of(desk.wanjiru.person)
    client.force_login(desk.staff)

    answer = client.get(f"/verify/{code}/")

    assert (answer.status_code, answer.url) == (302, f"{reverse('registrations:check-in')}?badge={code}")
