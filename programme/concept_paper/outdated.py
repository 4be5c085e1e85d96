"""Translations that were made of a text which a concept paper has replaced since."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from people.foreign import name_of
from programme.models import Import
from programme.translations import TARGETS, Row
from roundtables.models import ExpectedOutcome, GuidingQuestion, Roundtable
from schedule.models import Forum

from .rows import Step, fingerprint, model_of

PARTS = (ExpectedOutcome, GuidingQuestion)


def outdated(forum: Forum, languages: Collection[str]) -> list[Row]:
    """Texts that an import changed, with the languages that still say what they said before it."""
    steps: dict[tuple[str, Any, str], Step] = {}
    for upload in Import.objects.filter(forum=forum, undone_at=None).exclude(applied_at=None).order_by("applied_at"):
        for step in upload.applied:
            if step.get("others"):
                steps[step["model"], step["key"], step["field"]] = step
    wanted: dict[type[models.Model], set[Any]] = {}
    for step in steps.values():
        wanted.setdefault(model_of(step), set()).add(step["key"])
    rows = {model: _rows(model).in_bulk(keys) for model, keys in wanted.items()}
    found = []
    for step in steps.values():
        row = rows[model_of(step)].get(step["key"])
        old = [code for code in languages if row and _still(row, step, code)]
        if row and old:
            found.append(_line(row, step["field"], [str(TARGETS[code]) for code in old]))
    return found


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    rows = model._default_manager.all()
    if model is Roundtable:
        return rows.select_related("theme")
    return rows.select_related("roundtable__theme") if model in PARTS else rows


def _still(row: models.Model, step: Step, code: str) -> bool:
    stem = step["field"].rpartition("_")[0]
    return step["others"].get(code) == fingerprint(getattr(row, f"{stem}_{code}") or "")


def _line(row: Any, field: str, languages: list[str]) -> Row:
    """Parts of a roundtable are written on its page."""
    stem, _underscore, code = field.rpartition("_")
    is_part = isinstance(row, PARTS)
    page = row.roundtable if is_part else row
    return Row(
        url=reverse(f"admin:{page._meta.app_label}_{page._meta.model_name}_change", args=[page.pk]),
        title=format_html("{}", name_of(page)),
        label=capfirst(str((row._meta if is_part else row._meta.get_field(stem)).verbose_name)),
        number=row.position if is_part else None,
        text=getattr(row, field) or "",
        code=code,
        languages=languages,
    )
