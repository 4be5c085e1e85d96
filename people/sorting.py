"""Names in the order of a language, whatever the collations of the database and of the system.

The rules are those of the Unicode Collation Algorithm as far as our four languages need them: letters
first, accents and hamzas only between names of the same letters, ñ a letter of its own in Spanish. No
package does this for us: PyICU has no wheels, pyuca and feruca know no language; the standard library
knows what a letter is made of.
"""

import unicodedata
from collections.abc import Callable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, IntegerField, Value
from django.utils.translation import get_language

from .models import Party, Person

# What the decomposition of Unicode leaves whole
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ı": "i", "ة": "ت", "ى": "ي", "ء": "ا", "ـ": ""})
LETTERS_OF_THEIR_OWN = {"es": str.maketrans({"ñ": "nþ"})}  # behind everything that begins with n


def key(text: str, language: str) -> tuple[str, str]:
    """What `text` is sorted by: its letters, then the text itself."""
    whole = unicodedata.normalize("NFC", text).casefold()
    own = whole.translate(LETTERS_OF_THEIR_OWN.get(language, {}))
    pieces = unicodedata.normalize("NFKD", own.translate(LETTERS))
    letters = (_spaced(sign) for sign in pieces if not unicodedata.combining(sign))
    return "".join(letters), whole


def _spaced(sign: str) -> str:
    """Spaces go before signs, and signs before letters."""
    if sign.isspace():
        return " "
    return sign if sign.isalnum() else "'"


def party_key(party: Party, language: str) -> tuple[str, str]:
    names = (getattr(party, f"{name}_{code}") for code in (language, "en") for name in ("sort_key", "short_name"))
    return key(next(filter(None, names), party.code), language)


def initial(party: Party, language: str) -> str:
    """The letter with which its name begins in lists."""
    return party_key(party, language)[0][:1].upper()


def from_letter(letter: str, language: str) -> Callable[[Party], tuple[bool, tuple[str, str]]]:
    """What parties are sorted by to begin with `letter`, or with the next that there is; those before it come last."""

    def sort_key(party: Party) -> tuple[bool, tuple[str, str]]:
        own = party_key(party, language)
        return own[0] < letter.casefold(), own

    return sort_key


def person_key(person: Person, language: str) -> tuple[str, str]:
    return key(f"{person.family_name} {person.given_name}", language)


def by_party(path: str = "pk") -> Func:
    """What to order a query by: the reader’s order of the parties that stand at `path`.

    Costs a query for all parties, a few hundred.
    """
    language = get_language() or "en"
    ordered = sorted(Party.objects.all(), key=lambda party: party_key(party, language))
    places = Value([party.pk for party in ordered], ArrayField(BigIntegerField()))
    return Func(places, F(path), function="array_position", output_field=IntegerField())
