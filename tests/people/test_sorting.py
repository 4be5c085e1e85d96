"""Lists of names in the order of each language."""

import random

import pytest
from django.conf import settings
from django.utils import translation

from people.models import Party, User
from people.sorting import by_party, key

LANGUAGES = [code for code, _name in settings.LANGUAGES]

# As dictionaries and the lists of the United Nations have them
ORDERS = {
    "en": ["Cabo Verde", "Côte d’Ivoire", "Croatia", "Türkiye", "Turkmenistan"],
    "fr": ["Égypte", "El Salvador", "Émirats arabes unis", "Équateur", "Espagne", "Éthiopie", "Fidji"],
    "es": ["cana", "Canadá", "caña", "caño", "cao", "Eslovaquia", "España"],
    "ar": [
        "أرمينيا",
        "إريتريا",
        "إسبانيا",
        "أستراليا",
        "إستونيا",
        "أيرلندا",
        "آيسلندا",
        "إيطاليا",
        "بابوا غينيا الجديدة",
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_in_the_order_of_the_language(language):
    shuffled = random.Random(1).sample(ORDERS[language], len(ORDERS[language]))

    assert sorted(shuffled, key=lambda name: key(name, language)) == ORDERS[language]


def test_letter_with_a_tilde_is_one_of_its_own_in_spanish_only():
    names = ["Nandú", "Ñandú", "Nz"]

    assert sorted(names, key=lambda name: key(name, "es")) == ["Nandú", "Nz", "Ñandú"]
    assert sorted(names, key=lambda name: key(name, "fr")) == ["Nandú", "Ñandú", "Nz"]


def test_words_stand_before_longer_words():
    names = ["Guinée-Bissau", "Guinée équatoriale", "Guinée", "Guinéen"]

    assert sorted(names, key=lambda name: key(name, "fr")) == [
        "Guinée", "Guinée équatoriale", "Guinée-Bissau", "Guinéen",
    ]  # fmt: skip


WHO_FOLLOWS = {
    "en": ["TUR", "TKM", "TUV"],
    "fr": ["EGY", "SLV", "ARE", "ECU", "ERI", "ESP", "EST"],
    "es": ["SVK", "SVN", "ESP", "USA", "EST"],
    "ar": ["ESP", "AUS", "EST", "ISR"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_parties_are_ordered_for_the_reader(marrakesh, language):
    with translation.override(language):
        codes = list(
            Party.objects.filter(kind="member_state").order_by(by_party(), "pk").values_list("code", flat=True)
        )

    run = WHO_FOLLOWS[language]
    start = codes.index(run[0])
    assert codes[start : start + len(run)] == run


def test_party_without_a_name_in_the_language_stands_by_its_english_one(db):
    for code, english, french in (("A", "Zebra", "Abeille"), ("B", "Bee", ""), ("C", "Cat", "Zèbre")):
        Party.objects.create(code=code, kind="other", short_name_en=english, short_name_fr=french)

    with translation.override("fr"):
        assert list(Party.objects.order_by(by_party()).values_list("code", flat=True)) == ["A", "B", "C"]


def test_administration_lists_parties_in_the_order_of_the_account(client, marrakesh, django_assert_max_num_queries):
    user = User.objects.create_superuser("desk@example.org", "a good password", language="es")
    client.force_login(user)

    with django_assert_max_num_queries(12):
        page = client.get("/admin/people/party/?kind__exact=member_state")

    codes = [party.code for party in page.context["cl"].result_list]
    assert codes[:3] == ["AFG", "ALB", "DEU"]  # Afganistán, Albania, Alemania
