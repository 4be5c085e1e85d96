from django import forms
from django.utils.translation import gettext_lazy as _


class CheckInForm(forms.Form):
    """The code of a badge, scanned or typed; `at` when a telephone kept it for a while."""

    code = forms.CharField(
        label=_("Code of the badge"),
        help_text=_("Twelve signs, beside the square code of the badge."),
        max_length=4300,  # what a QR code can hold: an unknown badge is told so, whatever it says
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "enterkeyhint": "send",
            }
        ),
    )
    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class PlatesForm(forms.Form):
    plates = forms.IntegerField(
        label=_("Plates that are up"),
        min_value=0,
        max_value=999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
