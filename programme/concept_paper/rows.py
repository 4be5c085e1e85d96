"""What is done to rows, recorded as plain values so that it can be undone.

A step is {"act", "model", "key", …}: "set" (`field`, `before`, `after`), "create" and "delete" (`values`),
"link" (`to`, a commitment). Rows are named by their primary keys, which nothing else gets when one goes.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import override
from modeltranslation.translator import translator

from people.foreign import name_of
from themes.models import Commitment

Step = dict[str, Any]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class ImportRefused(Exception):
    """Nothing was done; the sentences say why."""

    def __init__(self, *sentences: str):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def model_of(step: Step) -> type[models.Model]:
    return apps.get_model(step["model"])


def row_of(step: Step) -> models.Model | None:
    return model_of(step)._default_manager.select_for_update(of=("self",)).filter(pk=step["key"]).first()


def plain(row: models.Model, name: str) -> Any:
    """A field as JSON holds it; a related row by its primary key."""
    value = getattr(row, _field(row, name).attname)
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def put(row: models.Model, name: str, value: Any) -> None:
    own = _field(row, name)
    setattr(row, own.attname, None if value is None else own.to_python(value))


def values(row: models.Model) -> dict[str, Any]:
    """All that the row holds itself. A text in four languages is its four columns, whatever language is spoken here."""
    spoken = translator.get_options_for_model(type(row)).all_fields
    names = [own.name for own in row._meta.concrete_fields if not own.primary_key and own.name not in spoken]
    return {name: plain(row, name) for name in names}


def linked(row: models.Model) -> list[int]:
    manager = getattr(row, "commitments", None)
    return sorted(manager.values_list("pk", flat=True)) if manager else []


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _field(row: models.Model, name: str) -> Any:
    return row._meta.get_field(name)


@dataclass
class Recorder:
    """Does things to rows and keeps the steps. What was written is looked at once more when all is done.

    Rows are judged in the language of the paper: a new one may have no other.
    """

    language: str
    steps: list[Step] = field(default_factory=list)
    touched: dict[tuple[type[models.Model], Any], models.Model] = field(default_factory=dict)

    def change(self, row: models.Model, name: str, value: Any) -> None:
        row = self.touched.setdefault((type(row), row.pk), row)
        before = plain(row, name)
        put(row, name, value)
        after = plain(row, name)
        if before != after:
            step = {"act": "set", **_name(row), "field": name, "before": before, "after": after}
            self.steps.append({**step, "others": others} if (others := _other_languages(row, name)) else step)

    def create(self, row: models.Model) -> None:
        with _named(row), override(self.language):
            row.clean_fields()
            row.save()
        self.touched[type(row), row.pk] = row
        self.steps.append({"act": "create", **_name(row), "values": values(row)})

    def delete(self, row: models.Model) -> None:
        self.steps.append({"act": "delete", **_name(row), "values": values(row), "commitments": linked(row)})
        self.touched.pop((type(row), row.pk), None)
        row.delete()

    def link(self, row: models.Model, commitment: Commitment) -> None:
        row.commitments.add(commitment)  # type: ignore[attr-defined]
        self.steps.append({"act": "link", **_name(row), "to": commitment.pk})

    def save(self) -> None:
        """Write the rows, then judge them beside one another: places may have been swapped."""
        for row in self.touched.values():
            with _named(row), override(self.language):
                row.clean_fields()
                row.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for row in self.touched.values():
            with _named(row), override(self.language):
                row.clean()
                row.validate_unique()
                row.validate_constraints()


@contextmanager
def _named(row: models.Model) -> Iterator[None]:
    """What is wrong with a row is told with its name."""
    try:
        yield
    except ValidationError as error:
        problems = " ".join(error.messages)
        raise ImportRefused(
            _("“%(row)s” cannot be saved: %(problems)s") % {"row": name_of(row), "problems": problems}
        ) from error


def _name(row: models.Model) -> dict[str, Any]:
    return {"model": row._meta.label_lower, "key": row.pk}


def _other_languages(row: models.Model, name: str) -> dict[str, str]:
    """Fingerprints of the translations that were made of the text before."""
    own = _field(row, name)
    if not hasattr(own, "translated_field"):
        return {}
    stem = own.translated_field.name
    texts = {code: getattr(row, f"{stem}_{code}") for code in LANGUAGES if code != own.language}
    return {code: fingerprint(text) for code, text in texts.items() if text}
