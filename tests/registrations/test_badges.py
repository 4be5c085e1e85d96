"""The code of a badge names one person, and cannot be made up."""

import pytest

from people.models import Person
from registrations.badges import address_of, code_of, person_with


@pytest.fixture
def person(db):
    return Person.objects.create(pk=37, family_name="Mfano")


def test_code_is_twelve_signs_in_fours(person):
    code = code_of(person)

    assert code.startswith("0015-")
    assert [len(group) for group in code.split("-")] == [4, 4, 4]


def test_code_names_its_person_however_it_is_typed(person):
    code = code_of(person)

    for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", code.replace("0", "O").replace("1", "l")):
        assert person_with(typed) == person
    assert person_with(address_of(code)) == person


def test_code_of_a_large_number_is_longer(db):
    person = Person.objects.create(pk=2**40, family_name="Mfano")

    assert person_with(code_of(person)) == person


@pytest.mark.parametrize("typed", ["", "-", "0015", "0015-0000-0000", "Mfano", "Z" * 300, "\x00", "٣٧" * 8])
def test_what_is_no_code_names_nobody(person, typed):
    assert person_with(typed) is None


def test_seal_of_one_person_does_not_serve_for_another(person):
    Person.objects.create(pk=38, family_name="Kielezo")

    assert person_with("0016" + code_of(person)[4:]) is None


def test_code_depends_on_the_secret_key(person, settings):
    code = code_of(person)
    settings.SECRET_KEY = "another secret key, long enough"

    assert person_with(code) is None
