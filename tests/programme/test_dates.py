from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from programme import dates

SIXTH = date(2018, 12, 6)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Thursday 6 December"),
        ("fr", "jeudi 6 décembre"),
        ("es", "jueves 6 de diciembre"),
        ("ar", "الخميس، 6 كانون الأول/ديسمبر"),
    ],
)
def test_day_is_written_as_each_language_does(language, expected):
    assert dates.day(SIXTH, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "5–7 December 2018"),
        ("fr", "5–7 décembre 2018"),
        ("es", "5–7 de diciembre de 2018"),
        ("ar", "من 5 إلى 7 كانون الأول/ديسمبر 2018"),
    ],
)
def test_days_say_the_month_once(language, expected):
    assert dates.days(date(2018, 12, 5), date(2018, 12, 7), language) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2018, 11, 30), "30 November–2 December 2018"),
        (date(2017, 12, 31), "31 December 2017–2 December 2018"),
        (date(2018, 12, 2), "2 December 2018"),
    ],
)
def test_days_across_months_and_years(first, expected):
    assert dates.days(first, date(2018, 12, 2), "en") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "July 2018"), ("fr", "juillet 2018"), ("es", "julio de 2018"), ("ar", "تموز/يوليه 2018")],
)
def test_month_alone(language, expected):
    assert dates.month(date(2018, 7, 1), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "6 December, 08:41"),
        ("fr", "6 décembre, 08:41"),
        ("es", "6 de diciembre, 08:41"),
        ("ar", "6 كانون الأول/ديسمبر، الساعة 08:41"),
    ],
)
def test_moment_names_day_and_hour(language, expected):
    assert dates.moment(datetime(2018, 12, 6, 8, 41, tzinfo=UTC), language) == expected


def test_french_writes_the_first_of_a_month_as_an_ordinal():
    assert dates.day(date(2018, 12, 1), "fr", weekday=False) == "1er décembre"


@pytest.mark.parametrize(
    ("zone", "month", "expected"),
    [
        ("Africa/Casablanca", 12, "UTC+1"),
        ("America/New_York", 12, "UTC−5"),
        ("America/New_York", 7, "UTC−4"),
        ("Asia/Kathmandu", 12, "UTC+5:45"),
        ("UTC", 12, "UTC+0"),
    ],
)
def test_offset_is_that_of_the_day(zone, month, expected):
    assert dates.offset(datetime(2018, month, 6, 12, tzinfo=ZoneInfo(zone))) == expected


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_language_has_twelve_months_and_seven_days(language):
    assert len(set(dates.MONTHS[language])) == 12
    assert len(set(dates.WEEKDAYS[language])) == len(set(dates.SHORT_WEEKDAYS[language])) == 7


def test_digits_are_western_in_arabic():
    words = dates.days(date(2018, 12, 5), date(2018, 12, 7), "ar") + dates.day(SIXTH, "ar", year=True)
    assert not any("٠" <= letter <= "٩" for letter in words)


def test_months_of_arabic_have_both_names():
    assert all("/" in name for name in dates.MONTHS["ar"])
