"""Spreadsheets that go out of the admin and come in again: XLSX and CSV, all or nothing.

A cell that a spreadsheet program would take for a formula gets an apostrophe on the way out and
loses it on the way in, so that what goes out unchanged comes in unchanged.
"""

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources, widgets
from import_export.admin import ImportExportMixin
from import_export.formats import base_formats
from import_export.forms import ExportForm, ImportForm
from import_export.tmp_storages import CacheStorage

from .direction import isolated
from .editing import refusal

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 5000
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guard(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


class _Guarded:
    """Both ways through `guard`; every cell is text."""

    def export_data(self, dataset: Any, **kwargs: Any) -> Any:
        for place, row in enumerate(list(dataset)):
            dataset[place] = [guard(str(cell)) for cell in row]
        return super().export_data(dataset, **kwargs)  # type: ignore[misc]

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Any:
        dataset = super().create_dataset(in_stream, **kwargs)  # type: ignore[misc]
        if len(dataset) > MAX_ROWS:
            raise ValueError("too many rows")
        for place, row in enumerate(list(dataset)):
            dataset[place] = [unguard(cell) if isinstance(cell, str) else cell for cell in row]
        return dataset


class SheetError(Exception):
    """Why no row of the file could be looked at."""


class CSV(_Guarded, base_formats.CSV):
    pass


class XLSX(_Guarded, base_formats.XLSX):
    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Any:
        with zipfile.ZipFile(io.BytesIO(in_stream)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise ValueError("too large")
        return super().create_dataset(in_stream, **kwargs)


class TextWidget(widgets.CharWidget):
    """Text as typed. Line ends are those of the web and of CSV; here they are one."""

    def clean(self, value, row=None, **kwargs):
        return super().clean(value, row, **kwargs).replace("\r\n", "\n")


class WholeNumberWidget(widgets.IntegerWidget):
    def clean(self, value, row=None, **kwargs):
        if value is None or str(value).strip() == "":
            return None
        try:
            number = float(value)
        except ValueError:
            number = 0.5
        if not number.is_integer():
            raise ValidationError(_("“%(value)s” is not a whole number."), params={"value": isolated(value)})
        return int(number)


class YesNoWidget(widgets.Widget):
    YES, NO = {"yes", "true", "1"}, {"no", "false", "0"}

    def clean(self, value, row=None, **kwargs):
        word = str(value).strip().lower()
        if word not in self.YES | self.NO:
            raise ValidationError(_("“%(value)s” is neither yes nor no."), params={"value": isolated(value)})
        return word in self.YES

    def render(self, value, obj=None, **kwargs):
        return "yes" if value else "no"


class DayWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        if isinstance(value, datetime):
            return value.date()
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            raise ValidationError(
                _("“%(value)s” is not a day such as 2018-12-05."), params={"value": isolated(value)}
            ) from None

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class ChoiceWidget(widgets.Widget):
    """The value that is stored; an unknown one is named together with those that are known."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        word = "" if value is None else str(value).strip()
        if word and word not in self.choices.values:
            raise ValidationError(
                _("“%(value)s” is none of: %(known)s."),
                params={"value": isolated(word), "known": isolated(", ".join(self.choices.values))},
            )
        return word

    def render(self, value, obj=None, **kwargs):
        return value or ""


class LookupWidget(widgets.ForeignKeyWidget):
    """A row by its natural key; an unknown one is an error that names it."""

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        try:
            return self.get_queryset(value, row, **kwargs).get(**{self.field: str(value).strip()})
        except ObjectDoesNotExist:
            raise ValidationError(
                _("There is no %(model)s “%(value)s”."),
                params={"model": self.model._meta.verbose_name, "value": isolated(value)},
            ) from None


def columns(*names: str) -> list[str]:
    """The four language columns of each of `names`."""
    return [f"{name}_{code}" for name in names for code in ("en", "fr", "es", "ar")]


def column(name: str, widget: widgets.Widget) -> fields.Field:
    return fields.Field(column_name=name, attribute=name, widget=widget)


class _Diff(resources.Diff):
    """Old struck, new marked; without the inline styles that our content security policy forbids."""

    def as_html(self):
        cells = []
        for old, new in zip(self.left, self.right, strict=False):
            if old == new or self.new:
                cells.append(escape(new))
            else:
                cells.append(format_html("<del>{}</del> <ins>{}</ins>", old, new))
        return cells


class Sheet(resources.ModelResource):
    """Base of all resources. Subclasses name `model`, `fields` and natural `import_id_fields` in Meta."""

    class Meta:
        abstract = True
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    @classmethod
    def get_diff_class(cls):
        return _Diff

    @classmethod
    def widget_from_django_field(cls, f, default=widgets.Widget):
        found = super().widget_from_django_field(f, default)
        if issubclass(found, widgets.CharWidget):
            return TextWidget
        if issubclass(found, widgets.IntegerWidget):
            return WholeNumberWidget
        if issubclass(found, widgets.BooleanWidget):
            return YesNoWidget
        if issubclass(found, widgets.DateWidget):
            return DayWidget
        return found

    def get_or_init_instance(self, instance_loader, row):
        """A row whose key is refused is looked at as a new one, so that what else is wrong with it is named, too."""
        try:
            return super().get_or_init_instance(instance_loader, row)
        except ValidationError:
            return self.init_instance(row), True

    def import_instance(self, instance, row, **kwargs):
        """Every cell that is refused is named, not only the first."""
        refused = {}
        for field in self.get_import_fields():
            try:
                if not isinstance(field.widget, widgets.ManyToManyWidget):
                    self.import_field(field, instance, row, **kwargs)
                elif field.column_name in row:
                    field.clean(row)  # is set when the row has been saved
            except ValidationError as error:
                refused[field.attribute] = error
        if refused:
            raise ValidationError(refused)

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """An empty cell leaves what is empty as it is, whether the database says NULL or ''."""
        empty = instance.pk and not is_m2m and row.get(field.column_name, "") in (None, "")
        if empty and field.get_value(instance) in (None, ""):
            return
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def before_import(self, dataset, **kwargs):
        unknown = [name for name in dataset.headers or [] if name not in self.get_diff_headers()]
        if unknown:
            raise SheetError(
                _("Unknown columns: %(names)s.") % {"names": isolated(", ".join(str(name) for name in unknown))}
            )

    def save_instance(self, instance, is_create, row, **kwargs):
        """What only the database refuses is a reason of this row, and the rows behind are still looked at."""
        try:
            with transaction.atomic():
                super().save_instance(instance, is_create, row, **kwargs)
        except IntegrityError as error:
            raise ValidationError(refusal(error)) from error


class _Formats:
    """Formats by their names as everybody writes them."""

    def _init_formats(self, formats: Any) -> None:
        super()._init_formats(formats)  # type: ignore[misc]
        field = self.fields["format"]  # type: ignore[attr-defined]
        field.choices = [(value, label.upper()) for value, label in field.choices]


class SheetExportForm(_Formats, ExportForm):
    pass


class SheetImportForm(_Formats, ImportForm):
    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


class SheetAdmin(ImportExportMixin):
    """Mix into a ModelAdmin; set `resource_classes`. Who may add and change may import; who may view, export."""

    formats = [XLSX, CSV]
    import_formats = export_formats = formats
    import_form_class = SheetImportForm
    import_template_name = "admin/spreadsheet_import.html"
    export_form_class = SheetExportForm
    tmp_storage_class = CacheStorage  # shared by all web processes

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        form.add_error(
            "import_file",
            _(
                "The file cannot be read as a table in this format, or has more than %(rows)d rows. "
                "Nothing was imported."
            )
            % {"rows": MAX_ROWS},
        )

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The confirmed import. The file is kept for a day only."""
        form = self.create_confirm_form(request)
        if request.method == "POST" and form.is_valid():
            kept = CacheStorage(name=form.cleaned_data["import_file_name"])
            if form.cleaned_data["format"] not in {"0", "1"} or kept.read() is None:
                messages.error(request, _("The file is no longer at hand. Choose it again."))
                return self._back_to_import()
        return super().process_import(request, **kwargs)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        if result.has_errors() or result.has_validation_errors():
            messages.error(
                request, _("Something changed in the meantime. Nothing was imported; look at the rows again.")
            )
            return self._back_to_import()
        return super().process_result(result, request)

    def _back_to_import(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
