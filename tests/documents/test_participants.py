"""The list of participants, from provisional to issued, and its corrigendum."""

from datetime import UTC, date, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from documents import building, issuing, services
from documents.kinds.participants import categories
from documents.models import Document
from documents.services import DocumentError
from documents.standing import standing
from people.models import Person
from registrations.models import DelegationCategory, DelegationHead, ErasureRequest
from registrations.services.erasing import erase
from schedule.models import Forum
from tests.documents.structcheck import problems
from tests.documents.test_kinds import pages_of, plain
from tests.registrations import scene

LIST, CORRIGENDUM, SYMBOL = "list_of_participants", "list_corrigendum", "GFMD/2018/INF/1"
LONG = "Maximiliana-Constantinopolitana Featherstonehaugh-Cholmondeley"
UNITED_KINGDOM = "United Kingdom of Great Britain and Northern Ireland"


@pytest.fixture
def summit(desk):
    """Kenya with a head, a member of a long name and two who are not listed; Ghana with nobody listed; a UN entity."""
    kenya, ghana = desk.wanjiru.delegation, desk.kofi.delegation
    agreed(desk.wanjiru, honorific="Ms.", given_name="Wanjiru", arabic_name="وانجيرو مفانو")
    head = agreed(scene.make_delegate(kenya, "Kiongozi"), honorific="H.E. Mr.", given_name="Jomo")
    head.position, head.function = 500, "Cabinet Secretary"
    head.save()
    DelegationHead.objects.create(delegation=kenya, delegate=head, period=DateTimeTZRange(None, None))
    agreed(scene.make_delegate(kenya, LONG), function="مدير عام الهجرة")
    scene.make_delegate(kenya, "Siri")  # nobody asked
    agreed(scene.make_delegate(kenya, "Bado", state="submitted"))
    agreed(scene.make_delegate(scene.make_delegation(desk.forum, "GBR"), "Smith"))
    agreed(scene.make_delegate(scene.make_delegation(desk.forum, "IOM", "un-entity"), "Muster"))
    scene.make_delegation(desk.forum, "FRA")  # has nobody at all
    ghana.refresh_from_db()
    return desk


def agreed(delegate, function="", **names):
    Person.objects.filter(pk=delegate.person_id).update(may_be_listed=True, **names)
    type(delegate).objects.filter(pk=delegate.pk).update(function=function)
    delegate.refresh_from_db()
    return delegate


def ask(desk, kind=LIST, subject="", language="en"):
    return services.request_document(kind=kind, subject=subject, language=language, by=desk.staff)


def built(row):
    """The text in one line; its structure is checked."""
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.failure
    with row.file.open() as file:
        data = file.read()
    assert problems(data) == {}
    return plain(" ".join(pages_of(data))).translate({0x2068: None})


def give_out(desk, row, suffix=""):
    return issuing.issue(
        document=row, by=desk.staff, now=timezone.now(), suffix=suffix, seen=issuing.propose(row).seen, fewer=True
    )


def in_order(text: str, *wanted: str) -> bool:
    places = [text.index(one) for one in wanted]
    return places == sorted(places)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_list_has_those_who_agreed_by_category_and_party_with_the_head_first(summit, language):
    row = ask(summit, language=language)
    text = built(row)

    assert row.symbol == SYMBOL
    for name in ("KIONGOZI", "FEATHERSTONEHAUGH", "SMITH", "MUSTER", "مدير"):
        assert name in text
    assert ("مفانو" in text) == (language == "ar")
    for name in ("SIRI", "BADO", "MENSAH", "@"):
        assert name not in text
    if language == "en":
        assert in_order(
            text, "Provisional list of participants", "5 participants", "send corrections to the secretariat",
            "Member States 4 participants", "Kenya H.E. Mr. Jomo KIONGOZI, Head of delegation, Cabinet Secretary",
            "Ms. Wanjiru MFANO", UNITED_KINGDOM, "not listed: Ghana", "United Nations entities", "1 participant",
        )  # fmt: skip
        assert "France" not in text


