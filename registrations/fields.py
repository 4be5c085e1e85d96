"""What a delegate confides is unreadable in the database and in its backups."""

from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import models


@cache
def _cipher() -> Fernet:
    return Fernet(settings.FIELD_KEY)


class EncryptedTextField(models.TextField):
    """Text encrypted with FIELD_KEY on its way into the database. Empty text stays empty.

    It can be neither searched nor ordered by. A text that FIELD_KEY does not open raises
    `cryptography.fernet.InvalidToken`: the wrong key must never pass for an empty answer.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return _cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        return _cipher().decrypt(value.encode()).decode() if value else value
