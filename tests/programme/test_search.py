"""Searching the published programme, on the Marrakesh fixture and a real PostgreSQL."""

import html
import re
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from people.models import Party, Person
from programme import pages, services
from programme.models import SearchEntry
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Role, Session

from .test_views import add_sessions, publish


def ask(client, question, language="en", **headers):
    return client.get(f"/{language}/search/", {"q": question}, headers=headers)


def hits(response):
    """(address below the language, heading, passage) of each hit, as they stand on the page."""
    text = response.content.decode()
    found = re.findall(r'<li><h3><a href="/\w\w/([^"]*)">(.*?)</a></h3>(.*?)</li>', text, re.DOTALL)
    return [(address, words(heading), words(rest)) for address, heading, rest in found]


def words(markup):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", markup)).strip())


def addresses(client, question, language="en"):
    return [address for address, _heading, _passage in hits(ask(client, question, language))]


@pytest.mark.parametrize("question", ["rt 1.2", "RT1.2", "1.2", "TR 1.2", "roundtable 1,2", "مائدة مستديرة ١.٢"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_roundtable_is_found_by_its_number_however_it_is_written(client, published, question, language):
    assert addresses(client, question, language)[0] == "roundtables/1.2/"


@pytest.mark.parametrize(
    ("question", "language", "address", "passage"),
    [
        ("Arriola", "en", "roundtables/2.2/", "Arriola (Philippines)"),
        ("Ägypten", "en", None, None),
        ("philippines", "en", "roundtables/2.2/", "Co-chairs: Philippines"),
        ("Égypte", "fr", "roundtables/2.2/", "Coprésidents : Philippines, Égypte"),
        ("egypte", "fr", "roundtables/2.2/", "Coprésidents : Philippines, Égypte"),
        ("SDG 10.7", "en", "sections/introduction/", ""),
        ("ODD10.7", "fr", "sections/introduction/", ""),
        ("mobilite regionale", "fr", "roundtables/2.2/", ""),
        ("remesa", "es", "roundtables/3.2/", ""),
        ("التنقل الاقليمي", "ar", "roundtables/2.2/", ""),  # without hamza
        ("الموائــد المُسْتَدِيره 2.2", "ar", "roundtables/2.2/", ""),  # tatweel, vowels, heh for teh marbuta
        ("skills of enterprise", "ar", "roundtables/3.2/#q1", "skills of enterprise"),  # in another language
        ("oliveraie", "en", "programme/?room=oliveraie", "Palmeraie Conference Center"),
    ],
)
def test_what_is_found(client, published, question, language, address, passage):
    found = hits(ask(client, question, language))

    assert [(line[0], passage in line[2]) for line in found if line[0] == address] == (
        [(address, True)] if address else []
    )


def test_found_words_are_marked_and_other_languages_named(client, published):
    french = ask(client, "mobilite", "fr").content.decode()
    english_in_arabic = ask(client, "skills of enterprise", "ar").content.decode()

    assert "<mark>mobilité</mark>" in french
    assert re.search(
        r'<span lang="en" dir="ltr">[^<]*<mark>skills</mark> of <mark>enterprise</mark>', english_in_arabic
    )


def test_an_instrument_is_called_by_its_name_once(client, published):
    headings = [heading for _address, heading, _passage in hits(ask(client, "2030 agenda"))]
    assert "2030 Agenda" in headings


@pytest.mark.parametrize(
    ("question", "language", "instead"),
    [
        ("morroco", "en", "Morocco"),
        ("remitances", "en", None),
        ("vulnerabilte", "fr", "vulnérabilité"),
        ("الهجرةة", "ar", "الهجرة"),
    ],
)
def test_misspelled_words_find_the_nearest(client, published, question, language, instead):
    page = ask(client, question, language)

    assert hits(page)
    assert instead is None or f'<bdi translate="no">{instead}</bdi>' in page.content.decode()


def test_words_that_stand_nowhere_together_find_some_and_nonsense_says_so(client, published):
    assert "nowhere together" in ask(client, "labour migration unicorn").content.decode()
    nothing = ask(client, "xyzzy <q>")
    assert hits(nothing) == []
    assert 'Nothing is found for “<bdi translate="no">xyzzy &lt;q&gt;</bdi>”' in nothing.content.decode()
    assert hits(ask(client, "")) == hits(ask(client, "the")) == []


def test_internal_sessions_drafts_and_withdrawn_texts_are_never_found(client, published, marrakesh):
    question = GuidingQuestion.objects.first()
    question.text_en = "Quokkas and their secrets?"
    question.save()
    Session.objects.filter(slug="labour-migration").update(listed=False)
    assert addresses(client, "quokkas") == []  # a draft
    assert "sessions/labour-migration/" in addresses(client, "labour migration workshop")

    publish(marrakesh)
    assert len(addresses(client, "quokkas")) == 1
    assert "sessions/labour-migration/" not in addresses(client, "labour migration")
    assert not SearchEntry.objects.filter(title__contains="Labour migration").exists()

    services.withdraw(release=services.newest(marrakesh), by=None, reason="Too early")
    assert addresses(client, "quokkas") == []


def test_a_person_is_found_as_the_page_shows_them_and_in_no_other_way(client, marrakesh):
    person = Person.objects.create(given_name="Amal", family_name="Zerhouni", arabic_name="أمل الزرهوني")
    Person.objects.create(given_name="Nowhere", family_name="Quokka")  # known to the office, in no role
    session = Session.objects.get(slug="opening")
    Role.objects.create(session=session, kind=Role.Kind.SPEAKER, person=person, party=Party.objects.first())
    publish(marrakesh)

    assert addresses(client, "zerhouni") == addresses(client, "الزرهوني", "ar") == ["sessions/opening/"]
    assert addresses(client, "الزرهوني") == ["sessions/opening/"]  # the Arabic page shows it
    assert addresses(client, "quokka") == []


def test_only_the_forum_that_is_asked_is_searched(client, published):
    assert hits(client.get("/en/marrakesh-2018/search/?q=rt+1.2"))[0][0] == "marrakesh-2018/roundtables/1.2/"
    assert client.get("/en/berlin-2017/search/?q=migration").status_code == 404


@pytest.mark.parametrize(
    "question",
    [
        "a" * 1_000_000,
        "migration " * 100_000,
        "\x00\x1b\u202emigration",
        "' | ! & <-> :* (",
        "a:*b & 'c",
        "<script>",
        "\ue000x\ue001",
        "%' --",
        "\\'",
        "1..2...",
        "٫٫",
    ],
    ids=["letters", "words", "control", "operators", "prefix", "markup", "private", "sql", "quote", "dots", "arabic"],
)
def test_hostile_questions_do_nothing(client, published, question):
    began = time.monotonic()

    page = ask(client, question)

    assert page.status_code == 200
    assert time.monotonic() - began < 2
    assert len(page.content) < 120_000
    assert not re.search("[\x00\x1b\u202e\ue000\ue001]", page.content.decode())
    assert "<script>" not in page.content.decode()


def test_html_in_a_published_text_is_text(client, marrakesh):
    roundtable = Roundtable.objects.get(slug="roundtable-2-2")
    roundtable.title_en = "Quokkas <img src=x onerror=alert(1)> \ue000and\ue001 others"
    roundtable.save()
    publish(marrakesh)

    page = ask(client, "quokkas").content.decode()

    assert "<mark>Quokkas</mark> &lt;img src=x" in page
    assert not re.search("[\ue000\ue001]", page)


def test_a_question_takes_the_same_queries_however_much_there_is(client, marrakesh, asked_once):

    def queries():
        counts = []
        for question in ("migration", "morroco", "qqqq", "labour qqqq migration"):
            ask(client, question)
            with CaptureQueriesContext(connection) as captured:
                ask(client, question)
            counts.append(len(captured))
        return counts

    publish(marrakesh)
    few = queries()
    add_sessions(marrakesh, 60)
    publish(marrakesh)

    assert queries() == few == [2, 7, 5, 7]


def test_answers_are_kept_by_nobody_and_what_one_types_gets_the_same_groups(client, published):
    whole = ask(client, "migration")
    typed = ask(client, "migration", **{"HX-Target": "found"})

    assert whole["Cache-Control"] == "no-store"
    assert not pages.pages.kept
    assert not whole.cookies
    assert hits(typed) == hits(whole)
    assert "<html" not in typed.content.decode()
    assert "50" in typed.content.decode().split('id="count"')[1]


def test_without_the_database_the_page_says_so(client, published):
    ask(client, "")

    def away(execute, sql, params, many, context):
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        page = ask(client, "migration")

    assert page.status_code == 503
    assert "The programme itself can be read as always." in page.content.decode()


def test_rows_are_rebuilt_and_what_stays_is_not_written_again(client, published, marrakesh):
    before = set(SearchEntry.objects.values_list("pk", "digest"))
    call_command("project_releases")
    assert set(SearchEntry.objects.values_list("pk", "digest")) == before

    SearchEntry.objects.all().delete()
    call_command("project_releases")
    assert {digest for _pk, digest in SearchEntry.objects.values_list("pk", "digest")} == {row[1] for row in before}
    assert addresses(client, "rt 1.2")[0] == "roundtables/1.2/"
