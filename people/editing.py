"""What every admin page of the portal shares: languages, refusals, autocomplete without extra queries."""

from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models
from django.forms import CheckboxInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from .foreign import Named, given, in_words, name_of, yes_or_no

LATIN_FIELDS = {"time_zone", "code", "key", "urls"}
OTHER_LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def english(*fields: str) -> list[str]:
    return [f"{field}_{settings.LANGUAGE_CODE}" for field in fields]


def other_languages(*fields: str) -> Any:
    """A folded fieldset: each of `fields` in every language but English, field by field."""
    rows = [f"{field}_{language}" for field in fields for language in OTHER_LANGUAGES]
    return _("In French, Spanish and Arabic"), {"classes": ["collapse"], "fields": rows}


def every_language(*fields: str) -> list[str]:
    """Columns to search in, so that a word is found whatever language the page is in."""
    return [f"{field}_{code}" for field in fields for code, _name in settings.LANGUAGES]


def refusal(error: IntegrityError) -> str:
    """The sentence of the constraint that the database refused a row by."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    return str(_("This contradicts what somebody else saved in the meantime. Nothing was saved."))


class _Known:
    """An autocomplete that need not ask for the label of what is chosen already."""

    known: dict[str, str] = {}

    def optgroups(self, name, value, attrs=None):
        chosen = [str(item) for item in value if item]
        if not set(chosen) <= self.known.keys():
            return super().optgroups(name, value, attrs)  # type: ignore[misc]
        options = [
            self.create_option(name, item, self.known[item], True, place)  # type: ignore[attr-defined]
            for place, item in enumerate(chosen)
        ]
        if not self.is_required and not self.allow_multiple_selected:  # type: ignore[attr-defined]
            options.insert(0, self.create_option(name, "", "", False, 0))  # type: ignore[attr-defined]
        return [(None, options, 0)]


class KnownSelect(_Known, AutocompleteSelect):
    pass


class KnownSelectMultiple(_Known, AutocompleteSelectMultiple):
    pass


class KnownForm(forms.ModelForm):
    """Tells its autocompletes the labels that the loaded row brings along (select or prefetch them)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, KnownSelectMultiple):
                widget.known = {str(row.pk): name_of(row) for row in getattr(self.instance, name).all()}
            elif isinstance(widget, KnownSelect) and (row := getattr(self.instance, name)):
                widget.known = {str(row.pk): name_of(row)}


def label(db_field: Any) -> str:
    """Of a field in one of the four languages: what it holds and, but for English, in which."""
    original, language = capfirst(str(db_field.translated_field.verbose_name)), db_field.language
    if language == settings.LANGUAGE_CODE:
        return original
    return _("%(field)s, %(language)s") % {
        "field": original,
        "language": get_language_info(language)["name_translated"],
    }


class Languages:
    """Fields in four languages: English is asked for where the field must be filled, Arabic runs from the right."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(db_field, models.SlugField | models.EmailField) or db_field.name in LATIN_FIELDS:
            field.widget.attrs["dir"] = "ltr"
        if isinstance(field, forms.ModelChoiceField):
            field.label_from_instance = name_of  # type: ignore[method-assign, assignment]
        original = getattr(db_field, "translated_field", None)
        if field is None or original is None:
            return field
        language = db_field.language
        field.required = language == settings.LANGUAGE_CODE and not original.blank
        field.widget.is_required = field.required
        field.widget.attrs |= {"lang": language, "dir": "rtl" if get_language_info(language)["bidi"] else "ltr"}
        field.help_text = original.help_text if language == settings.LANGUAGE_CODE else ""
        field.label = label(db_field)
        return field

    def _labels(self) -> dict[str, str]:
        """For those who may only look: Django takes the labels of what is only shown from here."""
        fields = self.model._meta.get_fields()  # type: ignore[attr-defined]
        return {field.name: label(field) for field in fields if hasattr(field, "translated_field")}

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, **{"change": change, "labels": self._labels(), **kwargs})  # type: ignore[misc]

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, **{"labels": self._labels(), **kwargs})  # type: ignore[misc]


class KnownAutocompletes:
    """For inlines, with KnownForm: autocomplete fields that cost no query a row."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:  # type: ignore[attr-defined]
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:  # type: ignore[attr-defined]
            kwargs["widget"] = KnownSelectMultiple(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class PortalTabularInline(KnownAutocompletes, Languages, admin.TabularInline):
    form = KnownForm
    extra = 0


class PortalStackedInline(KnownAutocompletes, Languages, admin.StackedInline):
    form = KnownForm
    extra = 0


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

    def history_view(self, request, object_id, extra_context=None):
        named = self._named(request, object_id)
        title = {"title": _("Change history: %s") % named["object"]} if named else {}
        response = super().history_view(request, object_id, {**named, **title, **(extra_context or {})})  # type: ignore[misc]
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            if entry.change_message and not entry.change_message.startswith("["):  # what Django writes, it translates
                entry.change_message = gettext(entry.change_message)
        return response

    def delete_view(self, request, object_id, extra_context=None):
        named = self._named(request, object_id)
        return super().delete_view(request, object_id, {**named, **(extra_context or {})})  # type: ignore[misc]

    def _named(self, request, object_id) -> dict[str, Any]:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        return {"object": Named(row)} if row else {}

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


class PortalAdmin(Marked, Languages, admin.ModelAdmin):
    list_per_page = 50
    empty_value_display = "–"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the database refuses is an error on the page, never a 500.

        The forms have looked before; when a row came between, they see it the second time.
        """
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            pass
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            messages.error(request, refusal(error))
            return HttpResponseRedirect(request.get_full_path())


class ReadOnly:
    """Rows that only services make: looked at, never added, changed or deleted here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
