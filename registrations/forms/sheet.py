import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.direction import isolated
from people.spreadsheets import FORMULA, DayWidget
from programme import dates
from programme.reading import language
from programme.texts import HARMFUL
from schedule.models import LANGUAGE_CHOICES, Forum

from ..services import Profile


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("XLSX or CSV, 5 MB and 500 rows at most."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class CellField(forms.CharField):
    """One line of text, and nothing that a spreadsheet program would take for a formula."""

    def clean(self, value):
        text = super().clean(" ".join(HARMFUL.sub(" ", value or "").split()))
        if FORMULA.match(text):
            raise ValidationError(_("This begins as a formula does. Enter the text itself."))
        return text


class CodesField(forms.CharField):
    def clean(self, value):
        known = dict(LANGUAGE_CHOICES)
        codes = list(dict.fromkeys(re.findall(r"[^\s,;/]+", super().clean(value).lower())))
        if wrong := [code for code in codes if code not in known]:
            raise ValidationError(
                _("“%(value)s” is none of: %(known)s."),
                params={"value": isolated(", ".join(wrong)[:100]), "known": isolated(", ".join(known))},
            )
        return tuple(codes)


class DayField(forms.CharField):
    """A day of the forum."""

    first = last = date.min

    def clean(self, value):
        day = DayWidget().clean(super().clean(value))
        if day and not self.first <= day <= self.last:
            days = dates.days(self.first, self.last, language())
            raise ValidationError(_("This is not a day of the forum: %(days)s."), params={"days": days})
        return day


class RowForm(forms.Form):
    """A row of the sheet. The names of the fields are its headings, the help is what the template says of them."""

    honorific = CellField(
        label=_("Form of address"), max_length=40, required=False, help_text=_("H.E. Ms., Mr., Dr. …")
    )
    given_name = CellField(label=_("Given name"), max_length=120, required=False)
    family_name = CellField(
        label=_("Family name"),
        max_length=120,
        help_text=_("As it should stand on the badge; in capitals if that is your usage. A single name goes here."),
    )
    arabic_name = CellField(
        label=_("Name in Arabic"), max_length=200, required=False, help_text=_("Where the person has one.")
    )
    function = CellField(
        label=_("Function"),
        max_length=200,
        help_text=_("Printed as you write it, in the language in which you write it."),
    )
    languages = CodesField(
        label=_("Working languages"),
        max_length=40,
        required=False,
        help_text=_("Any of en, fr, es, ar, with commas between them."),
    )
    needs = forms.CharField(
        label=_("Needs"),
        max_length=2000,
        required=False,
        help_text=_("Access, assistance, diet. Kept encrypted, read only by those who see to it."),
    )
    first_day = DayField(
        label=_("First day"),
        max_length=40,
        required=False,
        help_text=_("Such as 2018-12-05. Empty: from the beginning."),
    )
    last_day = DayField(label=_("Last day"), max_length=40, required=False, help_text=_("Included. Empty: to the end."))

    def __init__(self, *args, forum: Forum, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_day", "last_day"):
            field: DayField = self.fields[name]  # type: ignore[assignment]
            field.first, field.last = forum.starts_on, forum.ends_on

    def clean(self):
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        return data

    def profile(self) -> Profile:
        data = self.cleaned_data
        return Profile(
            family_name=data["family_name"],
            given_name=data["given_name"],
            honorific=data["honorific"],
            arabic_name=data["arabic_name"],
            function=data["function"],
            languages=data["languages"],
            needs=data["needs"],
            starts_on=data["first_day"],
            ends_on=data["last_day"],
        )
