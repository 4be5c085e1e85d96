"""The code of a badge: one for each person, short enough to be typed, and not to be guessed."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from people.models import Person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
MISREAD = str.maketrans("OIL", "011")
NUMBER, SEAL = 4, 8  # signs: the seal has 40 bits, a number as many as it needs
LONGEST = 12  # signs of the largest number a row can have


def code_of(person: Person) -> str:
    """The person's number and a seal over it, in fours: who has one badge cannot make up another."""
    signs = _plain(person.pk)
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def person_with(code: str) -> Person | None:
    """Whose badge it is, however it was spaced, cased or misread; the address in its QR code will do."""
    typed = code.rpartition("/verify/")[2].upper().translate(MISREAD)
    signs = "".join(sign for sign in typed if sign in ALPHABET)
    number = signs[:-SEAL]
    if not 0 < len(number) <= LONGEST:
        return None
    person = Person.objects.filter(pk=_value(number)).first()
    return person if person and constant_time_compare(_plain(person.pk), signs) else None


def address_of(code: str) -> str:
    """What the QR code says: to who stands at a door it is the check-in, to all others whether the badge is valid."""
    return f"{settings.BASE_URL}/verify/{code}/"


def _plain(number: int) -> str:
    seal = salted_hmac("registrations.badges", str(number), algorithm="sha256").digest()
    return _signs(number).rjust(NUMBER, "0") + _signs(int.from_bytes(seal))[-SEAL:]


def _signs(number: int) -> str:
    signs = ""
    while number:
        number, last = divmod(number, len(ALPHABET))
        signs = ALPHABET[last] + signs
    return signs


def _value(signs: str) -> int:
    value = 0
    for sign in signs:
        value = value * len(ALPHABET) + ALPHABET.index(sign)
    return value
