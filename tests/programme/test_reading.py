import pytest
from django.utils import translation

from programme import reading
from programme.snapshot import PartyNode, PersonNode, RoleNode


def test_say_gives_the_value_of_the_reader_without_a_mark():
    with translation.override("fr"):
        assert reading.say({"en": "Opening", "fr": "Ouverture"}) == "Ouverture"


def test_say_marks_english_where_the_language_is_missing():
    with translation.override("ar"):
        assert reading.say({"en": "Opening"}) == '<span lang="en" dir="ltr">Opening</span>'


def test_say_marks_arabic_by_its_direction_where_nothing_else_is_there():
    with translation.override("en"):
        assert reading.say({"ar": "افتتاح"}) == '<span lang="ar" dir="rtl">افتتاح</span>'


def test_say_escapes_what_was_typed():
    with translation.override("en"):
        assert reading.say({"en": "<b>&"}) == "&lt;b&gt;&amp;"


def test_prose_marks_a_whole_text():
    with translation.override("fr"):
        html = reading.prose({"en": "One[^a]"}, {"a": 7})
    assert html.startswith('<div lang="en" dir="ltr"><p>One')
    assert 'href="#ref-7"' in html


@pytest.mark.parametrize(
    ("language", "expected"), [("en", '<bdi dir="ltr">Amal Idrissi</bdi>'), ("ar", "أمل الإدريسي")]
)
def test_person_is_named_in_arabic_to_arabic_readers(language, expected):
    node = PersonNode(uuid="p", given_name="Amal", family_name="Idrissi", arabic_name="أمل الإدريسي")
    with translation.override(language):
        assert reading.person(node) == expected


def test_role_says_person_and_party_in_the_language_of_the_reader():
    node = RoleNode(
        kind="keynote",
        party=PartyNode(code="PHL", kind="member_state", name={"en": "Philippines", "ar": "الفلبين"}),
        person=PersonNode(uuid="p", family_name="Arriola"),
    )
    with translation.override("ar"):
        assert reading.role(node) == '<bdi dir="ltr">Arriola</bdi> (الفلبين)'


@pytest.mark.parametrize(
    ("names", "expected"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_conjoined_names(names, expected):
    with translation.override("en"):
        assert reading.conjoined(names) == expected
