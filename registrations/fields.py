"""What a delegate confides is unreadable in the database and in its backups."""

from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import models


@cache
def _cipher() -> Fernet:
    return Fernet(settings.FIELD_KEY)


def sealed(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    return _cipher().decrypt(text.encode()).decode()


class EncryptedTextField(models.TextField):
    """Text encrypted with FIELD_KEY on its way into the database. Empty text stays empty.

    It can be neither searched nor ordered by. A text that FIELD_KEY does not open raises
    `cryptography.fernet.InvalidToken`: the wrong key must never pass for an empty answer.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return sealed(value) if value else value

    def from_db_value(self, value, expression, connection):
        return opened(value) if value else value
