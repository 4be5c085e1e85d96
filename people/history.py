"""The history of a row, in the language of whoever reads it.

Django keeps the labels of what was changed in the language of whoever changed it. Here the log keeps the names of
the fields, and their labels are looked up when it is read.
"""

import json
from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .foreign import Named, label


class History:
    def construct_change_message(self, request, form, formsets, add=False):
        said = super().construct_change_message(request, form, formsets, add)  # type: ignore[misc]
        changed = [part["changed"] for part in said if "fields" in part.get("changed", ())]
        names = [fields for formset in formsets or () for _row, fields in formset.changed_objects]
        if form.changed_data and not add:
            names.insert(0, form.changed_data)
        for part, fields in zip(changed, names, strict=True):
            part["fields"] = fields
        return said

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        named = {"object": Named(row), "title": _("Change history: %s") % Named(row)} if row else {}
        response = super().history_view(request, object_id, {**named, **(extra_context or {})})  # type: ignore[misc]
        labels = self._field_labels()
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            entry.change_message = _read(entry.change_message, labels)
        return response

    def _field_labels(self) -> dict[str, str]:
        """Of the fields of the row and of those that are written in its page."""
        kinds = [*(inline.model for inline in self.inlines), self.model]  # type: ignore[attr-defined]
        return {name: text for kind in kinds for name, text in _labels(kind).items()}


def _labels(kind: type[Model]) -> dict[str, str]:
    return {
        field.name: label(field) if hasattr(field, "translated_field") else capfirst(str(field.verbose_name))
        for field in kind._meta.get_fields()
        if hasattr(field, "verbose_name")
    }


def _read(message: str, labels: dict[str, str]) -> str:
    """What Django wrote, with labels for names; it translates the rest itself, but not the words of others."""
    if not message.startswith("["):
        return gettext(message)
    said: list[dict[str, Any]] = json.loads(message)
    for part in said:
        if "fields" in part.get("changed", ()):
            part["changed"]["fields"] = [labels.get(name, name) for name in part["changed"]["fields"]]
    return json.dumps(said)
