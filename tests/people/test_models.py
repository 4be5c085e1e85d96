from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from people.models import Party, Person, User


def test_account_signs_in_whatever_the_case_of_its_address(db):
    user = User.objects.create_user("Anna@Example.org", "long enough password")

    assert user.email == "anna@example.org"
    assert User.objects.get_by_natural_key("ANNA@example.ORG") == user


def test_two_accounts_with_one_address_are_refused(db):
    User.objects.create_user("anna@example.org", "x")

    with pytest.raises(ValidationError, match="There is an account with this e-mail"):
        User(email="ANNA@example.org", password="x").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ANNA@example.org", password="x")


def test_agreement_to_the_privacy_notice_has_its_time(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="a@example.org", privacy_version="2018-10-01")


def test_single_name_passes(db):
    person = Person(family_name="Sukarno")
    person.full_clean()

    assert str(person) == "Sukarno"


def test_party_in_force_counts_both_ends(db):
    Party.objects.create(
        code="OLD", kind="member_state", short_name="Old", valid_from=date(2000, 1, 1), valid_to=date(2018, 12, 5)
    )

    assert Party.objects.in_force(date(2018, 12, 5)).filter(code="OLD").exists()
    assert not Party.objects.in_force(date(2018, 12, 6)).filter(code="OLD").exists()
