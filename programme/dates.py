"""Days, months and hours as the four languages write them.

Django’s own formats know neither the double month names of Arabic at the United Nations nor
ranges. Digits are Western in every language. All functions are pure: the language is passed in.
"""

from datetime import date, datetime, timedelta

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "ar": [
        "كانون الثاني/يناير",
        "شباط/فبراير",
        "آذار/مارس",
        "نيسان/أبريل",
        "أيار/مايو",
        "حزيران/يونيه",
        "تموز/يوليه",
        "آب/أغسطس",
        "أيلول/سبتمبر",
        "تشرين الأول/أكتوبر",
        "تشرين الثاني/نوفمبر",
        "كانون الأول/ديسمبر",
    ],
}
WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
}
SHORT_WEEKDAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "fr": ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
    "es": ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
    "ar": WEEKDAYS["ar"],
}
# Between number and month, and between month and year
OF = {"en": " ", "fr": " ", "es": " de ", "ar": " "}


def day(value: date, language: str, *, weekday: bool = True, year: bool = False) -> str:
    """“Thursday 6 December”, “jeudi 6 décembre”, “jueves 6 de diciembre”, «الخميس، 6 كانون الأول/ديسمبر»."""
    words = f"{_number(value, language)}{OF[language]}{MONTHS[language][value.month - 1]}"
    if year:
        words += f"{OF[language]}{value.year}"
    if weekday:
        words = f"{weekday_name(value, language)}{'،' if language == 'ar' else ''} {words}"
    return words


def days(first: date, last: date, language: str, *, year: bool = True) -> str:
    """“5–7 December 2018”; across months “30 November–2 December 2018”; Arabic says «من … إلى …»."""
    if first == last:
        return day(first, language, weekday=False, year=year)
    end = day(last, language, weekday=False, year=year)
    if (first.year, first.month) == (last.year, last.month):
        start = _number(first, language)
    else:
        start = day(first, language, weekday=False, year=year and first.year != last.year)
    return f"من {start} إلى {end}" if language == "ar" else f"{start}–{end}"


def month(value: date, language: str) -> str:
    """“July 2018”, “juillet 2018”, “julio de 2018”, «تموز/يوليه 2018»."""
    return f"{MONTHS[language][value.month - 1]}{OF[language]}{value.year}"


def weekday_name(value: date, language: str, *, short: bool = False) -> str:
    return (SHORT_WEEKDAYS if short else WEEKDAYS)[language][value.weekday()]


def clock(value: datetime) -> str:
    return f"{value:%H:%M}"


def moment(value: datetime, language: str, *, year: bool = False) -> str:
    """“6 December, 08:41”; `value` is shown in its own zone."""
    between = "، الساعة " if language == "ar" else ", "
    return f"{day(value, language, weekday=False, year=year)}{between}{clock(value)}"


def offset(value: datetime) -> str:
    """“UTC+1”, “UTC−4:30” (with the minus sign of figures)."""
    shift = value.utcoffset() or timedelta()
    sign = "−" if shift < timedelta() else "+"
    hours, rest = divmod(abs(shift), timedelta(hours=1))
    minutes = f":{rest // timedelta(minutes=1):02}" if rest else ""
    return f"UTC{sign}{hours}{minutes}"


def capital(words: str) -> str:
    """With a capital, for a heading; other capitals stay."""
    return words[:1].upper() + words[1:]


def _number(value: date, language: str) -> str:
    return "1er" if language == "fr" and value.day == 1 else str(value.day)