@pytest.mark.parametrize(
    ("language", "states", "entity"),
    [
        ("en", "Member States", "United Nations entity or international organisation"),
        ("fr", "États Membres", "Entité des Nations Unies ou organisation internationale"),
        ("es", "Estados Miembros", "Entidad de las Naciones Unidas u organización internacional"),
        ("ar", "الدول الأعضاء", "كيان تابع للأمم المتحدة أو منظمة دولية"),
    ],
)
def test_categories_stand_in_the_plural_or_where_they_have_none_under_their_name(summit, language, states, entity):
    DelegationCategory.objects.filter(code="un-entity").update(**{f"plural_name_{language}": ""})

    found = categories(summit.forum, language)

    assert [(one.name.text, one.name.language) for one in found] == [(states, ""), (entity, "")]


def test_corrections_are_asked_for_by_the_day_of_the_forum_until_the_list_is_issued(summit):
    Forum.objects.filter(pk=summit.forum.pk).update(corrections_until=date(2018, 11, 30))
    provisional = ask(summit)
    assert "to the secretariat by Friday 30 November 2018." in built(provisional)

    issued = give_out(summit, provisional)

    text = built(issued.documents.get(language="en"))
    assert "List of participants Eleventh" in text
    assert "Issued " in text
    assert "Distr.: General" in text
    for word in ("Provisional", "secretariat"):
        assert word not in text


def test_corrigendum_has_additions_deletions_and_changes_since_the_issue(summit):
    with pytest.raises(DocumentError, match="has not been issued"):
        ask(summit, CORRIGENDUM, SYMBOL)
    give_out(summit, ask(summit))
    with pytest.raises(DocumentError, match="nothing has changed"):
        ask(summit, CORRIGENDUM, SYMBOL)

    agreed(summit.kofi, given_name="Kofi")
    agreed(summit.wanjiru, function="Director")
    Person.objects.filter(family_name=LONG).update(may_be_listed=False)
    row = ask(summit, CORRIGENDUM, SYMBOL)
    text = built(row)

    assert row.symbol == f"{SYMBOL}/Corr.1"
    assert (standing(row).state, standing(row).changes) == ("ready", [])  # not issued, as it says
    assert f"Corrections to {SYMBOL} (Issued " in text
    assert in_order(text, "Add Ghana Kofi MENSAH", f"Delete Kenya {LONG.upper()}", "For Ms. Wanjiru MFANO read")
    assert "Ms. Wanjiru MFANO, Director" in text
    assert (ask(summit).symbol, ask(summit).issue) == (f"{SYMBOL}/Rev.1", None)
    assert issuing.propose(ask(summit)).versions[0].changes == ["1 name added", "1 name deleted", "1 entry changed"]

    assert give_out(summit, row, "Corr").symbol == f"{SYMBOL}/Corr.1"
    agreed(scene.make_delegate(summit.kofi.delegation, "Owusu"))
    assert ask(summit, CORRIGENDUM, SYMBOL).symbol == f"{SYMBOL}/Corr.2"
    assert give_out(summit, ask(summit), "Rev").symbol == f"{SYMBOL}/Rev.1"
    agreed(summit.wanjiru, function="Director-General")
    assert ask(summit, CORRIGENDUM, f"{SYMBOL}/Rev.1").symbol == f"{SYMBOL}/Rev.1/Corr.1"


def test_list_made_after_an_erasure_has_no_name_and_the_issued_one_stays(summit):
    issued = give_out(summit, ask(summit)).documents.get(language="en")
    built(issued)
    agreed(summit.kofi)
    provisional = ask(summit)

    request = ErasureRequest.objects.create(person=summit.wanjiru.person, asked_at=scene.NOW)
    erase(request=request, by=None, now=datetime(2018, 12, 20, tzinfo=UTC))

    assert not Document.objects.filter(pk=provisional.pk).exists()
    issued.refresh_from_db()
    assert "Mfano" in str(issued.extract)
    assert "MFANO" not in built(ask(summit))
    corrected = built(ask(summit, CORRIGENDUM, SYMBOL))
    assert "MFANO" not in corrected
    assert "Delete Kenya Name withheld" in corrected


def test_list_is_read_in_as_many_queries_for_many_as_for_one(summit, django_assert_num_queries):
    from documents.kinds.participants import categories

    with django_assert_num_queries(3):
        categories(summit.forum, "en")
    for number in range(5):
        agreed(scene.make_delegate(summit.kofi.delegation, f"Owusu {number}"))
    with django_assert_num_queries(3):
        assert sum(found.count for found in categories(summit.forum, "en")) == 10
