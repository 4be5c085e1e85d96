"""What every admin page of the portal shares: languages, refusals, autocomplete without extra queries."""

from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.postgres.forms import RangeWidget
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from .foreign import label, name_of
from .history import History
from .marked import Marked

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


class NamedFormSet(forms.BaseInlineFormSet):
    """Fields in columns have no labels beside them: they say their names themselves."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if isinstance(field.widget, RangeWidget):
                for widget, end in zip(field.widget.widgets, (_("starts"), _("ends")), strict=True):
                    widget.attrs.setdefault("aria-label", f"{capfirst(str(field.label))}: {end}")
            elif not field.widget.is_hidden and not isinstance(field.widget, forms.MultiWidget):
                field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))


class PortalTabularInline(KnownAutocompletes, Languages, admin.TabularInline):
    form = KnownForm
    formset = NamedFormSet
    extra = 0


class PortalStackedInline(KnownAutocompletes, Languages, admin.StackedInline):
    form = KnownForm
    extra = 0


class PortalAdmin(Marked, History, Languages, admin.ModelAdmin):
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
