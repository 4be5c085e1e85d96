"""Names, codes and texts in lists, titles and answers of the administration, marked as what they are."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms import CheckboxInput
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .foreign import Named, given, in_words, name_of, yes_or_no


class Marked:
    """Names, codes and texts of another language or direction, marked wherever the administration shows them."""

    def get_list_display(self, request):
        return [self._column(name) for name in super().get_list_display(request)]  # type: ignore[misc]

    def get_list_display_links(self, request, list_display):
        links = super().get_list_display_links(request, list_display)  # type: ignore[misc]
        return links and [one for one in list_display if one in links or getattr(one, "__name__", "") in links]

    def _column(self, name):
        """A column of a field that holds what was typed; others are left to Django."""
        try:
            field = self.opts.get_field(name)  # type: ignore[attr-defined]
        except FieldDoesNotExist:
            return name
        if hasattr(field.model, f"{name}_{settings.LANGUAGE_CODE}"):
            show = in_words
        elif isinstance(field, models.BooleanField):
            show = yes_or_no
        elif field.many_to_one or field.one_to_one or isinstance(field, models.TextField | models.CharField):
            if field.choices:
                return name
            show = given
        else:
            return name

        @admin.display(description=field.verbose_name, ordering=name)
        def column(row):
            return show(row, name)

        column.__name__ = name
        return column

    def action_checkbox(self, obj):
        attrs = {
            "class": "action-select",
            "aria-label": format_html(str(_("Select this object for an action - {}")), name_of(obj)),
        }
        return CheckboxInput(attrs, lambda value: False).render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def render_change_form(self, request, context, *args, **kwargs):
        if original := context.get("original"):
            context |= {"original": Named(original), "subtitle": name_of(original)}
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        named = {"object": Named(row)} if row else {}
        return super().delete_view(request, object_id, {**named, **(extra_context or {})})  # type: ignore[misc]

    def response_add(self, request, obj, *args, **kwargs):
        return super().response_add(request, Named(obj), *args, **kwargs)  # type: ignore[misc]

    def response_change(self, request, obj):
        return super().response_change(request, Named(obj))  # type: ignore[misc]

    def response_delete(self, request, obj_display, obj_id):
        return super().response_delete(request, name_of(obj_display), obj_id)  # type: ignore[misc]

    def get_deleted_objects(self, objs, request):
        """Without the rows that only link two others: they have no names in any language."""
        tree, count, *rest = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        links = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
        names = tuple(f"{capfirst(opts.verbose_name)}:" for opts in links)
        count = {name: n for name, n in count.items() if name not in {opts.verbose_name_plural for opts in links}}
        return _without(names, tree), count, *rest


def _without(names: tuple[str, ...], tree: list[Any]) -> list[Any]:
    kept = []
    for node in tree:
        if isinstance(node, list):
            if branch := _without(names, node):
                kept.append(branch)
        elif not str(node).startswith(names):
            kept.append(node)
    return kept
